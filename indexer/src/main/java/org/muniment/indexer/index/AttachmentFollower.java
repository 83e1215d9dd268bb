package org.muniment.indexer.index;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Follower;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.extract.Extractor;
import org.muniment.indexer.extract.ExtractorClosedException;
import org.muniment.indexer.kept.KeptText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the attachments read of the messages in a full-text index that are pending, the newest
/// first, and puts their text into the index. The queue is the status [Fields#PENDING] in the
/// index, so that it outlives this process and a rebuild.
///
/// Where nothing is pending, and the index was last read by another version of the extractor, what
/// that could not read is tried again; and where what was read is no longer kept, it is read again.
/// What becomes pending meanwhile comes first. The index has until then what it had.
///
/// Its failure stops nothing else, nor does that of one message stop the others: it is tried again
/// at the next start.
public final class AttachmentFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AttachmentFollower.class);

  /// Messages that are taken from the queue at once.
  private static final int BATCH = 20;

  /// How long the next document waits while mail is being archived: reading it takes a process of
  /// its own, and with it half of a machine of two processors.
  private static final Duration LONGEST_ASIDE = Duration.ofMinutes(1);

  private final Archive archive;
  private final Catalogue catalogue;
  private final FullTextIndex index;
  private final Extractor extractor;
  private final AttachmentReader reader;
  private final Attachments attachments;
  private final Path folder;
  private final Follower follower;

  /// Messages whose attachments cannot be read; until the next start.
  private final Set<Integer> unreadable = new HashSet<>();

  /// Messages to be read again, of those after [#again].
  private final ArrayDeque<Integer> nextAgain = new ArrayDeque<>();

  /// The last message that was read again.
  private int again = -1;

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
    this(archive, catalogue, index, kept, extractor, folder, AttachmentReader.LONGEST);
  }

  /// @param longest time for the documents of one message
  AttachmentFollower(
      Archive archive,
      Catalogue catalogue,
      FullTextIndex index,
      KeptText kept,
      Extractor extractor,
      Path folder,
      Duration longest) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.index = index;
    this.extractor = extractor;
    this.reader =
        new AttachmentReader(archive, kept, extractor, folder, longest, this::nextDocument);
    this.attachments = reader.attachments();
    this.folder = folder;
    this.follower = new Follower("attachments", this::follow);
  }

  /// Begins to read in a thread of its own, until closed.
  public void start() {
    // What a crash left.
    DocumentFile.discard(folder);
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
    return new Queue(index.count(Fields.PENDING), reader.perSecond());
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

  private boolean nextDocument() {
    follower.standAside(LONGEST_ASIDE);
    return !ending();
  }

  private void follow() throws IOException {
    try {
      while (!ending() && (readPending() || readAgain())) {
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
    int done = 0;
    for (int number : numbers) {
      if (!unreadable.contains(number) && !ending()) {
        done += read(number) ? 1 : 0;
        showNowAndThen();
        follower.breathe();
      }
    }
    if (done > 0) {
      show();
    }
    return done > 0;
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

  /// Reads one message again.
  ///
  /// @return whether there may be more
  private boolean readAgain() throws IOException {
    if (index.isReadWith(attachments)) {
      return false;
    }
    if (nextAgain.isEmpty()) {
      nextAgain.addAll(index.toReadAgain(attachments, again, BATCH));
    }
    Integer number = nextAgain.poll();
    if (number == null) {
      index.setReadWith(attachments);
      again = -1;
      show();
      return false;
    }
    read(number);
    again = number;
    showNowAndThen();
    return true;
  }

  /// @return false when it is as it was before
  private boolean read(int number) throws IOException {
    @Nullable Message message = catalogue.messages().find(List.of(number)).get(number);
    if (message == null) {
      return false;
    }
    Structured structured = new Structured(message, catalogue.messages().structure(number));
    try {
      if (!reader.read(structured)) {
        return false;
      }
    } catch (CorruptArchiveException | RuntimeException | StackOverflowError e) {
      LOG.error("message {}: its attachments cannot be read", message.content(), e);
      return unreadable.add(number);
    }
    MessageDocument made = MessageDocument.of(structured, archive, attachments);
    attachments.keep(made.sealed().stream().toList());
    return index.update(made.document(), message);
  }
}
