package org.muniment.server.config;

import static com.fasterxml.jackson.annotation.JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.DataSize;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;

/// An account of config.yml: what is captured from where, how often, and who sees it.
///
/// @param name its identity in the archive
/// @param title what people call it
/// @param owners users who see it
/// @param primary whether it is the personal namespace of its owners
/// @param source where its mail comes from
/// @param folders which mailboxes are captured
/// @param schedule Quartz cron expression
/// @param maxMessageSize octets of the largest message that is captured; a larger one is reported
/// @param deleteAtSource that mail is deleted at the source, and when; null for never
/// @param idle mailboxes of an IMAP server that are watched, so that what changes there is captured
///   at once; at most [#MAX_IDLE]
/// @param limits how much of its server it takes
public record AccountConfig(
    AccountName name,
    String title,
    Set<String> owners,
    boolean primary,
    SourceConfig source,
    Folders folders,
    String schedule,
    long maxMessageSize,
    @Nullable DeleteAtSource deleteAtSource,
    List<String> idle,
    AccountLimits limits) {

  /// Each takes a connection of its own.
  public static final int MAX_IDLE = 5;

  private static final List<String> IDLE_BY_DEFAULT = List.of("INBOX");

  /// Every 15 minutes.
  public static final String DEFAULT_SCHEDULE = "0 0/15 * * * ?";

  /// 2 GiB.
  public static final long DEFAULT_MAX_MESSAGE_SIZE = 2L << 30;

  /// The largest offset in a message that IMAP can say (RFC 9051 section 9, `number`).
  public static final long MAX_MESSAGE_SIZE = 0xFFFF_FFFFL;

  /// @throws BadValueException when a value is not allowed
  public AccountConfig {
    owners = Set.copyOf(owners);
    if (title.isBlank()) {
      throw new BadValueException("title", "must not be empty");
    }
    for (String owner : owners) {
      if (!AccountName.isValid(owner)) {
        throw new BadValueException(
            "owner", "\"" + owner + "\" is no user name: 1 to 128 characters of a-z 0-9 . _ @ + -");
      }
    }
    BadValueException.cron("schedule", schedule, DEFAULT_SCHEDULE, "every 15 minutes");
    if (maxMessageSize < 1 || maxMessageSize > MAX_MESSAGE_SIZE) {
      throw new BadValueException("maxMessageSize", "must be 1 to " + MAX_MESSAGE_SIZE + " octets");
    }
    idle = List.copyOf(idle);
    if (idle.size() > MAX_IDLE) {
      throw new BadValueException(
          "idle", "names %d mailboxes: at most %d are watched".formatted(idle.size(), MAX_IDLE));
    }
    if (!idle.isEmpty() && source instanceof SourceConfig.Pop3) {
      throw new BadValueException("idle", "means nothing with type: pop3");
    }
    if (deleteAtSource != null && folders.shared()) {
      throw new BadValueException(
          "deleteAtSource", "cannot be with folders.shared: it would delete the mail of others");
    }
  }

  /// One from which nothing is deleted, of which nothing is watched, and without limits.
  public AccountConfig(
      AccountName name,
      String title,
      Set<String> owners,
      boolean primary,
      SourceConfig source,
      Folders folders,
      String schedule,
      long maxMessageSize) {
    this(
        name,
        title,
        owners,
        primary,
        source,
        folders,
        schedule,
        maxMessageSize,
        null,
        List.of(),
        AccountLimits.NONE);
  }

  /// The account, in which mail is deleted at the source.
  public AccountConfig deleting(DeleteAtSource deletion) {
    return with(source, deletion, idle, limits);
  }

  /// The account, of which mailboxes are watched.
  public AccountConfig watching(List<String> mailboxes) {
    return with(source, deleteAtSource, mailboxes, limits);
  }

  /// The account, which takes no more of its server than this.
  public AccountConfig within(AccountLimits bounds) {
    return with(source, deleteAtSource, idle, bounds);
  }

  private AccountConfig with(
      SourceConfig from,
      @Nullable DeleteAtSource deletion,
      List<String> watched,
      AccountLimits bounds) {
    return new AccountConfig(
        name,
        title,
        owners,
        primary,
        from,
        folders,
        schedule,
        maxMessageSize,
        deletion,
        watched,
        bounds);
  }

  @JsonCreator
  static AccountConfig of(
      @JsonProperty("name") @Nullable String name,
      @JsonProperty("title") @Nullable String title,
      @JsonProperty("owner") @JsonFormat(with = ACCEPT_SINGLE_VALUE_AS_ARRAY)
          @Nullable Set<String> owners,
      @JsonProperty("primary") boolean primary,
      @JsonProperty("source") @Nullable SourceConfig source,
      @JsonProperty("folders") @Nullable Folders folders,
      @JsonProperty("schedule") @Nullable String schedule,
      @JsonProperty("maxMessageSize") @Nullable String maxMessageSize,
      @JsonProperty("deleteAtSource") @Nullable DeleteAtSource deleteAtSource,
      @JsonProperty("idle") @JsonFormat(with = ACCEPT_SINGLE_VALUE_AS_ARRAY)
          @Nullable List<String> idle,
      @JsonProperty("limits") @Nullable AccountLimits limits) {
    AccountName account = accountName(name);
    SourceConfig from = BadValueException.required("source", source);
    return new AccountConfig(
        account,
        title == null ? account.value() : title,
        owners == null ? Set.of(account.value()) : owners,
        primary,
        from,
        folders == null ? Folders.ALL : folders,
        schedule == null ? DEFAULT_SCHEDULE : schedule,
        maxMessageSize == null ? DEFAULT_MAX_MESSAGE_SIZE : octets(maxMessageSize),
        deleteAtSource,
        idle == null ? List.of() : watched(idle),
        (limits == null ? AccountLimits.UNWRITTEN : limits).at(from));
  }

  /// `true`, `false`, or mailboxes.
  private static List<String> watched(List<String> idle) {
    if (idle.size() != 1) {
      return idle;
    }
    return switch (idle.getFirst()) {
      case "true" -> IDLE_BY_DEFAULT;
      case "false" -> List.of();
      default -> idle;
    };
  }

  /// The account with relative paths below `folder`.
  AccountConfig in(Path folder) {
    return with(source.in(folder), deleteAtSource, idle, limits);
  }

  private static long octets(String size) {
    try {
      return DataSize.parse(size).toBytes();
    } catch (IllegalArgumentException e) {
      throw new BadValueException(
          "maxMessageSize", "\"" + size + "\" is no size: one is written 100MiB or 2GiB");
    }
  }

  /// @throws BadValueException when `name` is no account name
  static AccountName accountName(@Nullable String name) {
    String value = BadValueException.required("name", name);
    if (!AccountName.isValid(value)) {
      throw new BadValueException(
          "name", "\"" + value + "\" is no account name: 1 to 128 characters of a-z 0-9 . _ @ + -");
    }
    return new AccountName(value);
  }

  /// Which mailboxes are captured: those that match an include pattern and no exclude pattern. `*`
  /// stands for any characters.
  ///
  /// @param journal patterns of mailboxes to which journal reports come
  /// @param shared whether mailboxes in the namespaces of other users and in shared ones are looked
  ///   for, too
  public record Folders(
      List<String> include, List<String> exclude, List<String> journal, boolean shared) {
    /// Everything that is the user's own.
    public static final Folders ALL = new Folders(List.of("*"), List.of());

    public Folders {
      include = List.copyOf(include);
      exclude = List.copyOf(exclude);
      journal = List.copyOf(journal);
    }

    /// Without journal mailboxes.
    public Folders(List<String> include, List<String> exclude) {
      this(include, exclude, List.of());
    }

    /// Without what others share.
    public Folders(List<String> include, List<String> exclude, List<String> journal) {
      this(include, exclude, journal, false);
    }

    @JsonCreator
    static Folders of(
        @JsonProperty("include") @Nullable List<String> include,
        @JsonProperty("exclude") @Nullable List<String> exclude,
        @JsonProperty("journal") @Nullable List<String> journal,
        @JsonProperty("shared") boolean shared) {
      return new Folders(
          include == null ? ALL.include() : include,
          exclude == null ? ALL.exclude() : exclude,
          journal == null ? ALL.journal() : journal,
          shared);
    }
  }
}
