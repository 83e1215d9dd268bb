package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// In which mailboxes to search (RFC 7377 section 2.2, RFC 5465 section 6). Mailboxes that there
/// are not are passed over.
///
/// @param kinds what is meant without a name
/// @param names mailboxes by name
/// @param subtrees names that stand for all mailboxes below them too
/// @param subtreesOne names that stand for those one level below them too
record SearchSources(
    Set<Kind> kinds, Set<String> names, Set<String> subtrees, Set<String> subtreesOne) {

  static final int MAX_NAMES = 500;

  SearchSources {
    kinds = Set.copyOf(kinds);
    names = Set.copyOf(names);
    subtrees = Set.copyOf(subtrees);
    subtreesOne = Set.copyOf(subtreesOne);
  }

  /// Mailboxes without a name.
  enum Kind {
    SELECTED,
    /// Where mail comes in: INBOX.
    INBOXES,
    /// All that are one's own.
    PERSONAL,
    SUBSCRIBED
  }

  // ABNF: source-mbox = filter-mailboxes *(SP filter-mailboxes)
  //       filter-mailboxes = "selected" / "inboxes" / "personal" / "subscribed" /
  //         ("subtree" / "subtree-one" / "mailboxes") SP one-or-more-mailbox
  static SearchSources read(ImapReader in) throws IOException, SyntaxException {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    Set<String> names = new HashSet<>();
    Set<String> subtrees = new HashSet<>();
    Set<String> subtreesOne = new HashSet<>();
    in.expect('(');
    do {
      switch (in.word("which mailboxes")) {
        case "SELECTED" -> kinds.add(Kind.SELECTED);
        case "INBOXES" -> kinds.add(Kind.INBOXES);
        case "PERSONAL" -> kinds.add(Kind.PERSONAL);
        case "SUBSCRIBED" -> kinds.add(Kind.SUBSCRIBED);
        case "MAILBOXES" -> mailboxes(in, names);
        case "SUBTREE" -> mailboxes(in, subtrees);
        case "SUBTREE-ONE" -> mailboxes(in, subtreesOne);
        default ->
            throw in.expected(
                "selected, inboxes, personal, subscribed, mailboxes, subtree or subtree-one");
      }
    } while (in.skip(' '));
    in.expect(')');
    return new SearchSources(kinds, names, subtrees, subtreesOne);
  }

  // ABNF: one-or-more-mailbox = mailbox / "(" mailbox *(SP mailbox) ")"
  private static void mailboxes(ImapReader in, Set<String> names)
      throws IOException, SyntaxException {
    in.sp();
    if (!in.skip('(')) {
      add(in, names);
      return;
    }
    do {
      add(in, names);
    } while (in.skip(' '));
    in.expect(')');
  }

  private static void add(ImapReader in, Set<String> names) throws IOException, SyntaxException {
    names.add(Folders.canonical(in.mailbox()));
    if (names.size() > MAX_NAMES) {
      throw in.expected("at most " + MAX_NAMES + " mailboxes");
    }
  }

  boolean selected() {
    return kinds.contains(Kind.SELECTED);
  }

  boolean isSelectedAlone() {
    return equals(new SearchSources(Set.of(Kind.SELECTED), Set.of(), Set.of(), Set.of()));
  }

  /// Whether to search a mailbox, were it not selected. Costs no more for many names than for one.
  boolean hold(Folder folder, Set<String> subscribed) {
    String name = folder.name();
    return (kinds.contains(Kind.INBOXES) && name.equals(Folders.INBOX))
        || (kinds.contains(Kind.PERSONAL) && Folders.isPersonal(name))
        || (kinds.contains(Kind.SUBSCRIBED) && subscribed.contains(name))
        || names.contains(name)
        || subtrees.contains(name)
        || subtreesOne.contains(name)
        || isBelow(name);
  }

  private boolean isBelow(String name) {
    int end = name.lastIndexOf(Folders.DELIMITER);
    if (end > 0 && subtreesOne.contains(name.substring(0, end))) {
      return true;
    }
    for (; end > 0; end = name.lastIndexOf(Folders.DELIMITER, end - 1)) {
      if (subtrees.contains(name.substring(0, end))) {
        return true;
      }
    }
    return false;
  }
}
