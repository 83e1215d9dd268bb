package org.muniment.indexer.index;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Follower;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Messages.Structured;
import org.muniment.indexer.catalog.Unwrapping;
import org.muniment.indexer.kept.SealedText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a full-text index up to the catalogue. What is added can be searched within [#REFRESH];
/// it is made durable with the position now and then, and followed again after a crash. An index
/// that is ahead of the archive, or that followed another one, begins anew.
///
/// Its failure stops nothing else.
public final class IndexFollower implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(IndexFollower.class);

  /// Longest time until what was added can be searched, while there is more to add.
  static final Duration REFRESH = Duration.ofSeconds(1);

  private static final Duration COMMIT = Duration.ofSeconds(30);
  private static final int COMMIT_MESSAGES = 10_000;
  private static final int BATCH = 100;

  /// Octets of messages after which it looks what time it is.
  private static final long CHUNK_OCTETS = 8 << 20;

  private final Archive archive;
  private final Catalogue catalogue;
  private final FullTextIndex index;
  private final Attachments attachments;
  private final Progress progress;
  private final Follower follower;

  /// Works beside the thread that follows, while there is more than a message to add.
  private final ExecutorService second =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("full-text index, too").daemon().factory());

  private boolean compared;
  private boolean rebuilding;
  private long octets;
  private long refreshed = System.nanoTime();
  private long saved = System.nanoTime();

  /// With attachments that are not read.
  ///
  /// @param progress told of messages in the index and of octets read by this follower
  public IndexFollower(
      Archive archive, Catalogue catalogue, FullTextIndex index, Progress progress) {
    this(archive, catalogue, index, Attachments.NONE, progress);
  }

  /// @param attachments what is known of them is indexed with the messages; the others are pending
  /// @param progress told of messages in the index and of octets read by this follower
  public IndexFollower(
      Archive archive,
      Catalogue catalogue,
      FullTextIndex index,
      Attachments attachments,
      Progress progress) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.index = index;
    this.attachments = attachments;
    this.progress = progress;
    this.follower = new Follower("full-text index", this::follow);
  }

  /// Begins to follow in a thread of its own, until closed.
  public void start() {
    follower.start();
  }

  /// Has it stand back while this is so.
  public void standBackWhile(BooleanSupplier busy) {
    follower.standBackWhile(busy);
  }

  /// Says that the catalogue may have more.
  public void signal() {
    follower.signal();
  }

  /// Follows to the end of the catalogue, here and now; all of it can be searched afterwards.
  public void catchUp() throws IOException {
    follower.run();
  }

  /// Makes the index anew from its first message, here and now. Until that is done, the index stays
  /// for other processes, and after a crash, as it was. Not to be called after [#start].
  public void rebuild() throws IOException {
    rebuilding = true;
    index.beginAnew();
    try {
      follower.run();
      commit();
    } catch (IOException | RuntimeException e) {
      index.rollback();
      throw e;
    } finally {
      rebuilding = false;
    }
  }

  /// Why it does not follow at present; empty when it does.
  public Optional<Exception> failure() {
    return follower.failure();
  }

  /// Ends after the present message. The index stays open.
  @Override
  public void close() {
    follower.close();
    second.close();
  }

  private void follow() throws IOException {
    index.reopen();
    long end = catalogue.position();
    if (!compared) {
      compared = compare(end);
      if (!compared) {
        return;
      }
    }
    index.makeWith(attachments);
    while (index.written().entries() < end && !follower.ending()) {
      followOnce(end);
    }
    if (index.position() < index.written().entries()) {
      refresh();
    }
    if (!index.isCommitted() && isCommitDue()) {
      commit();
    }
  }

  private boolean isCommitDue() {
    return !rebuilding
        && (index.uncommitted() >= COMMIT_MESSAGES || since(saved).compareTo(COMMIT) >= 0);
  }

  /// @return false when it is too early to say
  private boolean compare(long end) throws IOException {
    IndexPosition position = index.written();
    if (position.entries() > archive.size()) {
      LOG.warn(
          "the full-text index is at {} of a log that has {} entries; it is made again",
          position.entries(),
          archive.size());
      index.clear();
    } else if (position.entries() > end) {
      return false;
    } else if (!isOfThisCatalogue(position)) {
      LOG.warn("the full-text index was made from another archive; it is made again");
      index.clear();
    }
    return true;
  }

  private boolean isOfThisCatalogue(IndexPosition position) {
    if (position.messages() == 0) {
      return true;
    }
    int last = position.messages() - 1;
    @Nullable Message message = catalogue.messages().find(List.of(last)).get(last);
    return message != null && message.content().toString().equals(position.content());
  }

  private void followOnce(long end) throws IOException {
    List<Structured> batch = catalogue.messages().captured(index.written().entries(), end, BATCH);
    // What was found in journal mailboxes first: the position goes with the messages.
    addFound(batch.isEmpty() ? end : batch.getLast().message().leaf() + 1);
    for (int at = 0; at < batch.size() && !follower.ending(); ) {
      List<Structured> chunk = chunk(batch.subList(at, batch.size()));
      add(chunk);
      at += chunk.size();
      follower.breathe();
    }
    if (batch.isEmpty() && !follower.ending()) {
      index.advance(end);
    }
  }

  private void addFound(long to) throws IOException {
    long from = index.written().entries();
    while (!follower.ending()) {
      List<Unwrapping> found = catalogue.transmissions().found(from, to);
      if (found.isEmpty()) {
        return;
      }
      for (Unwrapping unwrapping : found) {
        index.add(unwrapping);
      }
      from = found.getLast().leaf() + 1;
    }
  }

  /// The first of them: one alone where others are to have the machine.
  private List<Structured> chunk(List<Structured> messages) {
    int count = 1;
    long size = messages.getFirst().message().length();
    while (count < messages.size() && size < CHUNK_OCTETS && !follower.isToStandBack()) {
      size += messages.get(count++).message().length();
    }
    return messages.subList(0, count);
  }

  private void add(List<Structured> messages) throws IOException {
    Chunk<Structured> chunk = new Chunk<>(messages, follower::ending);
    Collection<SealedText> texts = new ConcurrentLinkedQueue<>();
    chunk.add(
        second,
        message -> {
          MessageDocument made = MessageDocument.of(message, archive, attachments);
          index.add(made.document());
          made.sealed().ifPresent(texts::add);
        },
        message -> index.remove(message.message()));
    attachments.keep(texts);
    for (Structured added : messages.subList(0, chunk.added())) {
      index.advance(added.message());
      octets += added.message().length();
      progress.at(added.message().number() + 1L, octets);
    }
    chunk.check();
    if (since(refreshed).compareTo(REFRESH) >= 0) {
      refresh();
    }
    if (isCommitDue()) {
      commit();
    }
  }

  private void refresh() throws IOException {
    index.refresh();
    refreshed = System.nanoTime();
  }

  private void commit() throws IOException {
    index.commit();
    saved = System.nanoTime();
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
