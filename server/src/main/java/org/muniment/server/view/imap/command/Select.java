package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.message.ObjectIds;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SELECT (RFC 9051 section 6.3.2) and EXAMINE (section 6.3.3). What can be changed is `\Seen`,
/// which is the user's own; EXAMINE changes nothing.
///
/// @param examine whether this is EXAMINE
record Select(boolean examine, String name) implements Command {

  // ABNF: select = "SELECT" SP mailbox ; examine = "EXAMINE" SP mailbox
  static Select read(boolean examine, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    return new Select(examine, in.mailbox());
  }

  @Override
  public Completion run(Session session) throws IOException {
    session.unselect();
    Optional<Folder> folder = Folders.folder(session.model(), name);
    Optional<MailboxView> view = folder.flatMap(session::open);
    if (view.isEmpty()) {
      return Completion.noMailbox();
    }
    Selected selected = session.select(folder.get().name(), view.get(), !examine);
    selected.writeFlags(session.out());
    write(selected, session.out());
    return Completion.ok(
        selected.isWritable() ? "READ-WRITE" : "READ-ONLY", examine ? "examined" : "selected");
  }

  private static void write(Selected selected, ImapWriter out) throws IOException {
    MailboxView view = selected.view();
    MailboxSummary mailbox = view.summary();
    out.raw("* ").number(view.exists()).raw(" EXISTS").crlf();
    out.raw("* 0 RECENT").crlf();
    OptionalInt unseen = view.firstUnseen(1);
    if (unseen.isPresent()) {
      out.raw("* OK [UNSEEN ").number(unseen.getAsInt()).raw("] first unseen").crlf();
    }
    out.raw(
            selected.isWritable()
                ? "* OK [PERMANENTFLAGS (\\Seen)] yours alone"
                : "* OK [PERMANENTFLAGS ()] no flag can be changed")
        .crlf();
    out.raw("* OK [UIDVALIDITY ").number(mailbox.uidValidity().value()).raw("] for ever").crlf();
    out.raw("* OK [UIDNEXT ").number(mailbox.uidNext()).raw("] next").crlf();
    // RFC 8474 section 4.2
    out.raw("* OK [MAILBOXID (").raw(ObjectIds.mailbox(mailbox)).raw(")] its id").crlf();
  }
}
