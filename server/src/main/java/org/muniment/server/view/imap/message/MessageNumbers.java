package org.muniment.server.view.imap.message;

import java.util.BitSet;
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
    BitSet numbers = new BitSet();
    int exists = view.exists();
    for (SequenceSet.Range range : set.ranges()) {
      if (!uids) {
        check(range.first(), exists);
        check(range.last(), exists);
      }
      if (exists > 0) {
        long max = uids ? view.uid(exists).value() : exists;
        long low = range.low(max);
        long high = range.high(max);
        numbers.set(
            uids ? view.firstFrom(low) : (int) low,
            uids ? view.firstFrom(high + 1) : (int) high + 1);
      }
    }
    return numbers;
  }

  private static void check(long number, int exists) throws SyntaxException {
    if (number != SequenceSet.LAST && number > exists) {
      throw new SyntaxException("there is no message " + number + ": there are " + exists);
    }
  }
}
