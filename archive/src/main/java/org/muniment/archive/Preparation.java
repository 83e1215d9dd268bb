package org.muniment.archive;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;

/// What is done with a message before its turn to be written: it is hashed, and cut and compressed
/// when it seems to be new. Safe for use by many threads; has as many of its own as there are
/// processors.
final class Preparation implements AutoCloseable {

  private static final int IDLE_SECONDS = 10;

  private final Archive archive;
  private final ContentIndex index;
  private final Writing writing;
  private final ExecutorService threads;

  /// What the writer knows and the index does not yet.
  interface Writing {
    /// Whether a message was appended that the index may not know.
    boolean hasRecent(ContentId message);

    /// Whether the open journal has a part.
    boolean hasInJournal(ContentId part);

    /// A number that rises when a message is recent no more, because the index knows it.
    long forgotten();
  }

  Preparation(Archive archive, ContentIndex index, Writing writing) {
    this.archive = archive;
    this.index = index;
    this.writing = writing;
    int processors = Runtime.getRuntime().availableProcessors();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            processors,
            processors,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("archive-", 1).daemon().factory());
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /// Begins with a message in a thread of its own.
  ///
  /// @throws java.util.concurrent.RejectedExecutionException after [#close]
  Arrival begin(Octets octets) {
    CompletableFuture<Draft> draft = new CompletableFuture<>();
    threads.execute(() -> complete(draft, octets));
    return new Arrival(octets, draft);
  }

  private void complete(CompletableFuture<Draft> draft, Octets octets) {
    try {
      draft.complete(draft(octets));
    } catch (Throwable t) {
      draft.completeExceptionally(t);
    }
  }

  /// Does it here and now.
  Draft draft(Octets octets) throws IOException {
    Incoming message = Incoming.read(octets);
    long forgotten = writing.forgotten();
    boolean known = isIndexed(message);
    boolean isNew = !known && !writing.hasRecent(message.id());
    return new Draft(message, known, forgotten, isNew ? cut(message) : null);
  }

  /// Whether the index tells of a place where the message really is.
  boolean isIndexed(Incoming message) throws IOException {
    Location location = index.find(message.id());
    return location != null && archive.holds(message.id(), location, message.octets());
  }

  /// What has to be written of a message.
  Incoming.Prepared cut(Incoming message) throws IOException {
    return message.prepare(archive, index, writing::hasInJournal);
  }

  /// Begins with nothing more.
  @Override
  public void close() {
    threads.shutdown();
  }

  /// @param known whether the index knew the message
  /// @param forgotten as of before that was asked
  /// @param prepared what has to be written, null when the message seemed not to be new
  record Draft(
      Incoming message, boolean known, long forgotten, Incoming.@Nullable Prepared prepared) {}
}
