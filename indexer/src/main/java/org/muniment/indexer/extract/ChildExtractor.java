package org.muniment.indexer.extract;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads documents in a process of its own, one at a time. The process is started when there is a
/// document, and anew when it died, and now and then so that nothing adds up in it.
///
/// A document of which it dies is given to a fresh one once more, in case others were to blame.
public final class ChildExtractor implements Extractor {

  private static final Logger LOG = LoggerFactory.getLogger(ChildExtractor.class);

  /// Documents that one process reads.
  private static final int DOCUMENTS = 1_000;

  /// A process that has nothing to do is ended after this time.
  static final Duration IDLE = Duration.ofMinutes(3);

  private final ChildSettings settings;
  private final Path folder;
  private volatile @Nullable Child child;
  private volatile boolean closed;
  private int documents;
  private long used;

  /// @param folder for what the process writes; all that is in it is deleted, here already: a crash
  ///   may have left what was read last
  public ChildExtractor(ChildSettings settings, Path folder) {
    this.settings = settings;
    this.folder = folder;
    deleteBelow(folder);
  }

  @Override
  public String version() {
    return settings.version();
  }

  @Override
  public synchronized Extraction extract(Path document, String name, String type)
      throws IOException {
    Extraction first = attempt(document, name, type);
    boolean died =
        first.status() == ExtractionStatus.CRASHED || first.status() == ExtractionStatus.MEMORY;
    return died ? attempt(document, name, type) : first;
  }

  private Extraction attempt(Path document, String name, String type) throws IOException {
    Child reading = child();
    Extraction extraction = reading.read(document, name, type);
    used = System.nanoTime();
    if (closed) {
      throw new ExtractorClosedException();
    }
    if (++documents >= DOCUMENTS || !reading.isAlive()) {
      end();
    }
    return extraction;
  }

  private Child child() throws IOException {
    Child running = child;
    if (running != null && running.isAlive()) {
      return running;
    }
    end();
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Child fresh = Child.start(settings, folder);
    // Known before it is ready, so that closing ends it.
    child = fresh;
    try {
      if (!closed) {
        fresh.awaitReady();
      }
    } catch (IOException e) {
      if (!closed) {
        throw e;
      }
    }
    if (closed) {
      end();
      throw new ExtractorClosedException();
    }
    return fresh;
  }

  @Override
  public synchronized void rest() {
    if (child != null && System.nanoTime() - used > IDLE.toNanos()) {
      end();
    }
  }

  /// Ends the process and deletes what it left.
  private void end() {
    Child running = child;
    if (running != null) {
      running.kill();
    }
    child = null;
    documents = 0;
    deleteBelow(folder);
  }

  /// What cannot be deleted is no reason to lose what was read.
  private static void deleteBelow(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try {
      Files.walkFileTree(folder, new Deleting(folder));
    } catch (IOException e) {
      LOG.warn("{} cannot be emptied: {}", folder, e.toString());
    }
  }

  /// Deletes all but the folder itself.
  private static final class Deleting extends SimpleFileVisitor<Path> {
    private final Path top;

    Deleting(Path top) {
      this.top = top;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
        throws IOException {
      if (!directory.equals(top)) {
        Files.delete(directory);
      }
      return FileVisitResult.CONTINUE;
    }
  }

  /// Whether a process runs.
  synchronized boolean running() {
    Child running = child;
    return running != null && running.isAlive();
  }

  @Override
  public void close() {
    closed = true;
    Child running = child;
    if (running != null) {
      running.kill();
    }
    synchronized (this) {
      end();
    }
  }
}
