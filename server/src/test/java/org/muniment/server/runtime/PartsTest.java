package org.muniment.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class PartsTest {

  private final Parts parts = new Parts();
  private final List<String> closed = new CopyOnWriteArrayList<>();

  @Test
  void theyAreClosedInTheReverseOrderAlsoWhereOneFails() {
    parts.add(() -> closed.add("first"));
    parts.add(
        () -> {
          throw new IllegalStateException("does not close");
        });
    parts.add(() -> closed.add("last"));
    parts.close();
    parts.close();
    assertThat(closed).containsExactly("last", "first");
  }

  @Test
  void whoeverClosesWaitsUntilAllIsClosed() throws Exception {
    CountDownLatch closing = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    parts.add(() -> closed.add("first"));
    parts.add(
        () -> {
          closing.countDown();
          go.await();
          closed.add("last");
        });
    Thread one = Thread.ofPlatform().start(parts::close);
    closing.await();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  parts.close();
                  closed.add("all");
                });
    while (other.isAlive() && other.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    go.countDown();
    one.join();
    other.join();
    assertThat(closed).containsExactly("last", "first", "all");
  }
}
