package org.muniment.server.publication;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.server.config.TargetConfig;

/// Sends the newest checkpoint to the targets, each by itself, and writes down what they confirm.
/// What is sent is kept in the archive first. Safe for use by many threads.
public final class Publication implements Closeable {

  /// A target that has the newest checkpoint gets it again after this long, so that one attempt may
  /// fail before it counts as dead.
  static final Duration AGAIN = Standing.ALIVE.dividedBy(2);

  /// A target that has not taken a checkpoint after this long has failed.
  static final Duration DEADLINE = Duration.ofMinutes(2);

  private static final int MAX_WORDS = 300;
  private static final Duration END = Duration.ofSeconds(5);

  private final Archive archive;
  private final ArchiveWriter writer;
  private final List<Target> targets;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Duration deadline;

  /// Threads that nobody waits for: a file system that hangs lets go of none.
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().daemon().name("publication-", 0).factory());

  /// Targets that are being sent to.
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  Publication(
      Archive archive,
      ArchiveWriter writer,
      List<Target> targets,
      Ledger ledger,
      InstantSource clock,
      Duration deadline) {
    this.archive = archive;
    this.writer = writer;
    this.targets = List.copyOf(targets);
    this.ledger = ledger;
    this.clock = clock;
    this.deadline = deadline;
  }

  /// @param writer of `archive`
  /// @param targets those of the configuration
  public static Publication of(
      Archive archive,
      ArchiveWriter writer,
      List<TargetConfig> targets,
      Ledger ledger,
      InstantSource clock) {
    return new Publication(
        archive,
        writer,
        targets.stream().map(target -> Target.of(target, archive.directory())).toList(),
        ledger,
        clock,
        DEADLINE);
  }

  /// Sends to each target that does not have the newest checkpoint, or confirmed it long ago.
  ///
  /// @return one for each of them
  /// @throws IOException when the checkpoint cannot be read or kept; nothing was sent then
  public List<Delivery> publishDue() throws IOException {
    long size = archive.size();
    Instant now = clock.instant();
    return publish(standing -> isDue(standing, size, now));
  }

  /// Sends to every target.
  ///
  /// @return one for each
  /// @throws IOException when the checkpoint cannot be read or kept; nothing was sent then
  public List<Delivery> publishAll() throws IOException {
    return publish(standing -> true);
  }

  private static boolean isDue(Standing standing, long size, Instant now) {
    Standing.Confirmation last = standing.confirmation();
    return last == null
        || !standing.trouble().isEmpty()
        || last.size() != size
        || !now.isBefore(last.at().plus(AGAIN));
  }

  private synchronized List<Delivery> publish(Predicate<Standing> due) throws IOException {
    Set<String> names =
        ledger.standings(targets.stream().map(Target::name).toList()).stream()
            .filter(due)
            .map(Standing::target)
            .collect(Collectors.toSet());
    if (names.isEmpty()) {
      return List.of();
    }
    SignedCheckpoint checkpoint = keep(names);
    List<Sending> begun = new ArrayList<>();
    for (Target target : targets) {
      if (names.contains(target.name())) {
        begun.add(new Sending(target, threads.submit(() -> deliver(target, checkpoint))));
      }
    }
    List<Delivery> deliveries = new ArrayList<>();
    long end = System.nanoTime() + deadline.toNanos();
    for (Sending sending : begun) {
      deliveries.add(await(sending, checkpoint, end - System.nanoTime()));
    }
    return deliveries;
  }

  /// @param names of those that it is to be sent to
  private SignedCheckpoint keep(Set<String> names) throws IOException {
    try {
      return writer.keepCheckpoint();
    } catch (IOException e) {
      names.forEach(name -> ledger.trouble(name, words(e)));
      throw e;
    }
  }

  /// A target at work.
  private record Sending(Target target, Future<Delivery> delivery) {}

  private Delivery await(Sending sending, SignedCheckpoint checkpoint, long nanoseconds)
      throws IOException {
    try {
      return sending.delivery().get(nanoseconds, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      sending.delivery().cancel(true);
      return failed(
          sending.target(), checkpoint, "did not take it within " + deadline.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the publication was broken off", e);
    } catch (ExecutionException e) {
      throw new IOException("state.db does not take what was confirmed: " + e.getCause(), e);
    }
  }

  private Delivery deliver(Target target, SignedCheckpoint checkpoint) {
    if (!busy.add(target.name())) {
      return failed(target, checkpoint, "still does not let go of the attempt before");
    }
    try {
      target.send(checkpoint);
      return arrived(target, checkpoint.checkpoint().size(), target.outside());
    } catch (IOException | RuntimeException e) {
      // Also a defect of this program costs no other target.
      return failed(target, checkpoint, words(e));
    } finally {
      busy.remove(target.name());
    }
  }

  private Delivery arrived(Target target, long size, boolean outside) {
    if (outside) {
      ledger.confirmed(target.name(), new Standing.Confirmation(size, clock.instant()));
    } else {
      ledger.trouble(target.name(), Delivery.INSIDE);
    }
    return new Delivery(target.name(), size, outside, "");
  }

  private Delivery failed(Target target, SignedCheckpoint checkpoint, String reason) {
    ledger.trouble(target.name(), reason);
    return new Delivery(target.name(), checkpoint.checkpoint().size(), false, reason);
  }

  /// What went wrong, on one line: a server may answer with anything.
  static String words(Exception e) {
    String said =
        e instanceof FileSystemException file
            ? "cannot write " + file.getFile() + ": " + reason(file)
            : Objects.requireNonNullElse(e.getMessage(), "");
    StringBuilder line = new StringBuilder();
    said.strip()
        .codePoints()
        .limit(MAX_WORDS)
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return line.isEmpty() ? e.getClass().getSimpleName() : line.toString();
  }

  private static String reason(FileSystemException e) {
    return e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
  }

  /// Ends what is being sent.
  @Override
  public void close() {
    threads.shutdownNow();
    try {
      // What hangs in a file system for longer ends with the program.
      threads.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
