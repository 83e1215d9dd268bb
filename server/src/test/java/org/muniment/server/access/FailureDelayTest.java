package org.muniment.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FailureDelayTest {

  private static final InetAddress HERE = InetAddress.ofLiteral("192.0.2.1");
  private static final InetAddress THERE = InetAddress.ofLiteral("192.0.2.2");

  private final MovableClock clock = new MovableClock();
  private final FailureDelay delay = new FailureDelay(clock);

  @Test
  void threeFailuresAreFreeThenEachDoublesTheDelayUpToTheLongest() {
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      delays.add(delay.before(HERE, "alice").toMillis());
      fail(1, HERE, "alice");
    }

    assertThat(delays)
        .containsExactly(0L, 0L, 0L, 0L, 250L, 500L, 1000L, 2000L, 4000L, 8000L, 8000L, 8000L);
  }

  @Test
  void failuresElsewhereDelayNobodyHere() {
    fail(10, HERE, "alice");

    assertThat(delay.before(THERE, "alice")).isZero();
    assertThat(delay.before(HERE, "bob")).isZero();
  }

  @Test
  void manyFailuresOfManyUsersDelayTheAddress() {
    for (int i = 0; i < 33; i++) {
      fail(1, HERE, "user" + i);
    }

    assertThat(delay.before(HERE, "alice")).isEqualTo(Duration.ofSeconds(1));
    assertThat(delay.before(THERE, "alice")).isZero();
  }

  @Test
  void addressesOfOneIpv6NetworkAreOne() {
    fail(5, InetAddress.ofLiteral("2001:db8::1"), "alice");

    assertThat(delay.before(InetAddress.ofLiteral("2001:db8::ffff:1"), "alice")).isPositive();
    assertThat(delay.before(InetAddress.ofLiteral("2001:db8:0:1::1"), "alice")).isZero();
  }

  @Test
  void successDoesNotCountAgainstTheAddress() {
    for (int i = 0; i < 100; i++) {
      assertThat(delay.attempt(HERE, "alice")).isZero();
      delay.succeeded(HERE, "alice");
    }
    assertThat(delay.size()).isZero();
  }

  @Test
  void successKeepsNoOldFailureInMind() {
    fail(40, HERE, "bob");
    clock.forward(Duration.ofMinutes(14));
    delay.attempt(HERE, "alice");
    delay.succeeded(HERE, "alice");
    assertThat(delay.before(HERE, "carol")).isPositive();
    clock.forward(Duration.ofMinutes(1));

    assertThat(delay.before(HERE, "carol")).isZero();
  }

  @Test
  void successForgetsTheFailuresOfTheUser() {
    fail(10, HERE, "alice");
    delay.succeeded(HERE, "alice");

    assertThat(delay.before(HERE, "alice")).isZero();
  }

  @Test
  void failuresAreForgottenInTime() {
    fail(10, HERE, "alice");
    clock.forward(Duration.ofMinutes(15));

    assertThat(delay.before(HERE, "alice")).isZero();
  }

  @Test
  void memoryIsBoundedAndTheBusyAddressIsNotForgotten() {
    for (int i = 0; i < 2 * FailureDelay.MOST_KEYS; i++) {
      fail(1, HERE, "user" + i);
    }

    assertThat(delay.size()).isEqualTo(FailureDelay.MOST_KEYS);
    assertThat(delay.before(HERE, "alice")).isEqualTo(FailureDelay.LONGEST);
  }

  private void fail(int times, InetAddress peer, String user) {
    for (int i = 0; i < times; i++) {
      delay.attempt(peer, user);
      delay.failed(peer, user);
    }
  }
}
