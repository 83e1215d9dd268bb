package org.muniment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Contents;
import org.muniment.archive.content.Octets;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Footer;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.Place;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.TableEntry;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.KeptCheckpoints;
import org.muniment.archive.log.LogWriter;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.WriterLock;

/// An archive open for reading. Many may be open at once, in many processes, while one
/// [ArchiveWriter] appends; a reader sees everything up to the newest durable checkpoint. Safe for
/// use by many threads.
///
/// ```
/// FORMAT                    version, identity, public log key      [FormatFile]
/// journal/0000000001        octets and events in order of arrival  [JournalFile]
/// segments/0000000001       what was sealed                        [SegmentFile]
/// log/checkpoint            the state of the log, signed           [Checkpoint]
/// log/tile/...              its tiles                              [org.muniment.archive.log.TilePath]
/// log/checkpoints/...       those that were sent outside           [KeptCheckpoints]
/// keys/log                  the secret half of the log key         [FileKeys]
/// keys/journal/0000000001   the key of a journal
/// keys/segments/0000000001  the key of a segment
/// lock                      held by the writer
/// pin                       held by a backup                       [org.muniment.archive.store.Pin]
/// copying                   in a copy that is being made           [org.muniment.archive.backup.Backup]
/// ```
public final class Archive implements Closeable {

  static final String LOG = "log/";

  /// Beside the archive: what a crash left is kept for people to look at, and is no part of the
  /// evidence.
  static final String QUARANTINE = "../quarantine/";

  private static final String CHECKPOINT = LOG + "checkpoint";
  private static final String LOG_KEY = "log";
  private static final String LOCK = "lock";

  /// What a creation that was cut short leaves behind.
  private static final Set<String> UNFINISHED =
      Set.of("keys", "log", FormatFile.NAME + Disk.UNFINISHED);

  private static final int ID_LENGTH = 16;
  private static final long JOURNAL_SIZE = 128L << 20;

  private final Path directory;
  private final Disk disk;
  private final FormatFile format;
  private final FileKeys keys;
  private final Note.Verifier verifier;
  private final Contents contents;
  private final ArchiveFiles files;
  private volatile @Nullable Checked checked;

  private Archive(Path directory, Disk disk, FormatFile format, FileKeys keys) {
    this.directory = directory;
    this.disk = disk;
    this.format = format;
    this.keys = keys;
    this.contents = new Contents(new OpenFiles(disk, keys));
    this.files = new ArchiveFiles(format.id(), disk, contents);
    this.verifier = Note.Verifier.parse(format.logKey());
  }

  /// Whether there is an archive, of whatever format, in a folder.
  public static boolean exists(Path directory) {
    return Files.exists(directory.resolve(FormatFile.NAME));
  }

  /// Creates an empty archive and opens it.
  ///
  /// @param directory must not exist, or hold nothing
  /// @param origin name of the log in its checkpoints (C2SP tlog-checkpoint), unique among logs,
  ///   without spaces and plus signs
  /// @param rootKeys the first of them wraps the keys of all files; none for an archive that is not
  ///   encrypted
  /// @throws StoreRefusedException when something is in the folder, or it cannot be made
  public static Archive create(Path directory, String origin, RootKeys rootKeys)
      throws IOException {
    requireEmpty(directory);
    return create(directory, origin, rootKeys, new LocalDisk(directory));
  }

  static Archive create(Path directory, String origin, RootKeys rootKeys, Disk disk)
      throws ArchiveException {
    Note.Signer signer = Note.Signer.generate(origin);
    byte[] id = new byte[ID_LENGTH];
    new SecureRandom().nextBytes(id);
    FormatFile format =
        new FormatFile(HexFormat.of().formatHex(id), !rootKeys.isEmpty(), signer.verifier().text());
    FileKeys keys = new FileKeys(disk, rootKeys);
    // What a creation that was cut short left behind.
    disk.delete("keys/" + LOG_KEY);
    keys.createSecret(LOG_KEY, signer.seed());
    LogWriter.resume(disk, LOG, signer, 0).publish();
    // Last, because this file is what makes the folder an archive.
    disk.replace(FormatFile.NAME, format.write());
    return new Archive(directory, disk, format, keys);
  }

