package org.muniment.server.view.imap.search;

import java.util.List;
import org.muniment.indexer.search.Threading;

/// Threads in the order of their trees, each message before those below it. Eight octets for each
/// message: this is what is left while it goes to a slow client.
public final class ThreadList {

  private final int[] depths;
  private final int[] numbers;

  ThreadList(List<Threading.Placed> placed) {
    depths = new int[placed.size()];
    numbers = new int[placed.size()];
    int at = 0;
    for (Threading.Placed one : placed) {
      depths[at] = one.depth();
      numbers[at++] = one.member() == null ? 0 : one.member().number();
    }
  }

  /// Number of places.
  public int size() {
    return depths.length;
  }

  /// Number of places above a place.
  public int depth(int place) {
    return depths[place];
  }

  /// The sequence number of the message at a place, 0 where one is missing that holds others
  /// together.
  public int number(int place) {
    return numbers[place];
  }
}
