package org.muniment.indexer.index;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Follower;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.extract.Extractor;
import org.muniment.indexer.extract.ExtractorClosedException;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.DecodedPart;
import org.muniment.indexer.text.EnclosedOctets;
import org.muniment.indexer.text.MessageText;
import org.muniment.indexer.text.OctetSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the attachments of the messages in a full-text index that are pending, the newest first,
/// and puts their text into the index. A document that came with many messages is read once. The
/// queue is the status [Fields#PENDING] in the index, so that it outlives this process and a
/// rebuild.
///
/// Where the index was last read by another version of the extractor, what that could not read is
/// tried again, after what is pending.
///
/// Its failure stops nothing else.
public final class AttachmentFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AttachmentFollower.class);

  /// Messages that are taken from the queue at once.
  private static final int BATCH = 20;

  private static final int BUFFER = 16 << 10;

  /// How long the next document waits while mail is being archived: reading it takes a process of
  /// its own, and with it half of a machine of two processors.
  private static final Duration LONGEST_ASIDE = Duration.ofMinutes(1);

  private final Archive archive;
  private final Catalogue catalogue;
  private final FullTextIndex index;
  private final KeptText kept;
  private final Attachments attachments;
  private final Extractor extractor;
  private final Path folder;
  private final Follower follower;
  private final Rate rate = new Rate();

  /// Messages whose octets cannot be read; until the next start.
  private final Set<Integer> unreadable = new HashSet<>();

  /// Where the second try of what failed has come to.
  private int tried = -1;

  /// When what was found could last be searched.
  private long shown = System.nanoTime();

  private volatile boolean closing;

  /// @param folder for the octets of one document at a time
  public AttachmentFollower(
      Archive archive,
      Catalogue catalogue,
      FullTextIndex index,
      KeptText kept,
      Extractor extractor,
      Path folder) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.index = index;
    this.kept = kept;
    this.attachments = Attachments.of(kept, extractor.version());
    this.extractor = extractor;
    this.folder = folder;
    this.follower = new Follower("attachments", this::follow);
  }

  /// Begins to read in a thread of its own, until closed.
  public void start() throws IOException {
    // What a crash left.
    Files.deleteIfExists(file());
    follower.start();
  }

  /// Has it stand back while this is so.
  public void standBackWhile(BooleanSupplier busy) {
    follower.standBackWhile(busy);
  }

  /// Reads all that is pending, here and now.
  public void catchUp() throws IOException {
    follower.run();
  }

  /// Why nothing is read at present; empty when it is.
  public Optional<Exception> failure() {
    return follower.failure();
  }

  /// How things stand.
  ///
  /// @param pending messages with attachments that are not read yet
  /// @param perSecond documents that were read a second, in the last minute
  public record Queue(int pending, double perSecond) {}

  /// How things stand now.
  public Queue queue() throws IOException {
    return new Queue(index.count(Fields.PENDING), rate.perSecond());
  }

  /// Ends, also in the middle of a document, which is read again later. The index stays open, the
  /// extractor is closed.
  @Override
  public void close() {
    closing = true;
    extractor.close();
    follower.close();
  }

  private boolean ending() {
    return closing || follower.ending();
  }

  private void follow() throws IOException {
    try {
      while (!ending() && readPending()) {
        follower.breathe();
      }
      while (!ending() && tryAgain()) {
        follower.breathe();
      }
      extractor.rest();
    } catch (ExtractorClosedException e) {
      LOG.debug("attachments: ended in the middle of a document");
    }
  }

  /// @return whether there may be more
  private boolean readPending() throws IOException {
    List<Integer> numbers = index.pending(BATCH + unreadable.size());
    int read = 0;
    for (int number : numbers) {
      if (!unreadable.contains(number) && !ending()) {
        read += read(number) ? 1 : 0;
        showNowAndThen();
        follower.breathe();
      }
    }
    show();
    return read > 0;
  }

  private void showNowAndThen() throws IOException {
    if (System.nanoTime() - shown >= IndexFollower.REFRESH.toNanos()) {
      show();
    }
  }

  private void show() throws IOException {
    index.showUpdates();
    shown = System.nanoTime();
  }

  private boolean tryAgain() throws IOException {
    if (extractor.version().equals(index.readBy())) {
      return false;
    }
    List<Integer> numbers = index.worthAnotherTry(tried, BATCH);
    for (int number : numbers) {
      if (ending()) {
        return false;
      }
      read(number);
      tried = number;
      showNowAndThen();
    }
    show();
    if (numbers.isEmpty()) {
      index.setReadBy(extractor.version());
    }
    return !numbers.isEmpty();
  }

  /// @return whether the index has now what is in the attachments
  private boolean read(int number) throws IOException {
    @Nullable Message message = catalogue.messages().find(List.of(number)).get(number);
    if (message == null) {
      return false;
    }
    Structured structured = new Structured(message, catalogue.messages().structure(number));
    try {
      keepAll(structured);
      return !ending()
          && index.update(MessageDocument.of(structured, archive, attachments), message);
    } catch (CorruptArchiveException e) {
      LOG.error("message {}: its attachments cannot be read", message.content(), e);
      unreadable.add(number);
      return false;
    }
  }

  private void keepAll(Structured structured) throws IOException {
    Message message = structured.message();
    Attachments.Known known = attachments.known(message.content()).orElseThrow();
    OctetSource octets = offset -> archive.open(message.content(), message.location(), offset);
    for (DocumentPart part : DocumentPart.of(structured.structure().root())) {
      keep(message, known, Attached.part(part, octets));
    }
    FileNumbers numbers = new FileNumbers();
    new MessageText(structured.structure(), octets)
        .forEach(
            section -> {
              if (section instanceof MessageText.Section.Enclosed file) {
                keep(message, known, Attached.file(file, numbers.next(file.path())));
              }
              return !ending();
            });
  }

  /// A document of a message.
  ///
  /// @param file number of the file inside the part, from 1; 0 for the part itself
  /// @param name as the sender wrote it
  /// @param type media type as the sender wrote it
  private record Attached(
      PartPath path, int file, String name, String type, EnclosedOctets octets) {

    static Attached part(DocumentPart document, OctetSource octets) {
      Part part = document.part();
      return new Attached(
          document.path(),
          0,
          part.filename().orElse(""),
          part.type() + "/" + part.subtype(),
          () -> DecodedPart.open(part, octets));
    }

    static Attached file(MessageText.Section.Enclosed file, int number) {
      return new Attached(
          file.path(), number, file.name(), "application/octet-stream", file.octets());
    }
  }

  private void keep(Message message, Attachments.Known known, Attached attached)
      throws IOException {
    if (ending() || known.document(attached.path(), attached.file()).isPresent()) {
      return;
    }
    follower.standAside(LONGEST_ASIDE);
    Path file = emptyFile();
    try {
      Copied copied = copy(attached.octets(), file);
      if (kept.document(copied.content()).filter(this::stands).isEmpty()) {
        kept.put(
            new KeptDocument(copied.content(), extractor.version(), extract(copied, attached)));
        rate.count();
      }
      kept.link(message.content(), attached.path(), attached.file(), copied.content());
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private boolean stands(KeptDocument document) {
    return document.extractor().equals(extractor.version())
        || !document.extraction().status().worthAnotherTry();
  }

  private Path file() {
    return folder.resolve("document");
  }

  private Path emptyFile() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path file = file();
    Files.deleteIfExists(file);
    return Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  /// A document in a file.
  ///
  /// @param length of all of it; the file has at most [Extractor#MAX_OCTETS]
  private record Copied(Path file, ContentId content, long length) {}

  private Copied copy(EnclosedOctets octets, Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER];
    long length = 0;
    try (InputStream in = octets.open();
        OutputStream out = Files.newOutputStream(file)) {
      for (int read; (read = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, read);
        length += read;
        if (length <= Extractor.MAX_OCTETS) {
          out.write(buffer, 0, read);
        }
      }
    }
    return new Copied(file, ContentId.of(digest.digest()), length);
  }

  private Extraction extract(Copied copied, Attached attached) throws IOException {
    if (copied.length() == 0) {
      return Extraction.without(ExtractionStatus.EMPTY, "");
    }
    if (copied.length() > Extractor.MAX_OCTETS) {
      return Extraction.without(
          ExtractionStatus.PARTIAL, "more octets than " + (Extractor.MAX_OCTETS >> 20) + " Mi");
    }
    return extractor.extract(copied.file(), attached.name(), attached.type());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
