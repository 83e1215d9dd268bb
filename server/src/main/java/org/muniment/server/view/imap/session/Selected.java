package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.muniment.archive.event.UidRanges;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.Shown;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.imap.message.FetchItem;
import org.muniment.server.view.imap.message.FetchWriter;
import org.muniment.server.view.imap.message.MessageNumbers;
import org.muniment.server.view.imap.message.Rows;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// The selected mailbox, as the client has been told of it.
public final class Selected {

  /// The flags of RFC 3501 section 2.3.2.
  private static final List<String> SYSTEM_FLAGS =
      List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft");

  /// Most keywords that are announced.
  private static final int MAX_FLAGS = 500;

  /// Most ranges of UIDs that are kept of a search.
  static final int MAX_SAVED = 10_000;

  /// Most MODSEQs of the session's own changes that are kept; those beyond are told to it as if
  /// they were of another.
  private static final int MAX_OWN = 1_000;

  private final String name;
  private final boolean writable;
  private MailboxView view;

  /// The client has been told of all that has a MODSEQ up to this one.
  private long modSeq;

  /// What was in the mailbox then.
  private UidSet known;

  /// Messages below this UID are not new.
  private long next;

  /// MODSEQs of what this session has changed since then.
  private final Set<Long> own = new HashSet<>();

  /// The first and the last UID of each range, without their signs.
  private int[] saved = {};

  private final Set<String> flags = new LinkedHashSet<>(SYSTEM_FLAGS);

  Selected(String name, MailboxView view, boolean writable) {
    this.name = name;
    this.view = view;
    this.modSeq = view.highestModSeq();
    this.known = view.uids();
    this.next = view.summary().uidNext();
    this.writable = writable;
  }

  /// Whether the user can change `\Seen`.
  public boolean isWritable() {
    return writable && view instanceof ReadMailbox;
  }

  /// Marks messages as seen or as not seen, for the user.
  ///
  /// @param unchangedSince nothing is marked when any of them has been marked with a MODSEQ above
  /// @return their MODSEQ now, empty when nothing was marked
  /// @throws IllegalStateException when it is not writable
  public OptionalLong mark(BitSet numbers, boolean seen, long unchangedSince) {
    if (!(writable && view instanceof ReadMailbox read)) {
      throw new IllegalStateException("no flag can be changed");
    }
    OptionalLong marked = read.mark(numbers, seen, unchangedSince);
    if (own.size() == MAX_OWN) {
      own.clear();
    }
    marked.ifPresent(own::add);
    return marked;
  }

  /// Its name, as it is listed.
  public String name() {
    return name;
  }

  /// The sequence numbers of the messages that a client names.
  ///
  /// @throws SyntaxException when a sequence number is greater than the number of messages
  public BitSet numbers(SequenceSet set, boolean uids) throws SyntaxException {
    return set.isSaved() ? saved() : MessageNumbers.of(set, uids, view);
  }

  /// The sequence numbers of what the last search saved (RFC 5182), a fresh set.
  public BitSet saved() {
    BitSet numbers = new BitSet();
    for (int i = 0; i < saved.length; i += 2) {
      numbers.set(
          view.firstFrom(Integer.toUnsignedLong(saved[i])),
          view.firstFrom(Integer.toUnsignedLong(saved[i + 1]) + 1));
    }
    return numbers;
  }

  /// Saves what a search found.
  ///
  /// @return false when that is more than [#MAX_SAVED] ranges; then nothing is saved
  public boolean save(BitSet numbers) {
    int[] ranges = new int[2 * MAX_SAVED];
    int length = 0;
    saved = new int[0];
    for (int from = numbers.nextSetBit(1); from > 0; ) {
      if (length == ranges.length) {
        return false;
      }
      int to = numbers.nextClearBit(from) - 1;
      ranges[length++] = (int) view.uid(from).value();
      ranges[length++] = (int) view.uid(to).value();
      from = numbers.nextSetBit(to + 1);
    }
    saved = Arrays.copyOf(ranges, length);
    return true;
  }

  /// The messages as the client has been told of them.
  public MailboxView view() {
    return view;
  }

  /// Writes the flags that the mailbox is known to have.
  public void writeFlags(ImapWriter out) throws IOException {
    out.raw("* FLAGS ").list(flags).crlf();
  }

  /// Writes the flags anew when these messages have any that the client has not been told of.
  public void announceFlags(List<MessageRow> rows, ImapWriter out) throws IOException {
    boolean added = false;
    for (MessageRow row : rows) {
      added |= flags.size() < MAX_FLAGS && flags.addAll(row.flags());
    }
    if (added) {
      writeFlags(out);
    }
  }

  /// Whether the user may still read it.
  boolean isVisible(ReadModel model) {
    return view instanceof EmptyInbox || view.isReadableBy(model);
  }

