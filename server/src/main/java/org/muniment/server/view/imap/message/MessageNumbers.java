package org.muniment.server.view.imap.message;

import java.util.BitSet;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// Which messages a sequence set means.
public final class MessageNumbers {

  private MessageNumbers() {}

  /// Sequence numbers of the messages that `set` names.
  ///
  /// @param uids whether the set holds UIDs; those of no message are passed over
  /// @throws SyntaxException when a sequence number is greater than the number of messages
  public static BitSet of(SequenceSet set, boolean uids, MailboxView view) throws SyntaxException {
    if (!uids) {
      for (SequenceSet.Range range : set.ranges()) {
        check(range.first(), view.exists());
        check(range.last(), view.exists());
      }
    }
    return within(set, uids, view);
  }

  /// As [#of], but sequence numbers of no message are passed over as well: those of a search may
  /// lie beyond the mailbox (RFC 7377 section 2).
  public static BitSet within(SequenceSet set, boolean uids, MailboxView view) {
    BitSet numbers = new BitSet();
    int exists = view.exists();
    if (exists > 0) {
      long max = uids ? view.uid(exists).value() : exists;
      for (SequenceSet.Range range : set.ranges()) {
        long low = range.low(max);
        long high = range.high(max);
        numbers.set(
            uids ? view.firstFrom(low) : (int) Math.min(low, exists + 1L),
            uids ? view.firstFrom(high + 1) : (int) Math.min(high, exists) + 1);
      }
    }
    return numbers;
  }

  /// Sequence numbers of the messages of these UIDs that the mailbox has.
  public static BitSet of(UidRanges uids, MailboxView view) {
    BitSet numbers = new BitSet();
    for (UidRanges.Range range : uids.ranges()) {
      numbers.set(view.firstFrom(range.first()), view.firstFrom(range.last() + 1));
    }
    return numbers;
  }

  /// UIDs that `set` names, whether there are such messages or not; `*` is the last that was given.
  public static UidRanges uids(SequenceSet set, MailboxView view) {
    long max = Math.max(1, view.summary().uidNext() - 1);
    UidRanges.Builder uids = new UidRanges.Builder();
    set.ranges().forEach(range -> uids.add(range.low(max), range.high(max)));
    return uids.build();
  }

  private static void check(long number, int exists) throws SyntaxException {
    if (number != SequenceSet.LAST && number > exists) {
      throw new SyntaxException("there is no message " + number + ": there are " + exists);
    }
  }
}
