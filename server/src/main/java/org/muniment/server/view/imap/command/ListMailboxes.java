package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.ListPattern;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// LIST (RFC 9051 section 6.3.9) and LSUB (RFC 3501 section 6.3.9).
///
/// @param subscribed whether this is LSUB
/// @param pattern with the reference before it
record ListMailboxes(boolean subscribed, String pattern) implements Command {

  private static final int MAX_PATTERN = 1000;

  // ABNF: list = "LIST" SP mailbox SP list-mailbox
  static ListMailboxes read(boolean subscribed, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    String reference = in.mailbox();
    in.sp();
    String pattern = in.listMailbox();
    if (reference.length() + pattern.length() > MAX_PATTERN) {
      throw in.expected("at most " + MAX_PATTERN + " characters of reference and pattern");
    }
    return new ListMailboxes(subscribed, pattern.isEmpty() ? "" : reference + pattern);
  }

  @Override
  public Completion run(Session session) throws IOException {
    if (pattern.isEmpty()) {
      write(List.of("\\Noselect"), "", session.out());
      return Completion.ok("done");
    }
    ListPattern wanted = new ListPattern(pattern);
    Folders folders = Folders.of(session.model());
    Set<String> names = subscribed ? subscribed(folders, session.unsubscribed()) : Set.of();
    Set<String> levels = subscribed && pattern.contains("%") ? Folders.levels(names) : Set.of();
    for (Folder folder : folders.all()) {
      String name = folder.name();
      if (wanted.matches(name)) {
        if (!subscribed || names.contains(name)) {
          write(attributes(folder, folders), name, session.out());
        } else if (levels.contains(name)) {
          // With % a level stands for what is subscribed below it.
          write(List.of("\\Noselect"), name, session.out());
        }
      }
    }
    return Completion.ok("done");
  }

  private static Set<String> subscribed(Folders folders, Set<String> unsubscribed) {
    return folders.all().stream()
        .filter(folder -> folder.mailbox() != null)
        .map(Folder::name)
        .filter(name -> !unsubscribed.contains(name))
        .collect(Collectors.toUnmodifiableSet());
  }

  // ABNF: mailbox-list = "(" [mbx-list-flags] ")" SP (DQUOTE QUOTED-CHAR DQUOTE / nil) SP mailbox
  private void write(List<String> attributes, String name, ImapWriter out) throws IOException {
    out.raw(subscribed ? "* LSUB " : "* LIST ").list(attributes).sp();
    out.string(Folders.DELIMITER).sp().mailbox(name).crlf();
  }

  private static List<String> attributes(Folder folder, Folders folders) {
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
