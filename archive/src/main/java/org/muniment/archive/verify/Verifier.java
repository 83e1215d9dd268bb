package org.muniment.archive.verify;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Contents;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;

/// Reads a whole archive, from its first octet to its checkpoint, and believes nothing that it has
/// not read. One run, one object.
/// - Octets ([SegmentCheck], [JournalCheck], [ContentCheck]), file by file on all processors: every
///   frame is opened, every part and every message is hashed, tables and footers name what is
///   there.
/// - Log ([LogCheck]), beside it: events are hashed into leaves, these are grown into a tree of
///   their own, and that is compared with the tiles, the checkpoint and all earlier ones.
/// - Then what is placed is compared with what is held, `seal` events with the segments, and the
///   files that are there with those that belong there ([Inventory]).
///
/// A writer may append, seal and remove journals meanwhile.
public final class Verifier {

  private final Verification run;
  private final Findings findings;
  private final Scope scope;
  private final Progress progress;

  private Verifier(Verification run, Scope scope, Progress progress) {
    this.run = run;
    this.findings = run.findings();
    this.scope = scope;
    this.progress = progress;
  }

  /// Verifies the archive in a folder. A damaged archive gives a report, never an exception.
  ///
  /// @param keys not looked at when the archive is not encrypted
  /// @param progress told of the octets of files to be read, then of messages and octets read, from
  ///   many threads
  /// @throws StoreRefusedException when there is no archive, or the keys are not those of it
  /// @throws org.muniment.archive.store.FormatTooNewException when it is of another format
  /// @throws ArchiveException when files cannot be read at all
  public static Report verify(Path directory, RootKeys keys, Progress progress)
      throws ArchiveException {
    return verify(directory, keys, Scope.ALL, progress);
  }

  /// Verifies some of the archive in a folder.
  public static Report verify(Path directory, RootKeys keys, Scope scope, Progress progress)
      throws ArchiveException {
    return verify(new LocalDisk(directory), keys, scope, progress);
  }

  /// Verifies the archive on a disk.
  public static Report verify(Disk disk, RootKeys keys, Progress progress) throws ArchiveException {
    return verify(disk, keys, Scope.ALL, progress);
  }

  /// Verifies some of the archive on a disk.
  public static Report verify(Disk disk, RootKeys keys, Scope scope, Progress progress)
      throws ArchiveException {
    Findings findings = new Findings();
    try {
      byte[] octets = formatOctets(disk);
      FormatFile format = FormatFile.read(octets);
      if (!Arrays.equals(format.write(), octets)) {
        findings.add(FormatFile.NAME, "four lines", "something else");
      }
      return verify(disk, keys, format, findings, scope, progress);
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return new Report(null, new Tally(progress).counts(0), findings.findings(), findings.notes());
    }
  }

  /// A report signed with the log key of the archive in a folder, as [Report#signed].
  ///
  /// @throws CorruptArchiveException when the key is missing or damaged
  public static byte[] sign(Path directory, RootKeys rootKeys, Report report)
      throws ArchiveException {
    Disk disk = new LocalDisk(directory);
    FormatFile format = format(disk);
    FileKeys keys = new FileKeys(disk, format.encrypted() ? rootKeys : RootKeys.NONE);
    byte[] seed = keys.openSecret(Inventory.LOG_KEY);
    return report.signed(Note.Signer.of(Note.Verifier.parse(format.logKey()), seed));
  }

  /// Reads a signed checkpoint of the archive in a folder, from wherever it was kept.
  ///
  /// @throws IllegalArgumentException when it is none of this archive; the message says what is
  ///   wrong
  public static Checkpoint checkpoint(Path directory, byte[] note) throws ArchiveException {
    FormatFile format = format(new LocalDisk(directory));
    return Checkpoint.open(note, Note.Verifier.parse(format.logKey()));
  }

  private static FormatFile format(Disk disk) throws ArchiveException {
    return FormatFile.read(formatOctets(disk));
  }

  private static byte[] formatOctets(Disk disk) throws ArchiveException {
    byte[] octets = disk.read(FormatFile.NAME);
    if (octets == null) {
      throw new StoreRefusedException("there is no archive (no file " + FormatFile.NAME + ")");
    }
    return octets;
  }

  private static Report verify(
      Disk disk,
      RootKeys rootKeys,
      FormatFile format,
      Findings findings,
      Scope scope,
      Progress progress)
      throws ArchiveException {
    if (format.encrypted() && rootKeys.isEmpty()) {
      throw new StoreRefusedException("the archive is encrypted and no root key was given");
    }
    Disk readable = new UnreadableIsDamage(disk);
    FileKeys keys =
        new FileKeys(readable, format.encrypted() ? rootKeys : RootKeys.NONE).foreignAsDamage();
    try (Workers workers = new Workers();
        Contents contents = new Contents(new OpenFiles(readable, keys));
        Held held = new Held()) {
      Verification run =
          new Verification(
              readable, keys, format, contents, findings, new Tally(progress), held, workers);
      return new Verifier(run, scope, progress).run();
    }
  }

