package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PlacesTest {

  private final BlockingQueue<String> entered = new LinkedBlockingQueue<>();
  private final BlockingQueue<Places.Place> places = new LinkedBlockingQueue<>();

  /// Comes as far as waiting, or in.
  private void come(Places to, String name, String host, boolean troubled) throws Exception {
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  Places.Place place = to.enter(host, troubled);
                  entered.add(name);
                  places.add(place);
                });
    while (thread.getState() != Thread.State.WAITING
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.sleep(1);
    }
  }

  private String next() throws Exception {
    String name = entered.poll(10, TimeUnit.SECONDS);
    return name == null ? "nobody" : name;
  }

  @Test
  void noMoreThanThereIsRoomForAndInTheOrderOfAsking() throws Exception {
    Places two = new Places(2, 2);
    for (String name : List.of("a", "b", "c", "d")) {
      come(two, name, name, false);
    }
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a", "b");
    assertThat(entered).isEmpty();
    places.take().leave();
    assertThat(next()).isEqualTo("c");
    places.take().leave();
    assertThat(next()).isEqualTo("d");
  }

  @Test
  void aHostThatIsFullKeepsNobodyElseWaiting() throws Exception {
    Places some = new Places(3, 1);
    come(some, "a1", "a", false);
    come(some, "a2", "a", false);
    come(some, "b1", "b", false);
    assertThat(List.of(next(), next())).containsExactlyInAnyOrder("a1", "b1");
    assertThat(entered).isEmpty();
    Places.Place one = places.take();
    Places.Place other = places.take();
    one.leave();
    other.leave();
    assertThat(next()).isEqualTo("a2");
  }

  @Test
  void whoCameToNothingLastTimeGoesAfterTheOthers() throws Exception {
    Places one = new Places(1, 1);
    come(one, "first", "a", false);
    assertThat(next()).isEqualTo("first");
    come(one, "silent", "b", true);
    come(one, "well", "c", false);
    places.take().leave();
    assertThat(next()).isEqualTo("well");
    places.take().leave();
    assertThat(next()).isEqualTo("silent");
  }
}
