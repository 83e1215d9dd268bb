package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.ListPattern;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// LIST (RFC 9051 section 6.3.9), with LIST-EXTENDED (RFC 5258), SPECIAL-USE (RFC 6154) and
/// LIST-STATUS (RFC 5819).
///
/// @param only which mailboxes to list
/// @param patterns each with the reference before it; one that is empty asks for the root
/// @param also what to tell of them besides
/// @param status what else to tell of those that can be selected, empty for nothing
record ListMailboxes(
    Set<Selection> only, List<String> patterns, Set<Return> also, List<Status.Item> status)
    implements Command {

  static final int MAX_PATTERN = 1000;

  ListMailboxes {
    only = Set.copyOf(only);
    patterns = List.copyOf(patterns);
    also = Set.copyOf(also);
    status = List.copyOf(status);
  }

  // ABNF: list-select-opt, RFC 5258 section 6
  enum Selection {
    SUBSCRIBED,
    /// There are no mailboxes of other servers.
    REMOTE,
    /// Also those above one that is listed.
    RECURSIVEMATCH,
    SPECIAL_USE;
  }

  // ABNF: return-option, without STATUS
  enum Return {
    SUBSCRIBED,
    /// They are told of always.
    CHILDREN,
    /// They are told of always.
    SPECIAL_USE;
  }

  // ABNF: list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]
  static ListMailboxes read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    Set<Selection> only = EnumSet.noneOf(Selection.class);
    if (in.at('(')) {
      only = selection(in);
      in.sp();
    }
    String reference = in.mailbox();
    in.sp();
    List<String> patterns = patterns(reference, in);
    Set<Return> also = EnumSet.noneOf(Return.class);
    List<Status.Item> status = new ArrayList<>();
    if (in.skip(' ')) {
      if (!in.skipWord("RETURN")) {
        throw in.expected("RETURN");
      }
      in.sp();
      returned(in, also, status);
    }
    return new ListMailboxes(only, patterns, also, status);
  }

  private static Set<Selection> selection(ImapReader in) throws IOException, SyntaxException {
    Set<Selection> only = EnumSet.noneOf(Selection.class);
    in.expect('(');
    for (boolean first = true; !in.skip(')'); first = false) {
      if (!first) {
        in.sp();
      }
      only.add(
          switch (in.word("a selection option")) {
            case "SUBSCRIBED" -> Selection.SUBSCRIBED;
            case "REMOTE" -> Selection.REMOTE;
            case "RECURSIVEMATCH" -> Selection.RECURSIVEMATCH;
            case "SPECIAL-USE" -> Selection.SPECIAL_USE;
            default -> throw in.expected("SUBSCRIBED, REMOTE, RECURSIVEMATCH or SPECIAL-USE");
          });
    }
    if (only.contains(Selection.RECURSIVEMATCH)
        && !only.contains(Selection.SUBSCRIBED)
        && !only.contains(Selection.SPECIAL_USE)) {
      throw in.expected("RECURSIVEMATCH beside SUBSCRIBED or SPECIAL-USE");
    }
    return only;
  }

  // ABNF: mbox-or-pat = list-mailbox / patterns
  //       patterns = "(" list-mailbox *(SP list-mailbox) ")"
  private static List<String> patterns(String reference, ImapReader in)
      throws IOException, SyntaxException {
    if (!in.skip('(')) {
      String pattern = in.listMailbox();
      return List.of(pattern.isEmpty() ? "" : checked(reference, pattern, MAX_PATTERN, in));
    }
    List<String> patterns = new ArrayList<>();
    int left = MAX_PATTERN;
    do {
      String pattern = checked(reference, in.listMailbox(), left, in);
      left -= pattern.length();
      patterns.add(pattern);
    } while (in.skip(' '));
    in.expect(')');
    return patterns;
  }

  static String checked(String reference, String pattern, int most, ImapReader in)
      throws SyntaxException {
    if (reference.length() + pattern.length() > most) {
      throw in.expected("at most " + MAX_PATTERN + " characters of reference and patterns");
    }
    return Normalizer.normalize(reference + pattern, Normalizer.Form.NFC);
  }

  // ABNF: list-return-opts = "RETURN" SP "(" [return-option *(SP return-option)] ")"
  private static void returned(ImapReader in, Set<Return> also, List<Status.Item> status)
      throws IOException, SyntaxException {
    in.expect('(');
    for (boolean first = true; !in.skip(')'); first = false) {
      if (!first) {
        in.sp();
      }
      switch (in.word("a return option")) {
        case "SUBSCRIBED" -> also.add(Return.SUBSCRIBED);
        case "CHILDREN" -> also.add(Return.CHILDREN);
        case "SPECIAL-USE" -> also.add(Return.SPECIAL_USE);
        case "STATUS" -> {
          in.sp();
          status.addAll(Status.items(in));
        }
        default -> throw in.expected("SUBSCRIBED, CHILDREN, SPECIAL-USE or STATUS");
      }
    }
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    Status.enable(status, session);
    if (patterns.equals(List.of(""))) {
      write(List.of("\\Noselect"), "", session.out());
      session.out().crlf();
      return Completion.ok("done");
    }
    List<ListPattern> wanted = patterns.stream().map(ListPattern::new).toList();
    Folders folders = Folders.of(session.model());
    Set<String> subscribed = subscribed(folders, session);
    Set<String> chosen =
        folders.all().stream()
            .filter(folder -> isChosen(folder, subscribed))
            .map(Folder::name)
            .collect(Collectors.toUnmodifiableSet());
    Set<String> above = only.contains(Selection.RECURSIVEMATCH) ? Folders.levels(chosen) : Set.of();
    for (Folder folder : folders.all()) {
      String name = folder.name();
      if ((chosen.contains(name) || above.contains(name))
          && wanted.stream().anyMatch(pattern -> pattern.matches(name))) {
        write(folder, folders, subscribed, above.contains(name), session);
      }
    }
    return Completion.ok("done");
  }

  private Set<String> subscribed(Folders folders, Session session) {
    return only.contains(Selection.SUBSCRIBED) || also.contains(Return.SUBSCRIBED)
        ? folders.subscribed(session.unsubscribed())
        : Set.of();
  }

  private boolean isChosen(Folder folder, Set<String> subscribed) {
    return (!only.contains(Selection.SUBSCRIBED) || subscribed.contains(folder.name()))
        && (!only.contains(Selection.SPECIAL_USE) || !folder.specialUse().isEmpty());
  }

  private void write(
      Folder folder, Folders folders, Set<String> subscribed, boolean above, Session session)
      throws IOException {
    List<String> attributes = attributes(folder, folders);
    if (subscribed.contains(folder.name())) {
      attributes.add("\\Subscribed");
    }
    ImapWriter out = session.out();
    write(attributes, folder.name(), out);
    if (above && only.contains(Selection.SUBSCRIBED)) {
      out.raw(" (\"CHILDINFO\" (\"SUBSCRIBED\"))");
    }
    out.crlf();
    if (!status.isEmpty() && folder.mailbox() != null) {
      Optional<MailboxView> view = session.open(folder.mailbox());
      if (view.isPresent()) {
        Status.write(folder.name(), view.get(), status, out);
      }
    }
  }

  // ABNF: mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox
  //                      [SP mbox-list-extended]
  /// Writes what LIST tells of a mailbox, but for the end of the line.
  static void write(Collection<String> attributes, String name, ImapWriter out) throws IOException {
    out.raw("* LIST ").list(attributes).sp().string(Folders.DELIMITER).sp().mailbox(name);
  }

  static List<String> attributes(Folder folder, Folders folders) {
    List<String> attributes = new ArrayList<>();
    if (folder.mailbox() == null) {
      attributes.add("\\NonExistent");
      attributes.add("\\Noselect");
    }
    attributes.add(folders.hasChildren(folder) ? "\\HasChildren" : "\\HasNoChildren");
    attributes.addAll(new TreeSet<>(folder.specialUse()));
    return attributes;
  }
}
