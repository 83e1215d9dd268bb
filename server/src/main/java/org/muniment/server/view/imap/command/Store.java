package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.muniment.archive.event.UidRanges;
import org.muniment.indexer.catalog.Changes;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.message.FetchItem;
import org.muniment.server.view.imap.message.FetchWriter;
import org.muniment.server.view.imap.message.MessageNumbers;
import org.muniment.server.view.imap.message.Rows;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Selected;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// STORE and UID STORE (RFC 9051 sections 6.4.6 and 6.4.9). `\Seen` is kept for the user; where
/// another flag would have to change the answer is NO, and the flags are shown as they are.
///
/// @param uids whether this is UID STORE
/// @param unchangedSince messages with a MODSEQ above stay as they are (RFC 7162 section 3.1.3)
/// @param silent whether the flags are only shown where they are not what was asked for
/// @param flags in lower case, without `\Seen`
/// @param seen whether `\Seen` is among those listed
record Store(
    boolean uids,
    SequenceSet messages,
    long unchangedSince,
    Change change,
    boolean silent,
    Set<String> flags,
    boolean seen)
    implements Command {

  private static final String SEEN = "\\seen";
  private static final int MAX_FLAGS = 500;

  Store {
    flags = Set.copyOf(flags);
  }

  /// What becomes of the flags of a message.
  enum Change {
    REPLACE,
    ADD,
    REMOVE;

    /// Whether flags are as this change makes them.
    boolean isDone(Set<String> now, Set<String> listed) {
      return switch (this) {
        case REPLACE -> now.equals(listed);
        case ADD -> now.containsAll(listed);
        case REMOVE -> listed.stream().noneMatch(now::contains);
      };
    }
  }

  // ABNF: store = "STORE" SP sequence-set [store-modifiers] SP store-att-flags
  //       store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))
  static Store read(boolean uids, ImapReader in) throws IOException, SyntaxException {
    in.sp();
    SequenceSet messages = in.sequenceSet();
    in.sp();
    long unchangedSince = in.skip('(') ? unchangedSince(in) : Long.MAX_VALUE;
    Change change = in.skip('+') ? Change.ADD : in.skip('-') ? Change.REMOVE : Change.REPLACE;
    String item = in.word("FLAGS");
    boolean silent = item.equals("FLAGS.SILENT");
    if (!silent && !item.equals("FLAGS")) {
      throw in.expected("FLAGS, +FLAGS or -FLAGS");
    }
    in.sp();
    Set<String> flags = flags(in);
    boolean seen = flags.remove(SEEN);
    return new Store(uids, messages, unchangedSince, change, silent, flags, seen);
  }

  // ABNF: store-modifiers = SP "(" store-modifier ")"
  //       store-modifier = "UNCHANGEDSINCE" SP mod-sequence-valzer
  private static long unchangedSince(ImapReader in) throws IOException, SyntaxException {
    if (!in.word("UNCHANGEDSINCE").equals("UNCHANGEDSINCE")) {
      throw in.expected("UNCHANGEDSINCE");
    }
    in.sp();
    long modSeq = in.modSequence();
    in.expect(')');
    in.sp();
    return modSeq;
  }

  private static Set<String> flags(ImapReader in) throws IOException, SyntaxException {
    Set<String> flags = new HashSet<>();
    boolean list = in.skip('(');
    boolean more = !list || !in.at(')');
    while (more) {
      if (flags.size() == MAX_FLAGS) {
        throw in.expected("at most " + MAX_FLAGS + " flags");
      }
      String backslash = in.skip('\\') ? "\\" : "";
      flags.add(backslash + in.atom().toLowerCase(Locale.ROOT));
      more = in.skip(' ');
    }
    if (list) {
      in.expect(')');
    }
    return flags;
  }

  @Override
  public boolean allowsExpunge() {
    return uids;
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    if (unchangedSince < Long.MAX_VALUE) {
      session.enableModSeq(/* here= */ true);
    }
    Selected selected = session.selected();
    BitSet numbers = selected.numbers(messages, uids);
    BitSet modified = mark(numbers, selected);
    int refused = show(numbers, selected, session);
    if (modified.isEmpty()) {
      return refused == 0 ? Completion.ok("done") : Completion.readOnly();
    }
    String code = "MODIFIED " + set(modified, selected.view());
    return refused == 0
        ? Completion.ok(code, "the others are done")
        : Completion.no(code, "this is an archive: but for \\Seen it is read-only");
  }

  /// Marks what has not changed, as far as anything can be.
  ///
  /// @param numbers those that have changed are taken out
  /// @return those
  private BitSet mark(BitSet numbers, Selected selected) {
    boolean marks = selected.isWritable() && (seen || change == Change.REPLACE);
    BitSet modified = new BitSet();
    do {
      BitSet changed = changed(selected.view());
      changed.and(numbers);
      modified.or(changed);
      numbers.andNot(changed);
      // Another session may come between.
    } while (marks
        && !numbers.isEmpty()
        && selected.mark(numbers, seen && change != Change.REMOVE, unchangedSince).isEmpty());
    return modified;
  }

  private BitSet changed(MailboxView view) {
    if (unchangedSince == Long.MAX_VALUE) {
      return new BitSet();
    }
    Changes changes = view.changedSince(unchangedSince);
    return MessageNumbers.of(changes.here().or(changes.left()), view);
  }

  private UidRanges set(BitSet numbers, MailboxView view) {
    UidRanges.Builder set = new UidRanges.Builder();
    numbers.stream().forEach(number -> set.accept(uids ? view.uid(number).value() : number));
    return set.build();
  }

  /// Shows the flags of the messages.
  ///
  /// @return number of messages whose flags are not as they should be
  private int show(BitSet numbers, Selected selected, Session session) throws IOException {
    List<FetchItem> items = new ArrayList<>(List.of(FetchItem.Attribute.FLAGS));
    if (uids) {
      items.addFirst(FetchItem.Attribute.UID);
    }
    boolean conditional = session.tellsModSeq();
    if (conditional) {
      items.add(FetchItem.Attribute.MODSEQ);
    }
    FetchWriter writer = new FetchWriter(session.out(), session.model(), items);
    items.remove(FetchItem.Attribute.FLAGS);
    FetchWriter modSeqs = new FetchWriter(session.out(), session.model(), items);
    Set<String> listed = new HashSet<>(flags);
    if (seen) {
      listed.add(SEEN);
    }
    int[] refused = {0};
    Rows.forEach(
        selected.view(),
        numbers,
        false,
        rows -> {
          selected.announceFlags(rows, session.out());
          for (MessageRow row : rows) {
            boolean done = change.isDone(lowerCase(row.flags()), listed);
            refused[0] += done ? 0 : 1;
            if (!silent || !done) {
              writer.write(row);
            } else if (conditional) {
              // RFC 7162 section 3.1.3: .SILENT keeps the flags back, not the MODSEQ.
              modSeqs.write(row);
            }
          }
        });
    return refused[0];
  }

  private static Set<String> lowerCase(Set<String> flags) {
    return flags.stream()
        .map(flag -> flag.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }
}
