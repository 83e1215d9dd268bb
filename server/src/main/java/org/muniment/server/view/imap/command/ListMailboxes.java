package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.ListPattern;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// LIST (RFC 9051 section 6.3.9) and LSUB (RFC 3501 section 6.3.9): every mailbox is subscribed.
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
    for (Folder folder : folders.all()) {
      if (wanted.matches(folder.name())) {
        write(attributes(folder, folders), folder.name(), session.out());
      }
    }
    return Completion.ok("done");
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
