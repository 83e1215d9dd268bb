package org.muniment.server.command;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Work that Ctrl-C brings to an end in order.
final class Stoppable {

  /// How long the program waits for it.
  private static final long ENDING_SECONDS = 10;

  private Stoppable() {}

  /// Works.
  ///
  /// @param stop what has the work come to an end
  static <T> T run(Callable<T> work, Runnable stop) throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Thread stopping =
        new Thread(
            () -> {
              stop.run();
              try {
                ended.await(ENDING_SECONDS, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "shutdown");
    Runtime.getRuntime().addShutdownHook(stopping);
    try {
      return work.call();
    } finally {
      ended.countDown();
      CaptureCommand.forget(stopping);
    }
  }
}