  /// The mailbox as it is now, empty when it is not there any more.
  Optional<MailboxView> now(ReadModel model, Shown shown) throws IOException {
    if (view.kind() == MailboxView.Kind.PAST) {
      return Optional.of(view);
    }
    return view instanceof EmptyInbox
        ? Folders.open(model, Folders.INBOX, shown).filter(EmptyInbox.class::isInstance)
        : Folders.open(model, view.summary(), shown);
  }

  /// Tells of what has left, come and changed. A message that has left and is back keeps away until
  /// the mailbox is selected anew: in a session UIDs only rise.
  ///
  /// @param mayExpunge whether it may be told that messages have left; if not and some have,
  ///   nothing is told
  /// @return false when nothing was told for that reason
  boolean refresh(
      MailboxView now, boolean mayExpunge, Set<Extension> enabled, ReadModel model, ImapWriter out)
      throws IOException {
    long highest = now.highestModSeq();
    if (highest <= modSeq && (now.kind().hasModSeq() || now.uids() == known)) {
      return true;
    }
    Changes changes = changes(now);
    UidRanges told = view.uids().ranges();
    UidRanges left = changes.left().and(told);
    if (!left.isEmpty() && !mayExpunge) {
      return false;
    }
    writeLeft(left, enabled.contains(Extension.QRESYNC), out);
    UidRanges rest = told.minus(left);
    UidRanges fresh = changes.here().minus(new UidRanges.Builder().add(1, next - 1).build());
    view = having(rest.or(fresh), now);
    if (!fresh.isEmpty()) {
      out.raw("* ").number(view.exists()).raw(" EXISTS").crlf();
    }
    writeChanged(changes.here().and(rest), enabled, model, out);
    modSeq = highest;
    known = now.uids();
    next = Math.max(next, Math.max(now.summary().uidNext(), view.uids().last() + 1));
    own.clear();
    return true;
  }

  /// What is only known by comparison is compared.
  private Changes changes(MailboxView now) {
    Changes changes = now.changedSince(modSeq);
    return now.kind().hasModSeq() || now.uids() == known
        ? changes
        : new Changes(
            changes.here().or(now.uids().ranges().minus(known.ranges())),
            view.uids().ranges().minus(now.uids().ranges()));
  }

  /// Shares the UIDs with other sessions wherever they are the same.
  private static MailboxView having(UidRanges uids, MailboxView now) {
    return uids.equals(now.uids().ranges()) ? now : now.with(UidSet.of(uids));
  }

  // ABNF: message-data =/ nz-number SP "EXPUNGE" ; expunged-resp = "VANISHED" SP known-uids
  private void writeLeft(UidRanges left, boolean byUid, ImapWriter out) throws IOException {
    if (left.isEmpty()) {
      return;
    }
    if (byUid) {
      out.raw("* VANISHED ").raw(left.toString()).crlf();
      return;
    }
    BitSet numbers = MessageNumbers.of(left, view);
    // From the last one on, so that each still has its number.
    for (int at = numbers.length() - 1; at > 0; at = numbers.previousSetBit(at - 1)) {
      out.raw("* ").number(at).raw(" EXPUNGE").crlf();
    }
  }

  private void writeChanged(
      UidRanges changed, Set<Extension> enabled, ReadModel model, ImapWriter out)
      throws IOException {
    FetchWriter writer = new FetchWriter(out, model, unasked(enabled, view));
    Rows.forEach(
        view,
        MessageNumbers.of(changed, view),
        /* structure= */ false,
        rows -> {
          announceFlags(rows, out);
          for (MessageRow row : rows) {
            if (!own.contains(row.modSeq())) {
              writer.write(row);
            }
          }
        });
  }

  /// What a FETCH response says that was not asked for (RFC 9051 section 7.5.2, RFC 7162 sections
  /// 3.1 and 3.2.4).
  static List<FetchItem> unasked(Set<Extension> enabled, MailboxView view) {
    List<FetchItem> items = new ArrayList<>();
    if (enabled.contains(Extension.QRESYNC) || enabled.contains(Extension.IMAP4REV2)) {
      items.add(FetchItem.Attribute.UID);
    }
    items.add(FetchItem.Attribute.FLAGS);
    if (enabled.contains(Extension.CONDSTORE) && view.kind().hasModSeq()) {
      items.add(FetchItem.Attribute.MODSEQ);
    }
    return items;
  }

  // ABNF: resp-text-code =/ "HIGHESTMODSEQ" SP mod-sequence-value / "NOMODSEQ"
  /// Writes the highest MODSEQ that the client has been told of, if not of each message.
  public void writeHighestModSeq(ImapWriter out) throws IOException {
    if (!view.kind().hasModSeq()) {
      out.raw("* OK [NOMODSEQ] compare what is there").crlf();
      return;
    }
    out.raw("* OK [HIGHESTMODSEQ ").number(modSeq).raw("] highest").crlf();
  }
}
