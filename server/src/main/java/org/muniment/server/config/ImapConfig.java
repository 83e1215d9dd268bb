package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The listeners of the IMAP view.
///
/// @param bind address or name of the interface to listen on
/// @param port of IMAP with STARTTLS, 0 to 65535; 0 takes any free one
/// @param imapsPort of IMAP inside TLS (RFC 8314), 0 to 65535; 0 takes any free one
/// @param tls the certificate to show, null for one that is made
/// @param maxSessions most sessions at once, at least 1
/// @param userFlags which flags each user keeps for themselves
/// @param gone what becomes of messages that are gone at the source
/// @param perUser what one user may take
/// @param searchAttachments whether SEARCH looks through what was read of attachments
public record ImapConfig(
    String bind,
    int port,
    int imapsPort,
    @Nullable TlsConfig tls,
    int maxSessions,
    UserFlags userFlags,
    Gone gone,
    boolean searchAttachments,
    PerUser perUser) {

  /// On 127.0.0.1 only.
  public static final ImapConfig DEFAULT =
      new ImapConfig("127.0.0.1", 1143, 1993, null, 5000, UserFlags.SEEN, Gone.SHOW, true);

  /// One with [PerUser#DEFAULT].
  public ImapConfig(
      String bind,
      int port,
      int imapsPort,
      @Nullable TlsConfig tls,
      int maxSessions,
      UserFlags userFlags,
      Gone gone,
      boolean searchAttachments) {
    this(
        bind,
        port,
        imapsPort,
        tls,
        maxSessions,
        userFlags,
        gone,
        searchAttachments,
        PerUser.DEFAULT);
  }

  /// What one user may take, with all their clients.
  ///
  /// @param maxSessions most sessions at once, at least 1
  /// @param bytesPerSecond most octets a second that are sent, without those of TLS; 0 for any
  ///   number
  public record PerUser(int maxSessions, long bytesPerSecond) {

    /// As many sessions as many clients of one person open, at any speed.
    public static final PerUser DEFAULT = new PerUser(200, 0);

    /// @throws BadValueException when a value is not allowed
    public PerUser {
      if (maxSessions < 1) {
        throw new BadValueException(
            "perUser.maxSessions", maxSessions + " is not allowed: at least 1 is");
      }
      if (bytesPerSecond < 0) {
        throw new BadValueException(
            "perUser.bytesPerSecond", bytesPerSecond + " is not allowed: at least 0 is");
      }
    }

    @JsonCreator
    static PerUser of(
        @JsonProperty("maxSessions") @Nullable Integer maxSessions,
        @JsonProperty("bytesPerSecond") @Nullable Long bytesPerSecond) {
      return new PerUser(
          maxSessions == null ? DEFAULT.maxSessions() : maxSessions,
          bytesPerSecond == null ? DEFAULT.bytesPerSecond() : bytesPerSecond);
    }
  }

  /// Flags that are each user's own.
  public enum UserFlags {
    /// `\Seen`.
    SEEN,
    /// None: all see the flags that were captured, and nobody changes any.
    NONE;

    private static UserFlags of(@Nullable String written) {
      return switch (written) {
        case null -> DEFAULT.userFlags();
        case "seen" -> SEEN;
        case "none" -> NONE;
        default ->
            throw new BadValueException(
                "userFlags", "\"" + written + "\" is not allowed: expected seen or none");
      };
    }
  }

  /// Messages that are gone at the source, and have not moved inside the account.
  public enum Gone {
    /// They stay, with the keyword `$Gone`.
    SHOW,
    /// They leave.
    HIDE;

    private static Gone of(@Nullable String written) {
      return switch (written) {
        case null -> DEFAULT.gone();
        case "show" -> SHOW;
        case "hide" -> HIDE;
        default ->
            throw new BadValueException(
                "gone", "\"" + written + "\" is not allowed: expected show or hide");
      };
    }
  }

  /// @throws BadValueException when a value is not allowed
  public ImapConfig {
    if (bind.isBlank()) {
      throw new BadValueException("bind", "must not be empty");
    }
    checkPort("port", port);
    checkPort("imapsPort", imapsPort);
    if (port != 0 && port == imapsPort) {
      throw new BadValueException("imapsPort", port + " is the port: without TLS already");
    }
    if (maxSessions < 1) {
      throw new BadValueException("maxSessions", maxSessions + " is not allowed: at least 1 is");
    }
  }

  private static void checkPort(String key, int port) {
    if (port != 0) {
      BadValueException.port(key, port);
    }
  }

  @JsonCreator
  static ImapConfig of(
      @JsonProperty("bind") @Nullable String bind,
      @JsonProperty("port") @Nullable Integer port,
      @JsonProperty("imapsPort") @Nullable Integer imapsPort,
      @JsonProperty("tls") @Nullable TlsConfig tls,
      @JsonProperty("maxSessions") @Nullable Integer maxSessions,
      @JsonProperty("userFlags") @Nullable String userFlags,
      @JsonProperty("gone") @Nullable String gone,
      @JsonProperty("searchAttachments") @Nullable Boolean searchAttachments,
      @JsonProperty("perUser") @Nullable PerUser perUser) {
    return new ImapConfig(
        bind == null ? DEFAULT.bind() : bind,
        port == null ? DEFAULT.port() : port,
        imapsPort == null ? imapsPort(port) : imapsPort,
        tls,
        maxSessions == null ? DEFAULT.maxSessions() : maxSessions,
        UserFlags.of(userFlags),
        Gone.of(gone),
        searchAttachments == null ? DEFAULT.searchAttachments() : searchAttachments,
        perUser == null ? PerUser.DEFAULT : perUser);
  }

  /// Whoever takes any free port for the one takes any for the other.
  private static int imapsPort(@Nullable Integer port) {
    return port != null && port == 0 ? 0 : DEFAULT.imapsPort();
  }

  ImapConfig in(Path folder) {
    return new ImapConfig(
        bind,
        port,
        imapsPort,
        tls == null ? null : tls.in(folder),
        maxSessions,
        userFlags,
        gone,
        searchAttachments,
        perUser);
  }
}
