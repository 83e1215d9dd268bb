package org.muniment.indexer.index;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Messages that are added to an index by two threads, each taking the next. However it ends, those
/// before [#added] are in the index afterwards and the others are not.
final class Chunk<T> {

  /// What happens to a message.
  interface Step<T> {
    void on(T message) throws IOException;
  }

  private final List<T> messages;
  private final BooleanSupplier ending;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  /// Each is written by the thread that took the message.
  private final boolean[] done;

  /// @param ending whether no further message is to be taken
  Chunk(List<T> messages, BooleanSupplier ending) {
    this.messages = messages;
    this.ending = ending;
    this.done = new boolean[messages.size()];
  }

  /// Adds the messages, here and in one thread more; returns when both are done.
  ///
  /// @param second runs what it is given in the other thread
  /// @param remove called for those that were added behind one that could not be
  void add(Executor second, Step<T> add, Step<T> remove) {
    CompletableFuture<Void> other =
        messages.size() > 1
            ? CompletableFuture.runAsync(() -> addNext(add), second)
            : CompletableFuture.completedFuture(null);
    addNext(add);
    other.join();
    IntStream.range(added(), done.length)
        .filter(at -> done[at])
        .forEach(at -> attempt(remove, messages.get(at)));
  }

  private void addNext(Step<T> add) {
    while (failure.get() == null && !ending.getAsBoolean()) {
      int at = next.getAndIncrement();
      if (at >= messages.size()) {
        return;
      }
      done[at] = attempt(add, messages.get(at));
    }
  }

  private boolean attempt(Step<T> step, T message) {
    try {
      step.on(message);
      return true;
    } catch (IOException | RuntimeException | Error e) {
      @Nullable Throwable first = failure.compareAndExchange(null, e);
      if (first != null) {
        first.addSuppressed(e);
      }
      return false;
    }
  }

  /// How many, from the first one, were added.
  int added() {
    int added = 0;
    while (added < done.length && done[added]) {
      added++;
    }
    return added;
  }

  /// Throws what has kept a message from being added, or taken out again; returns when nothing has.
  void check() throws IOException {
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }
}
