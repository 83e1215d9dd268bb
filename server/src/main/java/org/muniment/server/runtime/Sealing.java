package org.muniment.server.runtime;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.Storage;
import org.muniment.archive.event.Event;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.Follower;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Seals the archive when that is due, for as long as this process is its writer, and when somebody
/// asks for it. A failure is logged, tried again, and shown; it stops nothing else.
///
/// A sealing waits until the catalogue has followed the one before: otherwise it would not find the
/// parts that are sealed already, and keep them twice. Safe for use by many threads, of which one
/// seals at a time.
public final class Sealing implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

  /// Time between two looks whether sealing is due.
  private static final Duration LOOK = Duration.ofMinutes(1);

  /// The same while mail arrives: a journal may be full within a second.
  private static final Duration BUSY_LOOK = Duration.ofSeconds(5);

  private final Archive archive;
  private final ArchiveWriter writer;
  private final Catalogue catalogue;
  private final CatalogueFollower following;
  private final Follower follower = new Follower("sealing", LOOK, this::sealDue);

  /// Position at which the catalogue knows of the last sealing. Guarded by this.
  private long sealedAt;

  private volatile long signalled = System.nanoTime();

  Sealing(Archive archive, ArchiveWriter writer, Catalogue catalogue, CatalogueFollower following) {
    this.archive = archive;
    this.writer = writer;
    this.catalogue = catalogue;
    this.following = following;
  }

  /// Begins to look in a thread of its own, until closed.
  public void start() {
    follower.start();
  }

  /// Has it stand back while this is so.
  void standBackWhile(BooleanSupplier busy) {
    follower.standBackWhile(busy);
  }

  /// Says that something was committed.
  void committed() {
    long now = System.nanoTime();
    if (now - signalled >= BUSY_LOOK.toNanos()) {
      signalled = now;
      follower.signal();
    }
  }

  /// Why it does not seal at present; empty when it does.
  public Optional<Exception> failure() {
    return follower.failure();
  }

  private synchronized void sealDue() throws IOException {
    if (catalogue.position() >= sealedAt) {
      Event.Seal seal = writer.sealDue((messages, octets) -> follower.breathe());
      if (seal != null) {
        sealedAt = archive.size();
        LOG.info("sealed: {}", seal.segments());
      }
    }
  }

  /// Seals now, whether it is due or not.
  ///
  /// @param retire whether to remove the journals that are sealed, then
  /// @return what was sealed
  public synchronized Outcome seal(boolean retire, TotalProgress progress) throws IOException {
    if (catalogue.position() < sealedAt) {
      following.catchUp();
    }
    Storage before = archive.storage();
    Count count = new Count(catalogue.messages().capturedSince(before.sealed()), progress);
    Event.@Nullable Seal seal = writer.seal(count);
    if (seal != null) {
      sealedAt = archive.size();
    }
    OptionalInt removed = retire ? writer.retire(Duration.ZERO) : OptionalInt.of(0);
    List<Event.SealedSegment> segments = seal == null ? List.of() : seal.segments();
    return new Outcome(
        segments.stream().map(Event.SealedSegment::number).toList(),
        count.messages,
        count.octets,
        before.unsealed().octets(),
        segments.stream().mapToLong(Event.SealedSegment::length).sum(),
        removed.orElse(0),
        removed.isEmpty());
  }

  /// Ends after the present sealing.
  @Override
  public void close() {
    follower.close();
  }

  /// What a sealing did.
  ///
  /// @param segments numbers of the segments that were made; empty when there was nothing to seal
  /// @param messages in them
  /// @param octets of these messages
  /// @param before octets of the journals that were sealed
  /// @param after octets of the segments
  /// @param removed number of journals that were removed
  /// @param held whether some were to be removed and stayed, because a backup is running
  public record Outcome(
      List<Long> segments,
      long messages,
      long octets,
      long before,
      long after,
      int removed,
      boolean held) {
    public Outcome {
      segments = List.copyOf(segments);
    }
  }

  private static final class Count implements Progress {
    private final long total;
    private final TotalProgress progress;
    private long messages;
    private long octets;

    Count(long total, TotalProgress progress) {
      this.total = total;
      this.progress = progress;
    }

    @Override
    public void at(long done, long handled) {
      messages = done;
      octets = handled;
      progress.at(done, total, handled);
    }
  }
}
