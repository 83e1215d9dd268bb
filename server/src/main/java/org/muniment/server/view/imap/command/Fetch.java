package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.message.FetchItem;
import org.muniment.server.view.imap.message.FetchWriter;
import org.muniment.server.view.imap.message.Rows;
import org.muniment.server.view.imap.search.Found;
import org.muniment.server.view.imap.search.PartialRange;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Extension;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// FETCH and UID FETCH (RFC 9051 sections 6.4.5 and 6.4.9). `BODY[]` without PEEK sets `\Seen`
/// where the mailbox was selected, not examined.
///
/// @param uids whether this is UID FETCH
/// @param partial which of the messages (RFC 9394 section 3.3), null for all
record Fetch(
    boolean uids, SequenceSet messages, List<FetchItem> items, @Nullable PartialRange partial)
    implements Command {

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
    return new Fetch(uids, messages, items, in.skip(' ') ? modifier(uids, in) : null);
  }

  // ABNF: fetch-modifiers = SP "(" fetch-modifier ")" ; fetch-modifier = "PARTIAL" SP partial-range
  private static PartialRange modifier(boolean uids, ImapReader in)
      throws IOException, SyntaxException {
    in.expect('(');
    if (!uids || !in.word("PARTIAL").equals("PARTIAL")) {
      throw in.expected("PARTIAL, of UID FETCH");
    }
    in.sp();
    PartialRange partial = PartialRange.read(in);
    in.expect(')');
    return partial;
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
    if (partial == null) {
      return numbers;
    }
    BitSet some = new BitSet();
    partial.of(Found.of(numbers)).forEach(some::set);
    return some;
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    Selected selected = session.selected();
    FetchWriter writer = new FetchWriter(session.out(), session.model(), items(session));
    boolean structure = items.stream().anyMatch(FetchItem::needsStructure);
    boolean flags = items.contains(FetchItem.Attribute.FLAGS);
    boolean reads = selected.isWritable() && items.stream().anyMatch(FetchItem::setsSeen);
    BitSet numbers = numbers(selected);
    Rows.forEach(
        selected.view(),
        numbers,
        structure,
        rows -> {
          BitSet read = reads ? unseen(rows) : new BitSet();
          if (!read.isEmpty()) {
            selected.mark(read, true);
          }
          if (flags || !read.isEmpty()) {
            selected.announceFlags(rows, session.out());
          }
          for (MessageRow row : rows) {
            boolean first = read.get(row.sequence());
            writer.write(first ? row.withSeen(true) : row, first);
          }
        });
    if (writer.unreadable() > 0) {
      return Completion.no("UNAVAILABLE", writer.unreadable() + " items could not be read");
    }
    return writer.undecodable() == 0
        ? Completion.ok("done")
        : Completion.no("UNKNOWN-CTE", writer.undecodable() + " encodings are not known");
  }

  private static BitSet unseen(List<MessageRow> rows) {
    BitSet unseen = new BitSet();
    rows.stream().filter(row -> !row.isSeen()).forEach(row -> unseen.set(row.sequence()));
    return unseen;
  }
}
