package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.ListPattern;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// LSUB (RFC 3501 section 6.3.9): the mailboxes that the user is subscribed to.
///
/// @param pattern with the reference before it
record Lsub(String pattern) implements Command {

  // ABNF: lsub = "LSUB" SP mailbox SP list-mailbox
  static Lsub read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    String reference = in.mailbox();
    in.sp();
    String pattern = in.listMailbox();
    return new Lsub(
        pattern.isEmpty()
            ? ""
            : ListMailboxes.checked(reference, pattern, ListMailboxes.MAX_PATTERN, in));
  }

  @Override
  public Completion run(Session session) throws IOException {
    if (pattern.isEmpty()) {
      write(List.of("\\Noselect"), "", session.out());
      return Completion.ok("done");
    }
    ListPattern wanted = new ListPattern(pattern);
    Folders folders = Folders.of(session.model());
    Set<String> names = folders.subscribed(session.unsubscribed());
    // With % a level stands for what is subscribed below it.
    Set<String> levels = pattern.contains("%") ? Folders.levels(names) : Set.of();
    for (Folder folder : folders.all()) {
      String name = folder.name();
      if (wanted.matches(name) && names.contains(name)) {
        write(ListMailboxes.attributes(folder, folders), name, session.out());
      } else if (wanted.matches(name) && levels.contains(name)) {
        write(List.of("\\Noselect"), name, session.out());
      }
    }
    return Completion.ok("done");
  }

  private static void write(List<String> attributes, String name, ImapWriter out)
      throws IOException {
    out.raw("* LSUB ").list(attributes).sp().string(Folders.DELIMITER).sp().mailbox(name).crlf();
  }
}
