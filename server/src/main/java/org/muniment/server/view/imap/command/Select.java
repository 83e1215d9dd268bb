package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.message.FetchWriter;
import org.muniment.server.view.imap.message.MessageNumbers;
import org.muniment.server.view.imap.message.ObjectIds;
import org.muniment.server.view.imap.message.Rows;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Extension;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.session.State;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SELECT (RFC 9051 section 6.3.2) and EXAMINE (section 6.3.3). What can be changed is `\Seen`,
/// which is the user's own; EXAMINE changes nothing.
///
/// @param examine whether this is EXAMINE
/// @param conditional whether CONDSTORE is switched on (RFC 7162 section 3.1.8)
/// @param known what the client has of the mailbox (section 3.2.5), null when it does not say
record Select(boolean examine, String name, boolean conditional, @Nullable Known known)
    implements Command {

  /// What a client has of a mailbox. That the client says which sequence numbers belong to which
  /// UIDs is of no use here: this server remembers all that ever left.
  ///
  /// @param uids null for all
  record Known(long uidValidity, long modSeq, @Nullable SequenceSet uids) {}

  // ABNF: select = "SELECT" SP mailbox [select-params] ; examine = "EXAMINE" SP mailbox
  //       [select-params]
  //       select-params = SP "(" select-param *(SP select-param) ")"
  //       select-param = "CONDSTORE" / "QRESYNC" SP "(" uidvalidity SP mod-sequence-value
  //                      [SP known-uids] [SP seq-match-data] ")"
  static Select read(boolean examine, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    String name = in.mailbox();
    boolean conditional = false;
    Known known = null;
    if (in.skip(' ')) {
      in.expect('(');
      do {
        switch (in.word("CONDSTORE or QRESYNC")) {
          case "CONDSTORE" -> conditional = true;
          case "QRESYNC" -> known = known(in);
          default -> throw in.expected("CONDSTORE or QRESYNC");
        }
      } while (in.skip(' '));
      in.expect(')');
    }
    return new Select(examine, name, conditional, known);
  }

  private static Known known(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    in.expect('(');
    long uidValidity = in.positive();
    in.sp();
    long modSeq = in.modSequence();
    SequenceSet uids = null;
    boolean more = in.skip(' ');
    if (more && !in.at('(')) {
      uids = in.sequenceSet();
      more = in.skip(' ');
    }
    if (more) {
      // ABNF: seq-match-data = "(" known-sequence-set SP known-uid-set ")"
      in.expect('(');
      in.sequenceSet();
      in.sp();
      in.sequenceSet();
      in.expect(')');
    }
    in.expect(')');
    return new Known(uidValidity, modSeq, uids);
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    if (known != null && !session.isEnabled(Extension.QRESYNC)) {
      throw new SyntaxException("QRESYNC needs ENABLE QRESYNC before");
    }
    if (conditional) {
      session.enable(Set.of(Extension.CONDSTORE));
    }
    if (session.state() == State.SELECTED) {
      // RFC 7162 section 3.2.11
      session.out().raw("* OK [CLOSED] the former mailbox").crlf();
    }
    session.unselect();
    Optional<Folder> folder = Folders.folder(session.model(), name);
    Optional<MailboxView> view = folder.isPresent() ? session.open(folder.get()) : Optional.empty();
    if (view.isEmpty()) {
      return Completion.noMailbox();
    }
    if (view.get().kind() == MailboxView.Kind.PAST && !session.mayOpenPast()) {
      return Completion.no("LIMIT", "too many mailboxes as they were are selected");
    }
    Selected selected = session.select(folder.get().name(), view.get(), !examine);
    selected.writeFlags(session.out());
    write(selected, session.isEnabled(Extension.IMAP4REV2), session.out());
    if (session.isEnabled(Extension.IMAP4REV2)) {
      writeName(folder.get(), session.out());
    }
    if (known != null && view.get().kind().hasModSeq()) {
      resynchronise(known, selected, session);
    }
    return Completion.ok(
        selected.isWritable() ? "READ-WRITE" : "READ-ONLY", examine ? "examined" : "selected");
  }

  /// Tells what has left and what has changed since the client was here (RFC 7162 section 3.2.5).
  private static void resynchronise(Known known, Selected selected, Session session)
      throws IOException {
    MailboxView view = selected.view();
    if (known.uidValidity() != view.summary().uidValidity().value()) {
      return;
    }
    UidRanges among =
        known.uids() == null || known.uids().isSaved()
            ? new UidRanges.Builder().add(1, Uid.MAX).build()
            : MessageNumbers.uids(known.uids(), view);
    Fetch.writeVanished(among, known.modSeq(), selected, session.out());
    FetchWriter writer = new FetchWriter(session.out(), session.model(), session.unasked());
    UidRanges changed = view.changedSince(known.modSeq()).here().and(among);
    Rows.forEach(
        view,
        MessageNumbers.of(changed, view),
        /* structure= */ false,
        rows -> {
          selected.announceFlags(rows, session.out());
          for (MessageRow row : rows) {
            writer.write(row);
          }
        });
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
    selected.writeHighestModSeq(out);
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
