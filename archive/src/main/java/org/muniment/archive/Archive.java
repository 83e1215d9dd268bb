package org.muniment.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.JournalReader;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.KeptCheckpoints;
import org.muniment.archive.log.LogWriter;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.log.TreeProofs;
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
/// FORMAT              version, identity, public log key      [FormatFile]
/// journal/0000000001  octets and events in order of arrival  [JournalFile]
/// log/checkpoint      the state of the log, signed           [Checkpoint]
/// log/tile/...        its tiles                              [org.muniment.archive.log.TilePath]
/// log/checkpoints/... those that were sent outside           [KeptCheckpoints]
/// keys/log            the secret half of the log key
/// lock                held by the writer
/// ```
public final class Archive implements Closeable {

  static final String LOG = "log/";

  /// Beside the archive: what a crash left is kept for people to look at, and is no part of the
  /// evidence.
  static final String QUARANTINE = "../quarantine/";

  private static final String CHECKPOINT = LOG + "checkpoint";
  private static final String LOG_KEY = "keys/log";
  private static final String LOCK = "lock";

  /// What a creation that was cut short leaves behind.
  private static final Set<String> UNFINISHED =
      Set.of("keys", "log", FormatFile.NAME + LocalDisk.UNFINISHED);

  private static final int ID_LENGTH = 16;
  private static final long JOURNAL_SIZE = 128L << 20;

  private final Path directory;
  private final Disk disk;
  private final FormatFile format;
  private final Note.Verifier verifier;
  private final Map<Long, JournalFile> journals = new ConcurrentHashMap<>();
  private volatile Followed followed = new Followed(-1, null);

