package org.muniment.indexer.extract;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The end of the time for an answer. Either it is met or it passes, and whichever comes second
/// finds that it came second.
final class Deadline {

  private final CompletableFuture<Boolean> met = new CompletableFuture<>();

  /// @param longest from now
  /// @param passed done once it has passed, in a thread of its own
  Deadline(Duration longest, Runnable passed) {
    CompletableFuture<Void> _ =
        met.completeOnTimeout(false, longest.toMillis(), TimeUnit.MILLISECONDS)
            .thenAcceptAsync(inTime -> run(inTime, passed), Thread::startVirtualThread);
  }

  private static void run(boolean inTime, Runnable passed) {
    if (!inTime) {
      passed.run();
    }
  }

  /// Says that the answer is there.
  ///
  /// @return false when that is too late
  boolean meet() {
    met.complete(true);
    return met.join();
  }
}
