package org.muniment.server.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Room for some runs at a time, and for some at one host. Who waits goes in the order of asking;
/// but past those whose host is full, and past those whose last run came to nothing: servers that
/// never answer take the places that nobody else wants.
final class Places {

  private final int all;
  private final int perHost;
  private final List<Place> waiting = new ArrayList<>();
  private final Map<String, Integer> taken = new HashMap<>();
  private int used;

  Places(int all, int perHost) {
    this.all = all;
    this.perHost = perHost;
  }

  /// Waits for a place.
  ///
  /// @param host `""` for none
  /// @param troubled whether the last run came to nothing
  Place enter(String host, boolean troubled) {
    Place place = new Place(host, troubled);
    place.await();
    return place;
  }

  private boolean hasRoom(Place place) {
    return place.host.isEmpty() || taken.getOrDefault(place.host, 0) < perHost;
  }

  /// Whose turn it is.
  private boolean isNext(Place place) {
    if (used >= all || !hasRoom(place)) {
      return false;
    }
    return waiting.stream()
        .filter(this::hasRoom)
        .reduce((one, other) -> before(one, other) ? one : other)
        .filter(place::equals)
        .isPresent();
  }

  /// @param one that asked before the other
  private static boolean before(Place one, Place other) {
    return !one.troubled || other.troubled;
  }

  /// The right to run.
  final class Place {
    private final String host;
    private final boolean troubled;

    private Place(String host, boolean troubled) {
      this.host = host;
      this.troubled = troubled;
    }

    private void await() {
      synchronized (Places.this) {
        waiting.add(this);
        boolean interrupted = false;
        while (!isNext(this)) {
          try {
            Places.this.wait();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
        waiting.remove(this);
        used++;
        taken.merge(host, 1, Integer::sum);
        Places.this.notifyAll();
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    /// Gives it back. Once.
    void leave() {
      synchronized (Places.this) {
        used--;
        taken.computeIfPresent(host, (of, number) -> number == 1 ? null : number - 1);
        Places.this.notifyAll();
      }
    }
  }
}
