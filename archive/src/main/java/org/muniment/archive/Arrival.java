package org.muniment.archive;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.muniment.archive.content.Octets;

/// A message that another thread hashes, cuts and compresses before it is appended: what
/// [ArchiveWriter#prepare] gives and [ArchiveWriter#append] takes.
public final class Arrival {

  private final Octets octets;
  private final CompletableFuture<Preparation.Draft> draft;

  Arrival(Octets octets, CompletableFuture<Preparation.Draft> draft) {
    this.octets = octets;
    this.draft = draft;
  }

  /// The message. To stay readable until it was appended, or [#join] has returned.
  public Octets octets() {
    return octets;
  }

  /// Whether appending need not wait.
  public boolean isDone() {
    return draft.isDone();
  }

  /// Waits until nobody reads the octets any more, whether that went well or not.
  public void join() {
    draft.handle((done, failure) -> true).join();
  }

  Preparation.Draft draft() throws IOException {
    join();
    return switch (draft.state()) {
      case FAILED -> throw failure(draft.exceptionNow());
      case SUCCESS, CANCELLED, RUNNING -> draft.resultNow();
    };
  }

  private static IOException failure(Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> new IOException(cause);
    };
  }
}
