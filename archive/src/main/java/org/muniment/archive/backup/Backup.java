package org.muniment.archive.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.FrameCipher;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TilePath;
import org.muniment.archive.log.TreeProofs;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Pin;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;
import org.muniment.archive.store.WriterLock;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Scope;
import org.muniment.archive.verify.Verifier;

/// Brings a copy of an archive to the newest checkpoint, while a writer may append, seal and
/// retire.
///
/// The copy is an archive, as it was at its checkpoint; it can be opened where it lies, or be put
/// in the place of the one that was lost. Segments and tiles are copied once, journals as far as
/// they have grown. The checkpoint comes last, when everything that it covers is durable in the
/// copy and verified there; only then are the journals removed that were sealed. Cut short anywhere
/// before, the copy is what it was, with files that are ahead of it.
public final class Backup {

  static final String LOG = "log/";
  static final String CHECKPOINT = LOG + "checkpoint";

  private static final String KEPT = LOG + "checkpoints";
  private static final String KEYS = "keys/";
  private static final String LOG_KEY = KEYS + "log";

  private final Disk archive;
  private final Disk copy;
  private final RootKeys rootKeys;
  private final boolean all;
  private final FormatFile format;
  private final FileKeys keys;
  private final Progress verifying;
  private final FileCopy files;
  private final TileCopy tiles;
  private final Progress copying;

  private Backup(
      Disk archive,
      Disk copy,
      RootKeys rootKeys,
      boolean all,
      FormatFile format,
      Progress copying,
      Progress verifying) {
    this.archive = archive;
    this.copy = copy;
    this.rootKeys = rootKeys;
    this.all = all;
    this.format = format;
    this.keys = new FileKeys(archive, format.encrypted() ? rootKeys : RootKeys.NONE);
    this.copying = copying;
    this.verifying = verifying;
    this.files = new FileCopy(archive, copy, copying);
    this.tiles = new TileCopy(archive, copy, LOG);
  }

  /// What was done.
  ///
  /// @param checkpoint to which the copy was brought when it is sound
  /// @param earlier number of leaves that the copy had before, 0 when there was none
  /// @param encrypted whether the copy cannot be read without a root key
  /// @param files of which something was copied
  /// @param octets copied
  /// @param report of the copy as it is at that checkpoint; when it is not sound, the copy was left
  ///   at the earlier one
  public record Outcome(
      Checkpoint checkpoint,
      long earlier,
      boolean encrypted,
      long files,
      long octets,
      Report report) {}

  /// Makes a copy, or brings one to the newest checkpoint.
  ///
  /// @param archive its folder
  /// @param copy a folder that holds a copy of this archive, or nothing, or does not exist
  /// @param all whether all of the copy is verified, and not only what is new in it
  /// @param copying told of the octets of segments and journals to be copied, then of files and of
  ///   these octets as they are copied
  /// @param verifying told of the octets of files to be read, then of messages and octets read
  /// @throws StoreRefusedException when the folder holds something else, or a copy of which the
  ///   archive is no continuation; nothing was changed
  /// @throws CorruptArchiveException when the archive is damaged
  public static Outcome run(
      Path archive, Path copy, RootKeys rootKeys, boolean all, Progress copying, Progress verifying)
      throws ArchiveException {
    requireArchive(archive);
    requireOwn(copy);
    try (Pin _ = Pin.hold(archive.resolve(Pin.NAME));
        WriterLock _ = lock(copy)) {
      return run(new LocalDisk(archive), new LocalDisk(copy), rootKeys, all, copying, verifying);
    }
  }

  private static void requireArchive(Path archive) throws StoreRefusedException {
    if (!Files.exists(archive.resolve(FormatFile.NAME))) {
      throw new StoreRefusedException("there is no archive in " + archive);
    }
  }

  /// Only what a copy or the beginning of one may hold.
  private static void requireOwn(Path copy) throws ArchiveException {
    if (Files.exists(copy) && !Files.exists(copy.resolve(FormatFile.NAME))) {
      try (var found = Files.list(copy)) {
        List<String> names = found.map(file -> file.getFileName().toString()).toList();
        if (!List.of("lock", FormatFile.NAME + Disk.UNFINISHED).containsAll(names)) {
          throw new StoreRefusedException(
              "the folder " + copy + " holds other files, and no copy of an archive");
        }
      } catch (IOException e) {
        throw new StoreRefusedException("cannot read " + copy + ": " + e.getMessage(), e);
      }
    }
  }

  /// Keeps others from making or writing to the same copy.
  private static WriterLock lock(Path copy) throws ArchiveException {
    try {
      Files.createDirectories(
          copy, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new StoreUnavailableException("cannot make the folder " + copy, e);
    }
    return WriterLock.acquire(copy.resolve("lock"));
  }

  /// The same from one disk to another; nobody is kept from removing or writing files meanwhile.
  public static Outcome run(
      Disk archive, Disk copy, RootKeys rootKeys, boolean all, Progress copying, Progress verifying)
      throws ArchiveException {
    byte[] octets = archive.read(FormatFile.NAME);
    FormatFile format = FormatFile.read(octets == null ? new byte[0] : octets);
    byte[] known = copy.read(FormatFile.NAME);
    if (known != null && !Arrays.equals(known, octets)) {
      throw new StoreRefusedException("the folder holds a copy of another archive");
    }
    return new Backup(archive, copy, rootKeys, all, format, copying, verifying).run();
  }

  private Outcome run() throws ArchiveException {
    byte[] note = note(archive);
    if (note == null) {
      throw new CorruptArchiveException(CHECKPOINT, -1, "a checkpoint", "no file");
    }
    Checkpoint checkpoint = checkpoint(note);
    byte[] earlierNote = note(copy);
    Checkpoint before = earlierNote == null ? null : checkpoint(earlierNote);
    long earlier = before == null ? 0 : earlier(checkpoint, before);
    Set<Long> earlierSizes = journalsOfCopy();
    earlierSizes.add(earlier);
    Covered covered = Covered.of(archive, keys, format.id(), checkpoint.size());

    copyFiles(covered, earlier);
    Report report = verify(note, covered, before);
    if (report.sound()) {
      if (!Arrays.equals(note, earlierNote)) {
        copy.replace(CHECKPOINT, note);
      }
      removeOthers(covered);
      copy.remove(FormatFile.COPYING);
      tiles.forget(earlierSizes, covered.treeSizes());
    }
    return new Outcome(
        checkpoint, earlier, format.encrypted(), files.files(), files.octets(), report);
  }

  private static byte @Nullable [] note(Disk disk) throws ArchiveException {
    return disk.read(CHECKPOINT);
  }

  private Checkpoint checkpoint(byte[] note) throws CorruptArchiveException {
    try {
      return Checkpoint.open(note, Note.Verifier.parse(format.logKey()));
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          CHECKPOINT, -1, "a signed checkpoint", String.valueOf(e.getMessage()));
    }
  }