  private Archive(Path directory, Disk disk, FormatFile format) {
    this.directory = directory;
    this.disk = disk;
    this.format = format;
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
  /// @throws StoreRefusedException when something is in the folder, or it cannot be made
  public static Archive create(Path directory, String origin) throws IOException {
    requireEmpty(directory);
    return create(directory, origin, new LocalDisk(directory));
  }

  static Archive create(Path directory, String origin, Disk disk) throws ArchiveException {
    Note.Signer signer = Note.Signer.generate(origin);
    byte[] id = new byte[ID_LENGTH];
    new SecureRandom().nextBytes(id);
    FormatFile format = new FormatFile(HexFormat.of().formatHex(id), signer.verifier().text());
    disk.replace(LOG_KEY, (HexFormat.of().formatHex(signer.seed()) + "\n").getBytes(US_ASCII));
    LogWriter.resume(disk, LOG, signer, 0).publish();
    // Last, because this file is what makes the folder an archive.
    disk.replace(FormatFile.NAME, format.write());
    return new Archive(directory, disk, format);
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
  /// @throws StoreRefusedException when there is none in the folder
  /// @throws org.muniment.archive.store.FormatTooNewException when it is of another format
  public static Archive open(Path directory) throws ArchiveException {
    return open(directory, new LocalDisk(directory));
  }

  static Archive open(Path directory, Disk disk) throws ArchiveException {
    byte[] format = disk.read(FormatFile.NAME);
    if (format == null) {
      throw new StoreRefusedException(
          "there is no archive in " + directory + " (no file " + FormatFile.NAME + ")");
    }
    try {
      return new Archive(directory, disk, FormatFile.read(format));
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          FormatFile.NAME, -1, "a verifier key", String.valueOf(e.getMessage()));
    }
  }

  /// The archive's identity, 32 hexadecimal digits, given when it was created.
  public String id() {
    return format.id();
  }

  /// Its folder.
  public Path directory() {
    return directory;
  }

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
    try {
      return Checkpoint.open(note, verifier);
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

  /// All that shows a stranger that an event is in the log, as of the newest checkpoint.
  ///
  /// @param leaf index of the event's leaf, below [#size()]
  public Evidence evidence(long leaf) throws ArchiveException {
    byte[] note = checkpointNote();
    Checkpoint checkpoint = checkpoint(note);
    try (Entries entries = new Entries(this, leaf, checkpoint.size())) {
      LoggedEvent logged = entries.nextLogged();
      if (logged == null) {
        throw new IllegalArgumentException(
            "leaf " + leaf + " of a log of " + checkpoint.size() + " entries");
      }
      return new Evidence(
          leaf,
          logged.event(),
          logged.blind(),
          logged.leaf(),
          new TreeProofs(disk, LOG, checkpoint.size()).inclusion(leaf),
          note,
          verifier);
    }
  }

  /// The octets of a message from `offset` on, checked against their checksums as far as they are
  /// read.
  ///
  /// @param offset 0 to the length of the message
  /// @throws CorruptArchiveException when there is no message at that place
  /// @throws IndexOutOfBoundsException when the offset is outside the message
  public InputStream open(Location location, long offset) throws ArchiveException {
    JournalPlace place = JournalPlace.parse(location);
    JournalReader reader = JournalReader.open(disk, format.id(), place.journal());
    try {
      return MessageInputStream.open(reader, place.offset(), offset);
    } catch (ArchiveException | RuntimeException e) {
      reader.close();
      throw e;
    }
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
    WriterLock lock = WriterLock.acquire(directory.resolve(LOCK));
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

  Note.Signer signer() throws ArchiveException {
    byte[] key = disk.read(LOG_KEY);
    if (key == null) {
      throw new CorruptArchiveException(LOG_KEY, -1, "the log key", "no file");
    }
    try {
      byte[] seed = HexFormat.of().parseHex(new String(key, US_ASCII).strip());
      return Note.Signer.of(verifier, seed);
    } catch (IllegalArgumentException e) {
      throw new CorruptArchiveException(
          LOG_KEY, -1, "a private key", String.valueOf(e.getMessage()));
    }
  }

  /// The journals, oldest first, without a last one whose making a crash cut short: it holds
  /// nothing.
  List<JournalFile> journals() throws ArchiveException {
    List<JournalFile> found = new ArrayList<>();
    List<String> names = disk.list(JournalFile.FOLDER);
    for (String name : names) {
      JournalFile journal = journal(JournalFile.number(name), name.equals(names.getLast()));
      if (journal != null) {
        found.add(journal);
      }
    }
    return found;
  }

  private @Nullable JournalFile journal(long number, boolean last) throws ArchiveException {
    JournalFile known = journals.get(number);
    if (known != null) {
      return known;
    }
    try (JournalReader reader = JournalReader.open(disk, format.id(), number)) {
      reader.state();
      journals.put(number, reader.journal());
      return reader.journal();
    } catch (CorruptArchiveException e) {
      if (last) {
        return null;
      }
      throw e;
    }
  }

  /// The journal that holds the leaf at `position`, or will hold it; null in an archive without
  /// any.
  @Nullable JournalFile journalOf(long position) throws ArchiveException {
    JournalFile holder = null;
    for (JournalFile journal : journals()) {
      if (journal.firstLeaf() <= position) {
        holder = journal;
      }
    }
    return holder;
  }

  /// A reader before the frame that holds the leaf at `position`.
  JournalReader readerAt(long position) throws ArchiveException {
    Followed known = followed;
    if (known.position == position && known.place != null) {
      JournalReader reader = JournalReader.open(disk, format.id(), known.place.journal());
      reader.seek(known.place.offset());
      return reader;
    }
    JournalFile journal = journalOf(position);
    if (journal == null) {
      throw new CorruptArchiveException(JournalFile.FOLDER, -1, "journals", "none");
    }
    return readerOf(journal);
  }

  /// A reader before the first frame of a journal.
  JournalReader readerOf(JournalFile journal) throws ArchiveException {
    return JournalReader.open(disk, format.id(), journal.number());
  }

  /// Whoever follows the log comes back to where it left: remembered, so that a journal is not read
  /// from its beginning each time.
  void leftAt(long position, JournalPlace place) {
    followed = new Followed(position, place);
  }

  @Override
  public void close() {}

  private record Followed(long position, @Nullable JournalPlace place) {}
}
