package org.muniment.server.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How long the next attempt to sign in has to wait: longer after each failure of the same user
/// from the same address, and after many failures from one address whatever the user. Nobody can
/// make a user wait who comes from elsewhere. Remembers the [#MOST_KEYS] that failed last.
final class FailureDelay {

  static final int MOST_KEYS = 10_000;
  static final Duration LONGEST = Duration.ofSeconds(8);

  private static final Duration FIRST = Duration.ofMillis(250);
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);
  private static final int FREE_PER_USER = 3;
  private static final int FREE_PER_ADDRESS = 30;
  private static final int IPV6_NETWORK_OCTETS = 8;

  private record Key(String address, @Nullable String user) {}

  private record Failures(int count, Instant last) {}

  private final InstantSource clock;
  private final Map<Key, Failures> failures =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Failures> eldest) {
          return size() > MOST_KEYS;
        }
      };

  FailureDelay(InstantSource clock) {
    this.clock = clock;
  }

  /// Begins an attempt, which counts like a failure until it succeeds: of many at the same time,
  /// only the first ones go without delay.
  ///
  /// @return how long to wait before it is looked at
  synchronized Duration attempt(InetAddress peer, String user) {
    Duration delay = before(peer, user);
    String address = network(peer);
    begin(new Key(address, user));
    begin(new Key(address, null));
    return delay;
  }

  private void begin(Key key) {
    int count = count(key);
    Failures known = failures.get(key);
    Instant last = known == null || count == 0 ? clock.instant() : known.last();
    failures.put(key, new Failures(count + 1, last));
  }

  /// How long the next attempt would have to wait.
  synchronized Duration before(InetAddress peer, String user) {
    String address = network(peer);
    Duration byUser = delay(new Key(address, user), FREE_PER_USER);
    Duration byAddress = delay(new Key(address, null), FREE_PER_ADDRESS);
    return byUser.compareTo(byAddress) > 0 ? byUser : byAddress;
  }

  /// Ends an attempt that failed.
  synchronized void failed(InetAddress peer, String user) {
    String address = network(peer);
    Instant now = clock.instant();
    for (Key key : new Key[] {new Key(address, user), new Key(address, null)}) {
      failures.put(key, new Failures(Math.max(1, count(key)), now));
    }
  }

  /// Ends an attempt that succeeded, and forgets the failures of this user from there; those of
  /// others from there stay.
  synchronized void succeeded(InetAddress peer, String user) {
    String address = network(peer);
    failures.remove(new Key(address, user));
    Key all = new Key(address, null);
    Failures known = failures.get(all);
    if (known != null && known.count() > 1) {
      failures.put(all, new Failures(known.count() - 1, known.last()));
    } else {
      failures.remove(all);
    }
  }

  synchronized int size() {
    return failures.size();
  }

  private Duration delay(Key key, int free) {
    int beyond = count(key) - free;
    if (beyond <= 0) {
      return Duration.ZERO;
    }
    Duration delay = FIRST;
    for (int i = 1; i < beyond && delay.compareTo(LONGEST) < 0; i++) {
      delay = delay.multipliedBy(2);
    }
    return delay;
  }

  private int count(Key key) {
    Failures known = failures.get(key);
    if (known == null || !known.last().plus(FORGOTTEN_AFTER).isAfter(clock.instant())) {
      return 0;
    }
    return known.count();
  }

  /// An IPv6 host has a whole /64 to itself and can change its address at will.
  private static String network(InetAddress peer) {
    byte[] octets = peer.getAddress();
    return HexFormat.of()
        .formatHex(
            peer instanceof Inet6Address ? Arrays.copyOf(octets, IPV6_NETWORK_OCTETS) : octets);
  }
}