  /// Number of leaves of the copy, of which the archive has to be a continuation.
  private long earlier(Checkpoint now, Checkpoint before) throws ArchiveException {
    if (before.size() > now.size()) {
      throw new StoreRefusedException(
          "the copy has %,d log entries and the archive %,d: the archive was set back, or this is"
                  .formatted(before.size(), now.size())
              + " the wrong folder; nothing was changed");
    }
    byte[] root = new TreeProofs(archive, LOG, before.size()).root();
    if (!HexFormat.of().formatHex(root).equals(before.root())) {
      throw new StoreRefusedException(
          "the log of the archive does not continue that of the copy, which has %,d entries: one of"
                  .formatted(before.size())
              + " them was set back or rewritten; nothing was changed");
    }
    return before.size();
  }

  /// First leaves of the journals that the copy has.
  private Set<Long> journalsOfCopy() throws ArchiveException {
    Set<Long> firstLeaves = new HashSet<>();
    for (String name : copy.list(FileId.Kind.JOURNAL.folder())) {
      FileId id = FileId.of(FileId.Kind.JOURNAL, name);
      try (Disk.Reader reader = copy.open(id.name())) {
        if (reader != null) {
          FrameFile file = FrameFile.of(id, reader, FrameCipher.NONE);
          firstLeaves.add(JournalFile.read(file, format.id()).firstLeaf());
        }
      } catch (CorruptArchiveException e) {
        // An earlier run was cut short before it had written the header.
        firstLeaves.add(0L);
      }
    }
    return firstLeaves;
  }

  private void copyFiles(Covered covered, long earlier) throws ArchiveException {
    files.small(FormatFile.NAME);
    files.small(LOG_KEY);
    copySegments(covered);
    copyTiles(covered, earlier);
    for (String size : archive.list(KEPT)) {
      if (isUpTo(covered.size(), size)) {
        files.small(KEPT + "/" + size);
      }
    }
    copyJournals(covered);
  }

  private void copyTiles(Covered covered, long earlier) throws ArchiveException {
    tiles.copyFull(covered.size(), earlier);
    for (long size : covered.treeSizes()) {
      for (TilePath tile : TilePath.partials(size)) {
        tiles.copy(tile);
      }
    }
  }

  private static boolean isUpTo(long most, String size) {
    try {
      return Long.parseLong(size) <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private void copySegments(Covered covered) throws ArchiveException {
    List<FileId> missing = new ArrayList<>();
    for (FileId segment : covered.segments()) {
      if (files.hasSegment(segment.name())) {
        // Its key may have been wrapped anew.
        files.small(KEYS + segment.name());
      } else {
        missing.add(segment);
      }
    }
    copying.expect(octetsToCopy(missing, covered.journals()));
    for (FileId segment : missing) {
      files.small(KEYS + segment.name());
      files.whole(segment.name());
    }
  }

  private long octetsToCopy(List<FileId> segments, List<Covered.Journal> journals)
      throws ArchiveException {
    long octets = 0;
    for (FileId segment : segments) {
      octets += size(archive, segment);
    }
    for (Covered.Journal journal : journals) {
      octets += Math.max(0, journal.end() - size(copy, journal.id()));
    }
    return octets;
  }

  private static long size(Disk disk, FileId file) throws ArchiveException {
    try (Disk.Reader reader = disk.open(file.name())) {
      return reader == null ? 0 : reader.size();
    }
  }

  private void copyJournals(Covered covered) throws ArchiveException {
    copy.replace(FormatFile.COPYING, new byte[0]);
    for (Covered.Journal journal : covered.journals()) {
      files.small(KEYS + journal.id().name());
      files.beginning(journal.id().name(), journal.end());
    }
  }

  private Report verify(byte[] note, Covered covered, @Nullable Checkpoint before)
      throws ArchiveException {
    List<String> journals =
        covered.journals().stream().map(journal -> journal.id().fileName()).toList();
    Scope scope = before == null || all ? Scope.ALL : Scope.ALL.since(before);
    return Verifier.verify(new CopyView(copy, note, journals), rootKeys, scope, verifying);
  }

  /// Removes the journals that were sealed, and those that an earlier run left behind.
  private void removeOthers(Covered covered) throws ArchiveException {
    List<FileId> kept = covered.journals().stream().map(Covered.Journal::id).toList();
    for (String name : copy.list(FileId.Kind.JOURNAL.folder())) {
      FileId id = FileId.of(FileId.Kind.JOURNAL, name);
      if (!kept.contains(id)) {
        copy.remove(id.name());
        copy.delete(KEYS + id.name());
      }
    }
  }
}
