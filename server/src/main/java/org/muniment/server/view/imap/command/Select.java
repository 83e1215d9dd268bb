package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SELECT (RFC 9051 section 6.3.2) and EXAMINE (section 6.3.3). Both give a read-only mailbox.
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
    Optional<MailboxView> view = Folders.open(session.model(), name);
    if (view.isEmpty()) {
      return Completion.noMailbox();
    }
    session.select(view.get()).writeFlags(session.out());
    write(view.get(), session.out());
    return Completion.ok("READ-ONLY", examine ? "examined" : "selected");
  }

  private static void write(MailboxView view, ImapWriter out) throws IOException {
    MailboxSummary mailbox = view.summary();
    out.raw("* ").number(view.exists()).raw(" EXISTS").crlf();
    out.raw("* 0 RECENT").crlf();
    OptionalInt unseen = view.firstUnseen();
    if (unseen.isPresent()) {
      out.raw("* OK [UNSEEN ").number(unseen.getAsInt()).raw("] first unseen").crlf();
    }
    out.raw("* OK [PERMANENTFLAGS ()] no flag can be changed").crlf();
    out.raw("* OK [UIDVALIDITY ").number(mailbox.uidValidity().value()).raw("] for ever").crlf();
    out.raw("* OK [UIDNEXT ").number(mailbox.uidNext()).raw("] next").crlf();
  }
}
