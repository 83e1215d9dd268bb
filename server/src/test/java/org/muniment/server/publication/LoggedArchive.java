package org.muniment.server.publication;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.ContentIndex;
import org.muniment.archive.Location;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.access.StateDatabase;

/// A real archive with `state.db` beside it, and a clock that is moved by hand.
final class LoggedArchive implements AutoCloseable {

  private final Path folder;
  private final Archive archive;
  private final ArchiveWriter writer;
  private final StateDatabase state;
  private final Ledger ledger;
  private Instant now = Instant.parse("2026-03-01T12:00:00Z");

  LoggedArchive(Path folder) throws IOException {
    this.folder = folder;
    archive = Archive.create(folder.resolve("archive"), "test.example/log", RootKeys.NONE);
    writer = archive.writer(new NothingYet());
    state = StateDatabase.open(folder.resolve("state.db"));
    ledger = new Ledger(state);
    grow();
  }

  /// Adds an entry to the log.
  void grow() throws IOException {
    writer.createMailbox(new AccountName("alice"), SourceText.of("INBOX"), "/", Set.of());
    writer.commit();
  }

  Publication publication(Target... targets) {
    return publication(Duration.ofSeconds(20), targets);
  }

  Publication publication(Duration deadline, Target... targets) {
    return new Publication(archive, writer, List.of(targets), ledger, clock(), deadline);
  }

  PublicationHealth health(Target... targets) {
    return new PublicationHealth(Stream.of(targets).map(Target::name).toList(), ledger, clock());
  }

  Standing standing(Target target) {
    return ledger.standings(List.of(target.name())).getFirst();
  }

  InstantSource clock() {
    return () -> now;
  }

  void forward(Duration duration) {
    now = now.plus(duration);
  }

  ArchiveWriter writer() {
    return writer;
  }

  Path directory() {
    return archive.directory();
  }

  /// What is kept in the archive under this size.
  Path kept(long size) {
    return folder.resolve("archive/log/checkpoints/" + size);
  }

  @Override
  public void close() throws IOException {
    try (archive;
        state;
        writer) {
      // closed in the reverse order
    }
  }

  /// Knows no message.
  private static final class NothingYet implements ContentIndex {
    @Override
    public long position() {
      return 0;
    }

    @Override
    public @Nullable Location find(ContentId id) {
      return null;
    }

    @Override
    public @Nullable Location findPart(ContentId id) {
      return null;
    }
  }
}
