package org.muniment.server.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Arrival;
import org.muniment.archive.content.Octets;

class InflowTest {

  @TempDir Path folder;
  private TestArchive archive;
  private Inflow inflow;
  private final List<Integer> placed = new CopyOnWriteArrayList<>();
  private final List<Integer> closed = new CopyOnWriteArrayList<>();
  private final List<Integer> unclosable = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws IOException {
    archive = new TestArchive(folder);
    inflow = new Inflow(archive.writer());
  }

  @AfterEach
  void close() throws IOException {
    archive.close();
  }

  @Test
  void messagesArePlacedInTheOrderInWhichTheyCameAndThenClosed() throws IOException {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      // The first ones take longest to prepare.
      inflow.add(new Numbered(i, i < 3 ? 1_000_000 : 100), message -> placed.add(number(message)));
      all.add(i);
    }
    inflow.finish();
    assertThat(placed).isEqualTo(all);
    assertThat(closed).isEqualTo(all);
  }

  @Test
  void itsThreadEndsWithIt() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    inflow.add(new Numbered(0, 100), message -> thread.complete(Thread.currentThread()));
    inflow.finish();
    assertThat(thread.join().isAlive()).isTrue();
    inflow.close();
    assertThat(thread.join().join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void noMoreThanSomeMegabytesAreOnTheirWay() throws IOException {
    int most = (int) (Inflow.MOST >> 20);
    for (int i = 0; i < 5 * most; i++) {
      inflow.add(new Numbered(i, 1 << 20), message -> placed.add(number(message)));
      assertThat(i + 1 - placed.size()).isLessThanOrEqualTo(most);
    }
    inflow.close();
  }

  @Test
  void aMessageThatCannotBePlacedLeavesNoneOpen() throws IOException {
    inflow.add(
        new Numbered(0, 3 << 20),
        message -> {
          throw new IOException("refused");
        });
    assertThatThrownBy(
            () -> {
              inflow.add(new Numbered(1, 3 << 20), message -> placed.add(number(message)));
              inflow.finish();
            })
        .hasMessage("refused");
    inflow.close();
    assertThat(placed).isEmpty();
    assertThat(closed).containsExactly(0, 1);
  }

  @Test
  void whatFollowsMessagesIsDoneAfterThemAndBeforeTheNext() throws IOException {
    inflow.add(new Numbered(0, 1_000_000), message -> placed.add(number(message)));
    inflow.then(() -> placed.add(-1));
    inflow.add(new Numbered(1, 100), message -> placed.add(number(message)));
    inflow.finish();
    assertThat(placed).containsExactly(0, -1, 1);
  }

  @Test
  void closingEndsEachMessageAlsoWhereOneCannotBeEnded() throws Exception {
    CountDownLatch full = new CountDownLatch(1);
    inflow.add(
        new Numbered(0, 100),
        message -> {
          awaitTurn(full);
          throw new IOException("refused");
        });
    for (int i = 1; i < 4; i++) {
      inflow.add(new Numbered(i, 100), message -> placed.add(number(message)));
    }
    unclosable.addAll(List.of(1, 2));
    full.countDown();
    assertThatThrownBy(inflow::close)
        .hasMessage("1 stays open")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(placed).isEmpty();
    assertThat(closed).containsExactly(0, 1, 2, 3);
  }

  private static void awaitTurn(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int number(Arrival message) {
    return ((Numbered) message.octets()).number;
  }

  /// Octets that tell when they are closed.
  private final class Numbered implements Octets {
    private final int number;
    private final byte[] octets;

    Numbered(int number, int length) {
      this.number = number;
      this.octets = (number + ":" + "x".repeat(length)).getBytes(US_ASCII);
    }

    @Override
    public long length() {
      return octets.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(octets);
    }

    @Override
    public void close() {
      closed.add(number);
      if (unclosable.contains(number)) {
        throw new IllegalStateException(number + " stays open");
      }
    }
  }
}
