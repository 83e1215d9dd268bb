package org.muniment.server.capture;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.Arrival;
import org.muniment.archive.content.Octets;

/// Messages on their way into the archive: several are prepared at once while more are fetched, and
/// they are put there in the order in which they came. For one thread.
final class Inflow implements Closeable {

  /// Octets of all messages on their way; each takes some times as much memory. One message may
  /// have more.
  private static final long MOST = 4 << 20;

  private final ArchiveWriter archive;
  private final Deque<Coming> coming = new ArrayDeque<>();
  private long octets;

  Inflow(ArchiveWriter archive) {
    this.archive = archive;
  }

  /// Puts a message into the archive.
  interface Placing {
    void place(Arrival message) throws IOException;
  }

  private record Coming(Arrival message, long weight, Placing placing) {}

  /// Begins with a message, and places those before it that are ready, or that there is no room
  /// for.
  ///
  /// @param message closed when it was placed
  void add(Octets message, Placing placing) throws IOException {
    long weight = Math.min(message.length(), MOST);
    coming.add(new Coming(archive.prepare(message), weight, placing));
    octets += weight;
    while (!coming.isEmpty() && (octets > MOST || coming.getFirst().message.isDone())) {
      placeFirst();
    }
  }

  /// Places all.
  void finish() throws IOException {
    while (!coming.isEmpty()) {
      placeFirst();
    }
  }

  private void placeFirst() throws IOException {
    Coming first = coming.removeFirst();
    octets -= first.weight;
    try {
      first.placing.place(first.message);
    } finally {
      end(first);
    }
  }

  private static void end(Coming one) throws IOException {
    one.message.join();
    one.message.octets().close();
  }

  /// Gives up those that were not placed.
  @Override
  public void close() throws IOException {
    while (!coming.isEmpty()) {
      end(coming.removeFirst());
    }
  }
}
