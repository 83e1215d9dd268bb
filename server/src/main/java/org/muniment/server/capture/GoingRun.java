package org.muniment.server.capture;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.net.Traffic;
import org.muniment.server.config.AccountConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A run that goes on: its terms, who hears of it, and the watch over it.
///
/// A run that comes no further loses its connections, which ends it wherever it waits for a server.
/// One that still does not end waits for something else; it is given up: its thread is left to
/// itself, and can do nothing to the archive any more. It is never interrupted, because an
/// interrupt closes the files that it is at.
final class GoingRun implements CaptureProgress, Terms {

  private static final Logger LOG = LoggerFactory.getLogger(GoingRun.class);

  /// Fewer octets in the time of the watchdog's patience are not worth the name of progress.
  static final long LEAST_OCTETS = 1 << 20;

  /// Octets after which what came is counted against the day.
  private static final long COUNTED_EVERY = 256 << 10;

  /// For a run without connections to end by itself, as part of the patience.
  private static final int GRACE = 10;

  private final CaptureService service;
  private final AccountConfig account;
  private final CaptureLedger ledger;
  private final Clock clock;
  private final Duration patience;
  private final boolean evenSo;
  private final Traffic traffic;
  private final CompletableFuture<CaptureOutcome> outcome = new CompletableFuture<>();
  private final List<CaptureProgress> listeners = new CopyOnWriteArrayList<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicBoolean gaveBack = new AtomicBoolean();
  private final AtomicLong moves = new AtomicLong();

  /// Held for reading while something is done to the archive, for writing to give the run up.
  private final ReentrantReadWriteLock archive = new ReentrantReadWriteLock();

  private volatile @Nullable Step step;
  private volatile @Nullable Thread thread;
  private volatile Runnable giveBack = () -> {};
  private volatile boolean begun;
  private volatile boolean another;
  private volatile boolean givenUp;
  private volatile @Nullable Pause endedBy;
  private volatile long counted;

  // Of the watchdog alone.
  private long seenMoves;
  private long seenOctets;
  private long movedAt;
  private @Nullable String stuck;

  /// @param evenSo also when it is not the time
  GoingRun(
      CaptureService service,
      AccountConfig account,
      CaptureLedger ledger,
      Clock clock,
      Duration patience,
      boolean evenSo) {
    this.service = service;
    this.account = account;
    this.ledger = ledger;
    this.clock = clock;
    this.patience = patience;
    this.evenSo = evenSo;
    this.traffic = new Traffic(account.limits().bandwidth());
  }

  AccountConfig account() {
    return account;
  }

  CompletableFuture<CaptureOutcome> outcome() {
    return outcome;
  }

  void tell(CaptureProgress listener) {
    if (!listener.equals(NONE)) {
      listeners.add(listener);
    }
  }

  /// One more run is to follow, unless this one is still to begin.
  void wantAnother() {
    if (begun) {
      another = true;
    }
  }

  boolean isAnotherWanted() {
    return another;
  }

  /// From the thread of the run.
  void begin() {
    thread = Thread.currentThread();
    begun = true;
  }

  /// @param work gives back what the run holds
  void holds(Runnable work) {
    giveBack = work;
  }

  /// Gives back what the run holds, once.
  void giveBack() {
    if (gaveBack.compareAndSet(false, true)) {
      giveBack.run();
    }
  }

  /// @return whether it was open
  boolean close() {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    count();
    return true;
  }

  @Override
  public void at(Step now) {
    step = now;
    listeners.forEach(listener -> listener.at(now));
  }

  @Nullable Step step() {
    return step;
  }

  @Override
  public Traffic traffic() {
    return traffic;
  }

  @Override
  public void moved() {
    moves.incrementAndGet();
  }

  @Override
  public boolean stop() {
    if (service.isStopping()) {
      return true;
    }
    if (evenSo) {
      return false;
    }
    if (traffic.octets() - counted >= COUNTED_EVERY) {
      count();
    }
    endedBy = ledger.limit(account, clock.instant()).orElse(null);
    return endedBy != null;
  }

  /// Which limit ended it.
  Optional<Pause> endedBy() {
    return Optional.ofNullable(endedBy);
  }

  @Override
  public String reason() {
    Pause limit = endedBy;
    return AccountRun.STOPPED.display() + (limit == null ? "" : ": " + limit.reason());
  }

  private synchronized void count() {
    long now = traffic.octets();
    if (now > counted && account.limits().perDay() != 0) {
      ledger.came(account.name(), now - counted, clock.instant());
    }
    counted = now;
  }

  @Override
  public <T> T write(Work<T> work) throws IOException {
    archive.readLock().lock();
    try {
      if (givenUp) {
        throw new IOException("the run was given up");
      }
      return work.run();
    } finally {
      archive.readLock().unlock();
    }
  }

  /// Looks whether the run comes further. From the thread of the watchdog only.
  void look() {
    long now = System.nanoTime();
    if (!begun || moves.get() == 0) {
      return; // it waits for its place, or for the catalogue, which may be made anew
    }
    if (moves.get() != seenMoves || traffic.octets() - seenOctets >= LEAST_OCTETS) {
      seenMoves = moves.get();
      seenOctets = traffic.octets();
      movedAt = now;
    } else if (stuck == null && now - movedAt >= patience.toNanos()) {
      end(now);
    } else if (stuck != null && now - movedAt >= patience.toNanos() / GRACE) {
      giveUp(stuck);
    }
  }

  private void end(long now) {
    Step at = step;
    String words =
        "stuck at %s: nothing came forward for %s"
            .formatted(at == null ? "the beginning" : at.mailbox(), words(patience));
    LOG.warn("{}: {}\n{}", account.name(), words, stack());
    stuck = words;
    movedAt = now;
    traffic.cut(words);
  }

  private static String words(Duration time) {
    return time.toMinutes() > 0 ? time.toMinutes() + " minutes" : time.toMillis() + " ms";
  }

  private String stack() {
    Thread running = thread;
    return running == null
        ? ""
        : Arrays.stream(running.getStackTrace())
            .map(frame -> "  at " + frame)
            .collect(Collectors.joining("\n"));
  }

  private void giveUp(String words) {
    if (!archive.writeLock().tryLock()) {
      LOG.warn("{}: {}; it waits for the archive\n{}", account.name(), words, stack());
      return;
    }
    try {
      givenUp = true;
      // What it appended and did not commit would be fetched, and appended, again.
      service.settle();
    } catch (IOException e) {
      LOG.warn("{}: {}; and the archive takes nothing", account.name(), words, e);
      return;
    } finally {
      archive.writeLock().unlock();
    }
    LOG.warn("{}: {}; its thread does not end and is left\n{}", account.name(), words, stack());
    AccountName name = account.name();
    Instant now = clock.instant();
    giveBack();
    service.end(this, new CaptureOutcome.Aborted(name, now, now, words));
  }
}
