package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModel;
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

  /// So many messages are looked at for the first unseen one; beyond them nothing is said, which
  /// RFC 3501 section 6.3.1 allows.
  private static final int MAX_UNSEEN = 10 * MailboxView.MAX_ROWS;

  // ABNF: select = "SELECT" SP mailbox ; examine = "EXAMINE" SP mailbox
  static Select read(boolean examine, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    return new Select(examine, in.mailbox());
  }

  @Override
  public Completion run(Session session) throws IOException {
    session.unselect();
    ReadModel model = session.model();
    Optional<MailboxView> view =
        Folders.find(model, name).flatMap(mailbox -> model.mailbox(mailbox.id()));
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
    int unseen = mailbox.unseen() == 0 ? 0 : firstUnseen(view);
    if (unseen > 0) {
      out.raw("* OK [UNSEEN ").number(unseen).raw("] first unseen").crlf();
    }
    out.raw("* OK [PERMANENTFLAGS ()] no flag can be changed").crlf();
    out.raw("* OK [UIDVALIDITY ").number(mailbox.uidValidity().value()).raw("] for ever").crlf();
    out.raw("* OK [UIDNEXT ").number(mailbox.uidNext()).raw("] next").crlf();
  }

  /// Number of the first message without \Seen, 0 when it is not among those looked at.
  private static int firstUnseen(MailboxView view) throws IOException {
    int end = Math.min(view.exists(), MAX_UNSEEN);
    for (int from = 1; from <= end; from += MailboxView.MAX_ROWS) {
      List<MessageRow> rows =
          view.rows(from, Math.min(end, from + MailboxView.MAX_ROWS - 1), false);
      for (MessageRow row : rows) {
        if (!row.flags().contains("\\Seen")) {
          return row.sequence();
        }
      }
    }
    return 0;
  }
}
