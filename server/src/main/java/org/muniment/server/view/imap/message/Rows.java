package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;

/// Messages of a mailbox in pieces, so that only some are in memory.
public final class Rows {

  /// Most rows at a time when they come with their structure.
  private static final int MAX_STRUCTURES = 100;

  /// So many rows that nobody wants are read rather than asking twice.
  private static final int MAX_GAP = 16;

  private Rows() {}

  /// Takes some messages, in order.
  @FunctionalInterface
  public interface Sink {
    void accept(List<MessageRow> rows) throws IOException;
  }

  /// Gives the messages of these numbers to a sink, in order.
  public static void forEach(MailboxView view, BitSet numbers, boolean structure, Sink sink)
      throws IOException {
    int most = structure ? MAX_STRUCTURES : MailboxView.MAX_ROWS;
    for (int from = numbers.nextSetBit(1); from > 0; ) {
      int to = end(numbers, from, most);
      sink.accept(
          view.rows(from, to, structure).stream()
              .filter(row -> numbers.get(row.sequence()))
              .toList());
      from = numbers.nextSetBit(to + 1);
    }
  }

  private static int end(BitSet numbers, int from, int most) {
    int to = from;
    int next = numbers.nextSetBit(to + 1);
    while (next > 0 && next - from < most && next - to <= MAX_GAP) {
      to = next;
      next = numbers.nextSetBit(to + 1);
    }
    return to;
  }
}
