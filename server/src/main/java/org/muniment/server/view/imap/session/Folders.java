package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.text.Normalizer;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.muniment.indexer.catalog.Shown;
import org.muniment.server.access.Relation;
import org.muniment.server.view.AccountView;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.ReadModel;

/// The names that one user sees: their primary account as it is, their other accounts below
/// `Accounts/`, those of others below `Other Users/`.
public final class Folders {

  /// Separates the levels of a name.
  public static final String DELIMITER = "/";

  /// Prefix of the accounts of other people (RFC 2342).
  public static final String OTHER_USERS = "Other Users/";

  private static final String ACCOUNTS = "Accounts/";
  private static final String VIRTUAL = "Virtual/";

  /// Prefix of mailboxes as they were, behind which stands a day.
  private static final String AS_OF = VIRTUAL + "As of/";

  private static final int DATE_LENGTH = "2024-02-29".length();

  /// Where mail comes in (RFC 9051 section 5.1).
  public static final String INBOX = "INBOX";

  /// What stands for a delimiter inside a level: U+2215, DIVISION SLASH.
  private static final char SLASH = '\u2215';

  private static final String NAMELESS = "(no name)";

  private static final Set<String> SPECIAL_USE =
      Set.of(
          "\\All",
          "\\Archive",
          "\\Drafts",
          "\\Flagged",
          "\\Important",
          "\\Junk",
          "\\Sent",
          "\\Trash");

  private final NavigableMap<String, Folder> byName = new TreeMap<>();

  private Folders() {}

  /// Every name.
  public static Folders of(ReadModel model) {
    return of(model, account -> true);
  }

  /// The mailbox of that name, under the name as it is listed.
  public static Optional<Folder> folder(ReadModel model, String name) {
    String canonical = canonical(name);
    return canonical.startsWith(AS_OF) ? asOf(model, canonical) : present(model, canonical);
  }

