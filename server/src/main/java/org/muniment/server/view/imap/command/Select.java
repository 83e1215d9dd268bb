package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.message.ObjectIds;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Extension;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.session.State;
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
    if (session.state() == State.SELECTED) {
      session.out().raw("* OK [CLOSED] the former mailbox").crlf();
    }
    session.unselect();
    Optional<Folder> folder = Folders.folder(session.model(), name);
    Optional<MailboxView> view = folder.flatMap(session::open);
    if (view.isEmpty()) {
      return Completion.noMailbox();
    }
    Selected selected = session.select(folder.get().name(), view.get(), !examine);
    selected.writeFlags(session.out());
    write(selected, session.isEnabled(Extension.IMAP4REV2), session.out());
    if (session.isEnabled(Extension.IMAP4REV2)) {
      writeName(folder.get(), session.out());
    }
    return Completion.ok(
        selected.isWritable() ? "READ-WRITE" : "READ-ONLY", examine ? "examined" : "selected");
  }

  // ABNF: "LIST" SP mailbox-list ; oldname-extended-item = "OLDNAME" SP "(" mailbox ")"
  private void writeName(Folder folder, ImapWriter out) throws IOException {
    ListMailboxes.write(new TreeSet<>(folder.specialUse()), folder.name(), out);
    if (!name.equals(folder.name())) {
      out.raw(" (\"OLDNAME\" (").mailbox(name).raw("))");
    }
    out.crlf();
  }

  private static void write(Selected selected, boolean rev2, ImapWriter out) throws IOException {
    MailboxView view = selected.view();
    MailboxSummary mailbox = view.summary();
    out.raw("* ").number(view.exists()).raw(" EXISTS").crlf();
    if (!rev2) {
      writeOld(view, out);
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

  /// What IMAP4rev2 has no more.
  private static void writeOld(MailboxView view, ImapWriter out) throws IOException {
    out.raw("* 0 RECENT").crlf();
    OptionalInt unseen = view.firstUnseen(1);
    if (unseen.isPresent()) {
      out.raw("* OK [UNSEEN ").number(unseen.getAsInt()).raw("] first unseen").crlf();
    }
  }
}