  private static void requireEmpty(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        if (files.anyMatch(file -> !UNFINISHED.contains(file.getFileName().toString()))) {
          throw new StoreRefusedException(
              "cannot create an archive in " + directory + ": the folder is not empty");
        }
      }
    }
  }

  /// Opens an archive.
  ///
  /// @param rootKeys not looked at when the archive is not encrypted
  /// @throws StoreRefusedException when there is none in the folder, or none of the keys opens it
  /// @throws org.muniment.archive.store.FormatTooNewException when it is of another format
  public static Archive open(Path directory, RootKeys rootKeys) throws ArchiveException {
    return open(directory, rootKeys, new LocalDisk(directory));
  }

  static Archive open(Path directory, RootKeys rootKeys, Disk disk) throws ArchiveException {
    byte[] octets = disk.read(FormatFile.NAME);
    if (octets == null) {
      throw new StoreRefusedException(
          "there is no archive in " + directory + " (no file " + FormatFile.NAME + ")");
    }
    FormatFile format = FormatFile.read(octets);
    if (format.encrypted() && rootKeys.isEmpty()) {
      throw new StoreRefusedException(
          "the archive in " + directory + " is encrypted and no root key was given");
    }
    FileKeys keys = new FileKeys(disk, format.encrypted() ? rootKeys : RootKeys.NONE);
    keys.openSecret(LOG_KEY);
    try {
      return new Archive(directory, disk, format, keys);
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          FormatFile.NAME, -1, "a verifier key", String.valueOf(e.getMessage()));
    }
  }

  /// The same archive, with nothing of it remembered.
  ///
  /// @return to be closed
  Archive anew() {
    return new Archive(directory, disk, format, keys);
  }

  /// The archive's identity, 32 hexadecimal digits, given when it was created.
  public String id() {
    return format.id();
  }

  /// Its folder.
  public Path directory() {
    return directory;
  }

  /// A note and what was found when its signature was checked.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Checked(byte[] note, Checkpoint checkpoint) {}

  /// The newest durable checkpoint, its signature checked.
  public Checkpoint checkpoint() throws ArchiveException {
    return checkpoint(checkpointNote());
  }

  private byte[] checkpointNote() throws ArchiveException {
    byte[] note = disk.read(CHECKPOINT);
    if (note == null) {
      throw new CorruptArchiveException(CHECKPOINT, -1, "a checkpoint", "no file");
    }
    return note;
  }

  private Checkpoint checkpoint(byte[] note) throws ArchiveException {
    @Nullable Checked last = checked;
    if (last != null && Arrays.equals(last.note, note)) {
      return last.checkpoint;
    }
    try {
      Checkpoint checkpoint = Checkpoint.open(note, verifier);
      checked = new Checked(note, checkpoint);
      return checkpoint;
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          CHECKPOINT, -1, "a signed checkpoint", String.valueOf(e.getMessage()));
    }
  }

  /// Keeps the newest durable checkpoint for ever. Only the writer may.
  SignedCheckpoint keepCheckpoint() throws ArchiveException {
    byte[] note = checkpointNote();
    Checkpoint checkpoint = checkpoint(note);
    return new KeptCheckpoints(disk, LOG, verifier)
        .keep(new SignedCheckpoint(checkpoint, new String(note, UTF_8)));
  }

  /// Number of log entries that are durable. Never falls.
  public long size() throws ArchiveException {
    return checkpoint().size();
  }

  /// The durable entries from index `position` on, in order, as of this call.
  public Entries entriesFrom(long position) throws ArchiveException {
    return new Entries(this, position, size());
  }

  /// The newest durable checkpoint as it is signed.
  public SignedCheckpoint signedCheckpoint() throws ArchiveException {
    byte[] note = checkpointNote();
    return new SignedCheckpoint(checkpoint(note), new String(note, UTF_8));
  }

  /// Reads a checkpoint of this archive that was kept elsewhere.
  ///
  /// @throws IllegalArgumentException when this archive has not signed it
  public SignedCheckpoint signedCheckpoint(String note) {
    return SignedCheckpoint.open(note.getBytes(UTF_8), verifier);
  }

  /// All that shows a stranger that an event is in the log, as of the newest checkpoint.
  ///
  /// @param leaf index of the event's leaf, below [#size()]
  public Evidence evidence(long leaf) throws ArchiveException {
    try (Witness witness = witness(signedCheckpoint())) {
      return witness.evidence(leaf);
    }
  }

  /// Gives evidence of many events as of one checkpoint.
  ///
  /// @param checkpoint of this archive
  /// @return to be closed
  public Witness witness(SignedCheckpoint checkpoint) {
    return new Witness(this, checkpoint, verifier);
  }

  /// The octets of a message from `offset` on, checked as far as they are read.
  ///
  /// @param hint where the message lay when somebody last looked; where it does not, or no more, it
  ///   is searched for: in the tables of the segments, then in the journals from frame to frame
  /// @param offset 0 to the length of the message
  /// @throws CorruptArchiveException when the message is nowhere, or is damaged
  /// @throws IndexOutOfBoundsException when the offset is outside the message
  public InputStream open(ContentId id, Location hint, long offset) throws IOException {
    try {
      return contents.open(id, Place.parse(hint.text()), offset);
    } catch (CorruptArchiveException e) {
      Place sealed = files.inSegments(id);
      Place found = sealed == null ? files.inJournals(id) : sealed;
      if (found == null) {
        throw e;
      }
      return contents.open(id, found, offset);
    }
  }

  /// Whether a message is where an index says it is, or in a segment. One that lies elsewhere in a
  /// journal is taken for new, and stored once more: that costs less than to read the journals.
  boolean holds(ContentId id, Location location, Octets octets) throws IOException {
    if (isAt(location, id, octets)) {
      return true;
    }
    Place found = files.inSegments(id);
    return found != null && contents.holds(id, found, octets);
  }

  /// Whether the record of a message of this length is where an index says it is, or in a segment.
  boolean has(ContentId id, long length, Location location) throws ArchiveException {
    try {
      return contents.length(id, Place.parse(location.text())) == length;
    } catch (CorruptArchiveException e) {
      Place found = files.inSegments(id);
      return found != null && contents.length(id, found) == length;
    }
  }

  private boolean isAt(Location location, ContentId id, Octets octets) throws IOException {
    Place place;
    try {
      place = Place.parse(location.text());
    } catch (CorruptArchiveException e) {
      return false;
    }
    return contents.holds(id, place, octets);
  }

  /// Tells where everything lies that a [Event.Seal] moved.
  public void sealed(Event.Seal seal, Sealed to) throws ArchiveException {
    for (Event.SealedSegment segment : seal.segments()) {
      FileId id = FileId.segment(segment.number());
      try (OpenFiles.Lease lease = contents.files().lease(id)) {
        for (Footer.Table table : SegmentFile.footer(lease.file()).tables()) {
          Frame frame = lease.file().frame(table.offset(), Frame.Kind.TABLE);
          for (TableEntry entry : TableEntry.read(lease.file(), frame)) {
            Place place = new Place(id, entry.offset(), entry.index());
            switch (entry.type()) {
              case MESSAGE -> to.message(entry.id(), new Location(place.text()));
              case PART -> to.part(entry.id(), new Location(place.text()));
            }
          }
        }
      }
    }
  }

  /// Hears where messages and parts came to lie.
  public interface Sealed {
    /// A message lies there.
    void message(ContentId id, Location location);

    /// A part lies there.
    void part(ContentId id, Location location);
  }

  /// Keeps every writer away until it is closed.
  ///
  /// @throws StoreRefusedException when there is a writer; the message says which process
  public WriterLock lock() throws ArchiveException {
    return WriterLock.acquire(directory.resolve(LOCK));
  }

  /// What takes room on the disk, now.
  public Storage storage() throws ArchiveException {
    long sealed = 0;
    Storage.Files segments = Storage.Files.NONE;
    for (SegmentFile segment : files.segments()) {
      sealed = Math.max(sealed, segment.endLeaf());
      segments = segments.and(files.size(segment.id()));
    }
    Storage.Files unsealed = Storage.Files.NONE;
    Storage.Files retired = Storage.Files.NONE;
    for (JournalFile journal : files.journals()) {
      if (journal.firstLeaf() >= sealed) {
        unsealed = unsealed.and(files.size(journal.id()));
      } else {
        retired = retired.and(files.size(journal.id()));
      }
    }
    return new Storage(sealed, segments, unsealed, retired);
  }

  /// Begins to write. Adopts what a crash left behind. There is one writer per archive.
  ///
  /// @param index finds octets that are archived already, so that they are stored once
  /// @throws StoreRefusedException when another process, or this one, has a writer, or when the
  ///   index is ahead of the archive, so that it tells of octets that are not there
  public ArchiveWriter writer(ContentIndex index) throws ArchiveException {
    return writer(index, Clock.systemUTC(), JOURNAL_SIZE);
  }

  /// @param journalSize octets from which on a journal is ended
  ArchiveWriter writer(ContentIndex index, Clock clock, long journalSize) throws ArchiveException {
    WriterLock lock = lock();
    try {
      return ArchiveWriter.open(this, index, lock, clock, journalSize);
    } catch (ArchiveException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /// The disk, for the writer and for the readers of this package.
  Disk disk() {
    return disk;
  }

  FileKeys keys() {
    return keys;
  }

  Contents contents() {
    return contents;
  }

  /// The journals and segments.
  ArchiveFiles files() {
    return files;
  }

  Note.Signer signer() throws ArchiveException {
    try {
      return Note.Signer.of(verifier, keys.openSecret(LOG_KEY));
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          "keys/" + LOG_KEY, -1, "a private key", String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() throws ArchiveException {
    contents.close();
  }
}
