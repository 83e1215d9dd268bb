package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.message.FetchItem;
import org.muniment.server.view.imap.message.FetchWriter;
import org.muniment.server.view.imap.message.MessageNumbers;
import org.muniment.server.view.imap.message.Rows;
import org.muniment.server.view.imap.search.Found;
import org.muniment.server.view.imap.search.PartialRange;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Extension;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// FETCH and UID FETCH (RFC 9051 sections 6.4.5 and 6.4.9). `BODY[]` without PEEK sets `\Seen`
/// where the mailbox was selected, not examined.
///
/// @param uids whether this is UID FETCH
record Fetch(boolean uids, SequenceSet messages, List<FetchItem> items, Modifiers modifiers)
    implements Command {

  private static final Modifiers ALL = new Modifiers(null, null, false);

  /// Which of the messages.
  ///
  /// @param partial some of them (RFC 9394 section 3.3), null for all
  /// @param changedSince those with a MODSEQ above (RFC 7162 section 3.1.4.1), null for all
  /// @param vanished whether to tell which have left since then (section 3.2.6)
  record Modifiers(@Nullable PartialRange partial, @Nullable Long changedSince, boolean vanished) {}

  Fetch {
    items = List.copyOf(items);
  }

  // ABNF: fetch = "FETCH" SP sequence-set SP
  //               ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")")
  //               [fetch-modifiers]
  static Fetch read(boolean uids, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    SequenceSet messages = in.sequenceSet();
    in.sp();
    List<FetchItem> items = new ArrayList<>(FetchItem.readAll(in));
    if (uids && !items.contains(FetchItem.Attribute.UID)) {
      items.addFirst(FetchItem.Attribute.UID);
    }
    Modifiers modifiers = in.skip(' ') ? modifiers(uids, in) : ALL;
    if (modifiers.changedSince() != null && !items.contains(FetchItem.Attribute.MODSEQ)) {
      items.add(FetchItem.Attribute.MODSEQ);
    }
    return new Fetch(uids, messages, items, modifiers);
  }

  // ABNF: fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")"
  //       fetch-modifier = "PARTIAL" SP partial-range / "CHANGEDSINCE" SP mod-sequence-value /
  //                        "VANISHED"
  private static Modifiers modifiers(boolean uids, ImapReader in)
      throws IOException, SyntaxException {
    PartialRange partial = null;
    Long changedSince = null;
    boolean vanished = false;
    in.expect('(');
    do {
      switch (in.word("a modifier")) {
        case "PARTIAL" -> {
          in.sp();
          partial = PartialRange.read(in);
        }
        case "CHANGEDSINCE" -> {
          in.sp();
          changedSince = in.modSequence();
        }
        case "VANISHED" -> vanished = true;
        default -> throw in.expected("PARTIAL, CHANGEDSINCE or VANISHED");
      }
    } while (in.skip(' '));
    if (!uids && (partial != null || vanished)) {
      throw in.expected("PARTIAL and VANISHED in UID FETCH alone");
    }
    if (vanished && changedSince == null) {
      throw in.expected("VANISHED with CHANGEDSINCE");
    }
    in.expect(')');
    return new Modifiers(partial, changedSince, vanished);
  }

  /// Flags that nobody has asked for come with the UID in IMAP4rev2 (RFC 9051 section 7.5.2).
  private List<FetchItem> items(Session session) {
    boolean withUid =
        session.isEnabled(Extension.IMAP4REV2)
            && items.stream().anyMatch(FetchItem::setsSeen)
            && !items.contains(FetchItem.Attribute.UID);
    if (!withUid) {
      return items;
    }
    List<FetchItem> more = new ArrayList<>(items);
    more.addFirst(FetchItem.Attribute.UID);
    return more;
  }

  private BitSet numbers(Selected selected) throws SyntaxException {
    BitSet numbers = selected.numbers(messages, uids);
    if (modifiers.changedSince() != null) {
      MailboxView view = selected.view();
      numbers.and(MessageNumbers.of(view.changedSince(modifiers.changedSince()).here(), view));
    }
    if (modifiers.partial() == null) {
      return numbers;
    }
    BitSet some = new BitSet();
    modifiers.partial().of(Found.of(numbers)).forEach(some::set);
    return some;
  }

  /// Switches on what the client asks for, or fails where it is not on.
  private void require(Session session) throws IOException, SyntaxException {
    if (modifiers.vanished() && !session.isEnabled(Extension.QRESYNC)) {
      throw new SyntaxException("VANISHED needs ENABLE QRESYNC before");
    }
    if (items.contains(FetchItem.Attribute.MODSEQ)) {
      session.enableModSeq(/* here= */ true);
    }
  }

  // ABNF: expunged-resp = "VANISHED" [SP "(EARLIER)"] SP known-uids
  /// Writes which messages have left, those apart that the client is still to be told of.
  ///
  /// @param among UIDs that the client asks about
  static void writeVanished(UidRanges among, long since, Selected selected, ImapWriter out)
      throws IOException {
    MailboxView view = selected.view();
    UidRanges left = view.changedSince(since).left().and(among).minus(view.uids().ranges());
    if (!left.isEmpty()) {
      out.raw("* VANISHED (EARLIER) ").raw(left.toString()).crlf();
    }
  }

  @Override
  public boolean allowsExpunge() {
    return uids;
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    require(session);
    Selected selected = session.selected();
    FetchWriter writer = new FetchWriter(session.out(), session.model(), items(session));
    FetchWriter marked =
        new FetchWriter(session.out(), session.model(), whenMarked(items(session), session));
    boolean structure = items.stream().anyMatch(FetchItem::needsStructure);
    boolean listed = items.stream().anyMatch(FetchItem::isListed);
    boolean flags = items.contains(FetchItem.Attribute.FLAGS);
    boolean reads = selected.isWritable() && items.stream().anyMatch(FetchItem::setsSeen);
    BitSet numbers = numbers(selected);
    if (modifiers.vanished() && modifiers.changedSince() != null) {
      UidRanges among = MessageNumbers.uids(messages, selected.view());
      writeVanished(among, modifiers.changedSince(), selected, session.out());
    }
    Rows.forEach(
        selected.view(),
        numbers,
        structure,
        rows -> {
          BitSet read = reads ? unseen(rows) : new BitSet();
          long modSeq = read.isEmpty() ? 0 : selected.mark(read, true, Long.MAX_VALUE).orElse(0);
          if (flags || !read.isEmpty()) {
            selected.announceFlags(rows, session.out());
          }
          if (listed) {
            writer.list(selected.view().listed(rows));
          }
          for (MessageRow row : rows) {
            if (read.get(row.sequence())) {
              marked.write(row.withSeen(true).withModSeq(modSeq));
            } else {
              writer.write(row);
            }
          }
        });
    return completion(
        writer.unreadable() + marked.unreadable(), writer.undecodable() + marked.undecodable());
  }

  /// Where a message is marked as seen its flags are shown, too.
  private static List<FetchItem> whenMarked(List<FetchItem> items, Session session) {
    List<FetchItem> all = new ArrayList<>(items);
    for (FetchItem item : session.unasked()) {
      if (!all.contains(item)) {
        all.add(item);
      }
    }
    return all;
  }

  private static Completion completion(int unreadable, int undecodable) {
    if (unreadable > 0) {
      return Completion.no("UNAVAILABLE", unreadable + " items could not be read");
    }
    return undecodable == 0
        ? Completion.ok("done")
        : Completion.no("UNKNOWN-CTE", undecodable + " encodings are not known");
  }

  private static BitSet unseen(List<MessageRow> rows) {
    BitSet unseen = new BitSet();
    rows.stream().filter(row -> !row.isSeen()).forEach(row -> unseen.set(row.sequence()));
    return unseen;
  }
}