  private Report run() throws ArchiveException {
    Note.Verifier verifier = verifier();
    Inventory inventory = new Inventory(run);
    inventory.checkLogKey(verifier);
    TileCheck tiles = new TileCheck(run.disk(), findings);
    Checkpoints checkpoints = new Checkpoints(run, verifier, tiles, scope.outside());
    long covered = checkpoints.newest().size();
    long leaves;
    try (FrameFiles files = FrameFiles.list(run, covered)) {
      inventory.check(covered);
      leaves = check(files, tiles, checkpoints);
    }
    return new Report(
        checkpoints.newest(), run.tally().counts(leaves), findings.findings(), findings.notes());
  }

  private Note.Verifier verifier() throws CorruptArchiveException {
    try {
      return Note.Verifier.parse(run.format().logKey());
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          FormatFile.NAME, -1, "a verifier key", String.valueOf(e.getMessage()));
    }
  }

  /// @return number of leaves that were checked
  private long check(FrameFiles files, TileCheck tiles, Checkpoints checkpoints)
      throws ArchiveException {
    long from = checkpoints.from(scope.since());
    long covered = checkpoints.newest().size();
    ResumeFile resume = resume(checkpoints);
    try (LogCheck log = new LogCheck(run, files, tiles, from, covered, checkpoints.known())) {
      FileChecks reading = new FileChecks(run, files, covered, resume);
      if (from > 0) {
        // Which segments are new is for the log to say.
        log.check();
        reading.read(from, SealCheck.segments(log.seals()), progress);
      } else {
        readBeside(log, reading);
      }
      SealCheck seals = new SealCheck(run, log.seals(), reading.facts());
      seals.compare();
      boolean quiet = checkpoints.quiet();
      seals.findUnnamed(files, from, quiet);
      unfinished(files, log, quiet);
      run.held().missing(this::findMissing);
      if (resume != null) {
        resume.remove();
      }
      return Math.min(log.position(), covered) - from;
    } finally {
      if (resume != null) {
        resume.close();
      }
    }
  }

  private void readBeside(LogCheck log, FileChecks reading) throws ArchiveException {
    try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
      Future<?> logDone =
          beside.submit(
              () -> {
                log.check();
                return null;
              });
      reading.read(0, null, progress);
      Workers.await(logDone);
    }
  }

  private @Nullable ResumeFile resume(Checkpoints checkpoints) throws ArchiveException {
    Path path = scope.resume();
    if (path == null) {
      return null;
    }
    ResumeFile resume = ResumeFile.open(path, run.format().id());
    Checkpoint begun = resume.begun();
    if (begun != null
        && (begun.size() > checkpoints.newest().size() || !checkpoints.extended(begun))) {
      findings.note("the archive is not the one that was being verified: all is read anew");
      resume.forget();
    }
    resume.begin(run.format().id(), checkpoints.newest());
    return resume;
  }

  /// What a crash may have left behind the checkpoint, when nobody writes just now.
  private void unfinished(FrameFiles files, LogCheck log, boolean quiet) {
    CorruptArchiveException last = files.unreadableLast();
    if (last != null && log.lost()) {
      findings.add(last);
    } else if (last != null && quiet) {
      findings.note("a journal was begun and holds nothing: " + last.getMessage());
    }
    if (quiet) {
      log.unfinished()
          .forEach(
              text -> findings.note("an append after the checkpoint is not finished: " + text));
    }
  }

  /// Names a placement of octets that are not there, as its event does.
  private void findMissing(ContentId message, long length, long leaf, FileId file, long offset)
      throws ArchiveException {
    findings.add(
        new Report.Finding(
            file.name(),
            offset,
            message,
            // To look for it costs the reading of a frame.
            findings.full() ? null : place(leaf, file, offset),
            "the octets, " + length + " of them, that leaf " + leaf + " places",
            "none that are right"));
  }

  private Report.@Nullable Place place(long leaf, FileId file, long offset)
      throws ArchiveException {
    try (OpenFiles.Lease lease = run.files().lease(file)) {
      Frame frame = lease.file().frame(offset, Frame.Kind.EVENTS);
      for (LoggedEvent logged : LoggedEvent.read(lease.file(), frame)) {
        if (logged.index() == leaf && logged.parse() instanceof Event.Placement placement) {
          return Report.Place.of(placement);
        }
      }
    } catch (CorruptArchiveException e) {
      // A journal that was removed meanwhile; the message is named all the same.
    }
    return null;
  }
}
