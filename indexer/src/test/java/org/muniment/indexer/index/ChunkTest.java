package org.muniment.indexer.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChunkTest {

  private static final int MESSAGES = 200;

  private final ExecutorService second = Executors.newSingleThreadExecutor();
  private final List<Integer> messages = IntStream.range(0, MESSAGES).boxed().toList();
  private final Set<Integer> index = ConcurrentHashMap.newKeySet();
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

  @AfterEach
  void close() {
    second.close();
  }

  private void add(int message) throws IOException {
    threads.add(Thread.currentThread());
    if (!index.add(message)) {
      throw new IOException(message + " is there already");
    }
  }

  @Test
  void allAreAddedOnceByTwoThreads() throws IOException {
    Chunk<Integer> chunk = new Chunk<>(messages, () -> false);
    chunk.add(
        second,
        message -> {
          add(message);
          while (threads.size() < 2) {
            Thread.onSpinWait();
          }
        },
        index::remove);
    chunk.check();
    assertThat(chunk.added()).isEqualTo(MESSAGES);
    assertThat(index).hasSize(MESSAGES);
    assertThat(threads).hasSize(2).contains(Thread.currentThread());
  }

  @Test
  void oneAloneNeedsNoOtherThread() throws IOException {
    Chunk<Integer> chunk = new Chunk<>(List.of(7), () -> false);
    chunk.add(second, this::add, index::remove);
    chunk.check();
    assertThat(index).containsExactly(7);
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  @Test
  void nothingIsLeftBehindAMessageThatCannotBeAdded() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      index.clear();
      Set<Integer> bad = Set.of(random.nextInt(100), 100 + random.nextInt(100));
      Chunk<Integer> chunk = new Chunk<>(messages, () -> false);
      chunk.add(
          second,
          message -> {
            if (bad.contains(message)) {
              throw new IOException("no " + message);
            }
            add(message);
          },
          index::remove);
      int added = chunk.added();
      assertThat(bad).as("seed %d", seed).contains(added);
      assertThat(index)
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(messages.subList(0, added));
      assertThatThrownBy(chunk::check).isInstanceOf(IOException.class).hasMessageStartingWith("no");
    }
  }

  @Test
  void whoeverEndsKeepsTheFirst() {
    AtomicBoolean ending = new AtomicBoolean();
    Chunk<Integer> chunk = new Chunk<>(messages, ending::get);
    chunk.add(
        second,
        message -> {
          add(message);
          ending.compareAndSet(false, message >= 50);
        },
        index::remove);
    assertThat(chunk.added()).isBetween(51, 53);
    assertThat(index).hasSize(chunk.added());
    assertThatCode(chunk::check).doesNotThrowAnyException();
  }

  @Test
  void errorsAreNotLost() {
    Chunk<Integer> chunk = new Chunk<>(messages, () -> false);
    chunk.add(
        second,
        _ -> {
          throw new StackOverflowError("deep");
        },
        index::remove);
    assertThat(chunk.added()).isZero();
    assertThatThrownBy(chunk::check).isInstanceOf(StackOverflowError.class);
  }
}
