package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;

/// Messages of a mailbox in pieces, so that only some are in memory.
public final class Rows {

  /// Most rows at a time: there are two such pieces in memory.
  private static final int MAX_ROWS = MailboxView.MAX_ROWS / 2;

  /// So many rows that nobody wants are read rather than asking twice.
  private static final int MAX_GAP = 16;

  private Rows() {}

  /// Takes some messages, in order.
  @FunctionalInterface
  public interface Sink {
    void accept(List<MessageRow> rows) throws IOException;
  }

  /// Gives the messages of these numbers to a sink, in order. While it takes some the next ones are
  /// read.
  public static void forEach(MailboxView view, BitSet numbers, boolean structure, Sink sink)
      throws IOException {
    int from = numbers.nextSetBit(1);
    int to = end(numbers, from);
    List<MessageRow> rows = from > 0 ? view.rows(from, to, structure) : List.of();
    while (from > 0) {
      int next = numbers.nextSetBit((rows.isEmpty() ? to : rows.getLast().sequence()) + 1);
      int last = end(numbers, next);
      @Nullable Ahead ahead = next > 0 ? Ahead.read(view, next, last, structure) : null;
      sink.accept(rows.stream().filter(row -> numbers.get(row.sequence())).toList());
      rows = ahead == null ? List.of() : ahead.rows();
      from = next;
      to = last;
    }
  }

  /// Rows that another thread reads.
  private record Ahead(FutureTask<List<MessageRow>> reading) {
    static Ahead read(MailboxView view, int from, int to, boolean structure) {
      FutureTask<List<MessageRow>> reading = new FutureTask<>(() -> view.rows(from, to, structure));
      Thread.ofVirtual().name("imap-ahead").start(reading);
      return new Ahead(reading);
    }

    List<MessageRow> rows() throws IOException {
      try {
        return reading.get();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while messages were read");
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case IOException cause -> throw cause;
          case RuntimeException cause -> throw cause;
          case Error cause -> throw cause;
          case null, default -> throw new IllegalStateException(e);
        }
      }
    }
  }

  /// @param from -1 for none
  private static int end(BitSet numbers, int from) {
    int to = from;
    int next = numbers.nextSetBit(to + 1);
    while (next > 0 && next - from < MAX_ROWS && next - to <= MAX_GAP) {
      to = next;
      next = numbers.nextSetBit(to + 1);
    }
    return to;
  }
}
