package org.muniment.archive.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
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
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TileTree;
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

  private static final String CHECKPOINT = TileCheck.LOG + "checkpoint";
  private static final String PUBLISHED = TileCheck.LOG + "checkpoints";

  private final Verification run;
  private final Findings findings;
  private final Scope scope;
  private final Progress progress;
  private final Map<Long, SegmentCheck.Facts> facts = new ConcurrentSkipListMap<>();

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
    byte[] octets = disk.read(FormatFile.NAME);
    if (octets == null) {
      throw new StoreRefusedException("there is no archive (no file " + FormatFile.NAME + ")");
    }
    Findings findings = new Findings();
    try {
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
    byte[] octets = disk.read(FormatFile.NAME);
    if (octets == null) {
      throw new StoreRefusedException("there is no archive (no file " + FormatFile.NAME + ")");
    }
    return FormatFile.read(octets);
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
    List<LogCheck.Known> known = published(verifier);
    TileCheck tiles = new TileCheck(run.disk(), findings);
    byte[] note = checkpointNote(tiles, verifier);
    Checkpoint checkpoint = checkpoint(note, verifier);
    long covered = checkpoint.size();
    known.add(new LogCheck.Known(CHECKPOINT, checkpoint));
    outside(verifier, known);
    checkRollback(known, checkpoint);
    long leaves = 0;
    try (FrameFiles files = FrameFiles.list(run, covered)) {
      inventory.check(covered);
      leaves = check(files, tiles, checkpoint, known, note);
    }
    return new Report(
        checkpoint, run.tally().counts(leaves), findings.findings(), findings.notes());
  }

  private Note.Verifier verifier() throws CorruptArchiveException {
    try {
      return Note.Verifier.parse(run.format().logKey());
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          FormatFile.NAME, -1, "a verifier key", String.valueOf(e.getMessage()));
    }
  }

  /// The checkpoints kept because they were sent outside. Read before the newest, which may not be
  /// older than any.
  private List<LogCheck.Known> published(Note.Verifier verifier) throws ArchiveException {
    List<LogCheck.Known> published = new ArrayList<>();
    for (String size : run.disk().list(PUBLISHED)) {
      String name = PUBLISHED + "/" + size;
      try {
        byte[] note = run.disk().read(name);
        Checkpoint checkpoint = Checkpoint.open(note == null ? new byte[0] : note, verifier);
        if (!size.equals(Long.toString(checkpoint.size()))) {
          findings.add(name, "a checkpoint of " + size + " leaves", "of " + checkpoint.size());
        }
        published.add(new LogCheck.Known(name, checkpoint));
      } catch (CorruptArchiveException e) {
        findings.add(e);
      } catch (IllegalArgumentException e) {
        findings.add(name, "a signed checkpoint", String.valueOf(e.getMessage()));
      }
    }
    return published;
  }

  private void outside(Note.Verifier verifier, List<LogCheck.Known> known) {
    int number = 1;
    for (byte[] note : scope.outside()) {
      String name = "checkpoint " + number++ + " from outside";
      try {
        known.add(new LogCheck.Known(name, Checkpoint.open(note, verifier)));
      } catch (IllegalArgumentException e) {
        findings.add(name, "a checkpoint signed by this log", String.valueOf(e.getMessage()));
      }
    }
  }

  /// The newest checkpoint whose last tiles can be read before a writer retires them.
  private byte[] checkpointNote(TileCheck tiles, Note.Verifier verifier) throws ArchiveException {
    byte[] note = note();
    while (!tiles.readLast(checkpoint(note, verifier).size())) {
      byte[] newer = note();
      if (Arrays.equals(newer, note)) {
        // Nobody writes: what is missing is missing.
        return note;
      }
      note = newer;
    }
    return note;
  }

  private byte[] note() throws ArchiveException {
    byte[] note = run.disk().read(CHECKPOINT);
    return note == null ? new byte[0] : note;
  }

  private static Checkpoint checkpoint(byte[] note, Note.Verifier verifier)
      throws CorruptArchiveException {
    try {
      return Checkpoint.open(note, verifier);
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          CHECKPOINT, -1, "a signed checkpoint", String.valueOf(e.getMessage()));
    }
  }

  private void checkRollback(List<LogCheck.Known> known, Checkpoint newest) {
    for (LogCheck.Known earlier : known) {
      if (earlier.checkpoint().size() > newest.size()) {
        findings.add(
            CHECKPOINT,
            "at least " + earlier.checkpoint().size() + " leaves, as " + earlier.name() + " says",
            newest.size() + " leaves: the log was set back");
      }
    }
  }

  private long check(
      FrameFiles files,
      TileCheck tiles,
      Checkpoint checkpoint,
      List<LogCheck.Known> known,
      byte[] note)
      throws ArchiveException {
    long from = since(known, checkpoint);
    ResumeFile resume = resume(checkpoint);
    try (LogCheck log = new LogCheck(run, files, tiles, from, checkpoint.size(), known)) {
      if (from > 0) {
        // Which segments are new is for the log to say.
        log.check();
        readFiles(files, from, sealedSince(log), checkpoint, resume);
      } else {
        try (ExecutorService beside = Executors.newSingleThreadExecutor()) {
          Future<?> logDone =
              beside.submit(
                  () -> {
                    log.check();
                    return null;
                  });
          readFiles(files, from, null, checkpoint, resume);
          Workers.await(logDone);
        }
      }
      compareSeals(log.seals());
      boolean quiet = Arrays.equals(note, note());
      checkUnnamed(files, log, from, quiet);
      unfinished(files, log, quiet);
      run.held().missing(this::findMissing);
      if (resume != null) {
        resume.remove();
      }
      return Math.min(log.position(), checkpoint.size()) - from;
    } finally {
      if (resume != null) {
        resume.close();
      }
    }
  }

  /// The leaf to begin at.
  private long since(List<LogCheck.Known> known, Checkpoint checkpoint) throws ArchiveException {
    Checkpoint since = scope.since();
    if (since == null) {
      return 0;
    }
    known.add(new LogCheck.Known("the checkpoint to verify from", since));
    if (since.size() > checkpoint.size()) {
      checkRollback(known, checkpoint);
      return 0;
    }
    // Nothing before it is read: what is known of that is compared here.
    for (LogCheck.Known earlier : known) {
      if (earlier.checkpoint().size() < since.size() && !extended(earlier.checkpoint())) {
        findings.add(earlier.name(), "a root that the tiles of the log lead to", "another root");
      }
    }
    return since.size();
  }

  /// Whether the tiles lead to the root of an earlier checkpoint.
  private boolean extended(Checkpoint earlier) throws ArchiveException {
    byte[] root = TileTree.read(run.disk(), TileCheck.LOG, earlier.size()).root();
    return HexFormat.of().formatHex(root).equals(earlier.root());
  }

  private @Nullable ResumeFile resume(Checkpoint checkpoint) throws ArchiveException {
    Path path = scope.resume();
    if (path == null) {
      return null;
    }
    ResumeFile resume = ResumeFile.open(path, run.format().id());
    Checkpoint begun = resume.begun();
    if (begun != null && (begun.size() > checkpoint.size() || !extended(begun))) {
      findings.note("the archive is not the one that was being verified: all is read anew");
      resume.forget();
    }
    resume.begin(run.format().id(), checkpoint);
    return resume;
  }

  private static Set<Long> sealedSince(LogCheck log) {
    Set<Long> numbers = new HashSet<>();
    for (LogCheck.Sealed seal : log.seals()) {
      seal.segments().forEach(segment -> numbers.add(segment.number()));
    }
    return numbers;
  }

  /// @param from leaf before which all was verified before
  /// @param sealed segments to read also when they hold only such leaves, null for all
  private void readFiles(
      FrameFiles files,
      long from,
      @Nullable Set<Long> sealed,
      Checkpoint checkpoint,
      @Nullable ResumeFile resume)
      throws ArchiveException {
    progress.expect(octets(files));
    // Two at a time, so that one begins while the last frames of another are checked.
    try (ExecutorService readers = Executors.newFixedThreadPool(2)) {
      List<Future<?>> reading = new ArrayList<>();
      for (SegmentFile segment : files.segments()) {
        boolean known =
            sealed != null && segment.endLeaf() <= from && !sealed.contains(segment.number());
        reading.add(
            readers.submit(
                () -> {
                  readSegment(segment, known, resume);
                  return null;
                }));
      }
      for (JournalFile journal : files.journals()) {
        JournalFile following = files.following(journal);
        if (following == null || following.firstLeaf() > from || from == 0) {
          reading.add(
              readers.submit(
                  () -> {
                    readJournal(files, journal, checkpoint, resume);
                    return null;
                  }));
        }
      }
      for (Future<?> file : reading) {
        Workers.await(file);
      }
    }
  }

  private long octets(FrameFiles files) throws ArchiveException {
    long octets = 0;
    List<FileId> ids = new ArrayList<>();
    files.segments().forEach(segment -> ids.add(segment.id()));
    files.journals().forEach(journal -> ids.add(journal.id()));
    for (FileId id : ids) {
      octets += Math.max(0, run.length(id.name()));
    }
    return octets;
  }

  private void readSegment(SegmentFile segment, boolean known, @Nullable ResumeFile resume)
      throws ArchiveException {
    Findings own = new Findings(findings);
    SegmentCheck check = new SegmentCheck(run.with(own), segment.id());
    String name = segment.id().name();
    ResumeFile.Read before = resume == null ? null : resume.read(name, run.length(name));
    SegmentCheck.Facts found;
    if (before != null) {
      before.findings().forEach(findings::add);
      found = check.readTables(before.damaged());
      found = found == null ? null : found.of(before.sha256());
    } else {
      found = known ? check.readTables(Set.of()) : check.readAll();
    }
    if (found != null) {
      facts.put(segment.number(), found);
      if (resume != null && !known && before == null) {
        resume.add(name, new ResumeFile.Read(found.length(), found.sha256(), own.findings()));
      }
    }
  }

  private void readJournal(
      FrameFiles files, JournalFile journal, Checkpoint checkpoint, @Nullable ResumeFile resume)
      throws ArchiveException {
    boolean sealed = files.isSealed(journal);
    String name = journal.id().name();
    ResumeFile.Read before = resume == null || !sealed ? null : resume.read(name, run.length(name));
    if (before != null) {
      before.findings().forEach(findings::add);
      return;
    }
    Findings own = new Findings(findings);
    try (OpenFiles.Lease lease = run.files().lease(journal.id())) {
      new JournalCheck(run.with(own), lease.file(), journal)
          .read(files.following(journal), checkpoint.size(), sealed);
      if (resume != null && sealed) {
        resume.add(name, new ResumeFile.Read(lease.file().size(), null, own.findings()));
      }
    } catch (CorruptArchiveException e) {
      if (files.exists(journal.id())) {
        findings.add(e);
      }
    }
  }

  private void compareSeals(List<LogCheck.Sealed> seals) throws ArchiveException {
    for (LogCheck.Sealed seal : seals) {
      for (Event.SealedSegment said : seal.segments()) {
        compareSeal(seal, said, facts.get(said.number()));
      }
    }
  }

  private void compareSeal(
      LogCheck.Sealed seal, Event.SealedSegment said, SegmentCheck.@Nullable Facts found)
      throws ArchiveException {
    FileId id = FileId.segment(said.number());
    if (found == null) {
      if (run.length(id.name()) < 0) {
        findings.add(id.name(), "the segment that a seal names", "no file");
      }
      return;
    }
    ContentId sha256 = found.sha256();
    if (sha256 != null && !sha256.equals(said.sha256())) {
      findings.add(id.name(), "SHA-256 " + said.sha256() + ", as its seal says", "" + sha256);
    }
    Map<String, Object> expected = new TreeMap<>();
    expected.put("length", said.length());
    expected.put("messages", said.messages());
    expected.put("parts", said.parts());
    expected.put("events", said.events());
    expected.put("first leaf", seal.firstLeaf());
    expected.put("end leaf", seal.endLeaf());
    expected.put("retention", said.retention());
    expected.put("expires", said.expires());
    Map<String, Object> there = new TreeMap<>();
    there.put("length", found.length());
    there.put("messages", found.messages());
    there.put("parts", found.parts());
    there.put("events", found.events());
    there.put("first leaf", found.header().firstLeaf());
    there.put("end leaf", found.header().endLeaf());
    there.put("retention", found.header().group().retention());
    there.put("expires", found.header().group().expires());
    if (!expected.equals(there)) {
      findings.add(id.name(), expected + ", as its seal says", "" + there);
    }
  }

  /// A crash between a segment and its event leaves a segment that nobody names, and its journals.
  private void checkUnnamed(FrameFiles files, LogCheck log, long from, boolean quiet) {
    Set<Long> named = sealedSince(log);
    for (SegmentFile segment : files.segments()) {
      if (!named.contains(segment.number()) && segment.endLeaf() > from) {
        boolean journals =
            files.journals().stream().anyMatch(j -> j.firstLeaf() == segment.firstLeaf());
        if (journals || !quiet) {
          findings.note(segment.id().name() + ": an unfinished sealing, its journals are there");
        } else {
          findings.add(segment.id().name(), "a segment that a seal names", "one that none names");
        }
      }
    }
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
