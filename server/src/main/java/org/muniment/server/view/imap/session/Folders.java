package org.muniment.server.view.imap.session;

import java.util.Collection;
import java.util.Comparator;
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

  /// The mailbox of that name; INBOX in any case of letters.
  public static Optional<MailboxSummary> find(ReadModel model, String name) {
    return folder(model, name).map(Folder::mailbox);
  }

  /// The mailbox of that name, under the name as it is listed.
  public static Optional<Folder> folder(ReadModel model, String name) {
    String canonical = canonical(name);
    Folders folders = of(model, account -> mayHold(account, canonical));
    return Optional.ofNullable(folders.byName.get(canonical))
        .filter(folder -> folder.mailbox() != null);
  }

  /// The mailbox of that name as it is now.
  public static Optional<MailboxView> open(ReadModel model, String name, Shown shown) {
    return find(model, name).flatMap(mailbox -> open(model, mailbox, shown));
  }

  /// A mailbox as it is now.
  static Optional<MailboxView> open(ReadModel model, MailboxSummary mailbox, Shown shown) {
    return mailbox.equals(EmptyInbox.SUMMARY)
        ? Optional.of(new EmptyInbox())
        : model.mailbox(mailbox.id(), shown);
  }

  private static Folders of(ReadModel model, Predicate<AccountView> wanted) {
    Folders folders = new Folders();
    model.accounts().stream()
        .filter(wanted)
        .forEach(account -> folders.add(account, model.mailboxes(account.name())));
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
    String free = byName.containsKey(name) ? name + " (" + mailbox.id() + ")" : name;
    byName.put(free, new Folder(free, mailbox, primary ? specialUse(mailbox) : Set.of()));
  }

  private static String name(MailboxSummary mailbox, boolean primary) {
    String name =
        mailbox.path().stream().map(Folders::level).collect(Collectors.joining(DELIMITER));
    return primary ? personal(name) : name;
  }

  private static String level(String name) {
    return name.isEmpty() ? NAMELESS : name.replace('/', SLASH);
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

  /// A name as it is listed: INBOX, alone or as the first level, is written in upper case (RFC 9051
  /// section 5.1).
  public static String canonical(String name) {
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