  // ABNF: as-of = "Virtual/As of/" date "/" mailbox ; date = 4DIGIT "-" 2DIGIT "-" 2DIGIT
  /// A mailbox as it was, which is not listed.
  private static Optional<Folder> asOf(ReadModel model, String name) {
    int end = AS_OF.length() + DATE_LENGTH;
    if (name.length() <= end || name.charAt(end) != '/') {
      return Optional.empty();
    }
    LocalDate date;
    try {
      date = LocalDate.parse(name.substring(AS_OF.length(), end));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
    String then = canonical(name.substring(end + 1));
    return then.startsWith(VIRTUAL)
        ? Optional.empty()
        : present(model, then)
            .map(
                folder ->
                    new Folder(
                        name.substring(0, end + 1) + then, folder.mailbox(), Set.of(), date));
  }

  private static Optional<Folder> present(ReadModel model, String canonical) {
    Folders folders = of(model, account -> mayHold(account, canonical));
    return Optional.ofNullable(folders.byName.get(canonical))
        .filter(folder -> folder.mailbox() != null);
  }

  /// The mailbox of that name as it is now.
  public static Optional<MailboxView> open(ReadModel model, String name, Shown shown)
      throws IOException {
    Optional<Folder> folder = folder(model, name);
    return folder.isPresent() ? open(model, folder.get(), shown) : Optional.empty();
  }

  /// The mailbox as it is now, or as it was; empty for a mere level.
  static Optional<MailboxView> open(ReadModel model, Folder folder, Shown shown)
      throws IOException {
    MailboxSummary mailbox = folder.mailbox();
    LocalDate date = folder.asOf();
    if (mailbox == null) {
      return Optional.empty();
    }
    return date == null || mailbox.equals(EmptyInbox.SUMMARY)
        ? open(model, mailbox, shown)
        : model.pastView(
            mailbox.id(), date.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().minusMillis(1));
  }

  /// A mailbox as it is now.
  static Optional<MailboxView> open(ReadModel model, MailboxSummary mailbox, Shown shown)
      throws IOException {
    if (mailbox.equals(EmptyInbox.SUMMARY)) {
      return Optional.of(new EmptyInbox());
    }
    Optional<MailboxView> source = model.mailbox(mailbox.id(), shown);
    return source.isPresent() ? source : model.virtualMailbox(mailbox.id());
  }

  private static Folders of(ReadModel model, Predicate<AccountView> wanted) {
    Folders folders = new Folders();
    model.accounts().stream()
        .filter(wanted)
        .forEach(account -> folders.add(account, model.mailboxes(account.name())));
    folders.addVirtual(model.virtualMailboxes());
    folders.byName.putIfAbsent(INBOX, new Folder(INBOX, EmptyInbox.SUMMARY, Set.of()));
    folders.addLevels();
    return folders;
  }

  /// All names in order.
  public Collection<Folder> all() {
    return byName.values();
  }

  /// The names of mailboxes, without those that the user has unsubscribed.
  public Set<String> subscribed(Set<String> unsubscribed) {
    return byName.values().stream()
        .filter(folder -> folder.mailbox() != null)
        .map(Folder::name)
        .filter(name -> !unsubscribed.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Whether any name stands below this one.
  public boolean hasChildren(Folder folder) {
    String below = folder.name() + DELIMITER;
    String next = byName.ceilingKey(below);
    return next != null && next.startsWith(below);
  }

  private static boolean mayHold(AccountView account, String name) {
    return account.relation() == Relation.PRIMARY || name.startsWith(prefix(account));
  }

  private static String prefix(AccountView account) {
    return switch (account.relation()) {
      case PRIMARY -> "";
      case OWN -> ACCOUNTS + account.name() + DELIMITER;
      case OTHER -> OTHER_USERS + account.name() + DELIMITER;
    };
  }

  private void add(AccountView account, List<MailboxSummary> mailboxes) {
    boolean primary = account.relation() == Relation.PRIMARY;
    // Of mailboxes with the same name the oldest keeps it: UIDVALIDITY rises.
    mailboxes.stream()
        .sorted(
            Comparator.comparingLong((MailboxSummary mailbox) -> mailbox.uidValidity().value())
                .thenComparing(MailboxSummary::id))
        .forEach(mailbox -> add(prefix(account) + name(mailbox, primary), mailbox, primary));
  }

  private void add(String name, MailboxSummary mailbox, boolean primary) {
    add(name, mailbox, primary ? specialUse(mailbox) : Set.of());
  }

  private void add(String name, MailboxSummary mailbox, Set<String> specialUse) {
    String free = byName.containsKey(name) ? name + " (" + mailbox.id() + ")" : name;
    byName.put(free, new Folder(free, mailbox, specialUse));
  }

  /// There is no second `\All` where the source has one.
  private void addVirtual(List<MailboxSummary> mailboxes) {
    Set<String> taken = new HashSet<>();
    byName.values().forEach(folder -> taken.addAll(folder.specialUse()));
    for (MailboxSummary mailbox : mailboxes) {
      Set<String> specialUse = new HashSet<>(specialUse(mailbox));
      specialUse.removeAll(taken);
      add(name(mailbox, /* primary= */ false), mailbox, specialUse);
    }
  }

  private static String name(MailboxSummary mailbox, boolean primary) {
    String name =
        mailbox.path().stream().map(Folders::level).collect(Collectors.joining(DELIMITER));
    return primary ? personal(name) : name;
  }

  private static String level(String name) {
    return name.isEmpty()
        ? NAMELESS
        : Normalizer.normalize(name, Normalizer.Form.NFC).replace('/', SLASH);
  }

  /// Keeps names of the primary account out of the namespaces.
  private static String personal(String name) {
    String below = name + DELIMITER;
    for (String reserved : List.of(ACCOUNTS, OTHER_USERS, VIRTUAL)) {
      if (below.startsWith(reserved)) {
        int end = reserved.length() - 1;
        return name.substring(0, end) + " (2)" + name.substring(end);
      }
    }
    return canonical(name);
  }

  /// Whether a name is of the personal namespace (RFC 2342).
  public static boolean isPersonal(String name) {
    return !name.startsWith(OTHER_USERS) && !name.startsWith(VIRTUAL);
  }

  /// A name as it is listed: in Unicode's form NFC (RFC 5198 section 2); INBOX, alone or as the
  /// first level, is written in upper case (RFC 9051 section 5.1).
  public static String canonical(String given) {
    String name = Normalizer.normalize(given, Normalizer.Form.NFC);
    int end = name.indexOf('/');
    String first = end < 0 ? name : name.substring(0, end);
    return isInbox(first) ? INBOX + name.substring(INBOX.length()) : name;
  }

  /// Compares in US-ASCII alone: a dotless i is another letter.
  private static boolean isInbox(String name) {
    return name.equalsIgnoreCase(INBOX) && name.chars().allMatch(c -> c <= 'z');
  }

  private static Set<String> specialUse(MailboxSummary mailbox) {
    return mailbox.attributes().stream()
        .filter(SPECIAL_USE::contains)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// Every level above any of some names.
  public static Set<String> levels(Collection<String> names) {
    Set<String> levels = new TreeSet<>();
    for (String name : names) {
      for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
        levels.add(name.substring(0, end));
      }
    }
    return levels;
  }

  private void addLevels() {
    levels(byName.keySet())
        .forEach(level -> byName.putIfAbsent(level, new Folder(level, null, Set.of())));
  }
}
