package org.muniment.indexer.kept;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.joining;

import com.github.luben.zstd.ZstdDecompressCtx;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.FoldedText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was read of documents and messages. A value that is damaged is as one that was never there.
/// Safe for use by many threads; many processes may read while one writes.
///
/// Every method throws [IOException] when the file cannot be read or written.
public final class KeptText implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeptText.class);

  /// Threads that read at once; others wait.
  private static final int READERS = 4;

  private static final byte[] DOCUMENT = "document".getBytes(US_ASCII);
  private static final byte[] MESSAGE = "message".getBytes(US_ASCII);

  private final KeptFile file;
  private final Seal seal;
  private final BlockingQueue<Side> idle = new ArrayBlockingQueue<>(READERS);
  private final List<Side> reading = new ArrayList<>();
  private final Side writing;
  private final String id;

  private KeptText(KeptFile file, Seal seal) throws IOException {
    this.file = file;
    this.seal = seal;
    try {
      for (int i = 0; i < READERS; i++) {
        reading.add(new Side(file));
      }
      idle.addAll(reading);
      this.id = read(handle -> handle.select("SELECT id FROM own").mapTo(String.class).one());
      this.writing = new Side(file);
    } catch (IOException | RuntimeException e) {
      reading.forEach(Side::close);
      throw e;
    }
  }

  /// What no other file has that ever takes the place of this one: who has taken over what is kept
  /// here finds by it that this is gone.
  public String id() {
    return id;
  }

  /// Returns when all that was put here survives a power failure. To be called before anything is
  /// saved that says that a document was read: what is put is not durable by itself, so that mail
  /// with thousands of documents does not wait for the disk thousands of times.
  public void makeDurable() throws IOException {
    file.makeDurable();
  }

  /// Opens what is kept, for the one process that also writes, and makes it where there is none.
  /// What cannot be used is moved aside, which the log says.
  ///
  /// @param rootKeys of the archive; the first wraps the key of a new file
  /// @throws IOException also when it cannot be opened at present, as on a full disk; nothing is
  ///   moved then
  public static KeptText open(Path folder, RootKeys rootKeys) throws IOException {
    KeptFile file = new KeptFile(folder, rootKeys);
    return new KeptText(file, file.prepare());
  }

  /// Opens what another process keeps; empty when there is nothing yet.
  public static Optional<KeptText> openExisting(Path folder, RootKeys rootKeys) throws IOException {
    KeptFile file = new KeptFile(folder, rootKeys);
    @Nullable Seal seal = file.exists() ? file.seal() : null;
    return seal == null ? Optional.empty() : Optional.of(new KeptText(file, seal));
  }

  /// Wraps the key anew under the current root key; nothing to do where there is none.
  ///
  /// @return number of keys that were wrapped anew
  public static int rewrap(Path folder, RootKeys rootKeys) throws IOException {
    return new KeptFile(folder, rootKeys).rewrap();
  }

  /// A document that was read.
  ///
  /// @param content SHA-256 of its octets
  public Optional<KeptDocument> document(ContentId content) throws IOException {
    Optional<Stored> stored =
        read(
            handle ->
                handle
                    .select(
                        "SELECT extractor, status, value FROM document WHERE content = ?",
                        content.bytes())
                    .map(
                        (row, _) -> new Stored(row.getString(1), row.getString(2), row.getBytes(3)))
                    .findOne());
    return stored.flatMap(found -> opened(content, found));
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Stored(String extractor, String status, byte[] value) {}

  private Optional<KeptDocument> opened(ContentId content, Stored stored) {
    try {
      byte[] value = seal.open(stored.value(), row(DOCUMENT, content));
      ExtractionStatus status = ExtractionStatus.valueOf(stored.status());
      return Optional.of(
          new KeptDocument(content, stored.extractor(), Values.extraction(status, value)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{}: document {} is damaged, and is read again: {}", file, content, e.getMessage());
      return Optional.empty();
    }
  }

  /// The parts of a message, and files inside them, that are documents that were read.
  public List<KeptPart> parts(ContentId message) throws IOException {
    return read(
        handle ->
            handle
                .select(
                    """
                    SELECT p.path, p.file, p.document, d.extractor, d.status
                    FROM part p JOIN document d ON d.content = p.document
                    WHERE p.message = ? ORDER BY p.path, p.file
                    """,
                    message.bytes())
                .map(
                    (row, _) ->
                        new KeptPart(
                            PartPath.parse(row.getString(1)).orElseThrow(),
                            row.getInt(2),
                            ContentId.of(row.getBytes(3)),
                            row.getString(4),
                            ExtractionStatus.valueOf(row.getString(5))))
                .list());
  }

  /// Those of some messages that have documents that were read.
  public Set<ContentId> withDocuments(Collection<ContentId> messages) throws IOException {
    String ids = messages.stream().map(ContentId::toString).collect(joining("\",\"", "[\"", "\"]"));
    return read(
        handle ->
            handle
                .select(
                    """
                    SELECT DISTINCT message FROM part
                    WHERE message IN (SELECT unhex(value) FROM json_each(?))
                    """,
                    ids)
                .map((row, _) -> ContentId.of(row.getBytes(1)))
                .set());
  }

  /// Keeps a document, in place of what was kept of it before.
  public void put(KeptDocument document) throws IOException {
    byte[] value = seal.close(Values.of(document.extraction()), row(DOCUMENT, document.content()));
    writing.with(
        handle ->
            handle.execute(
                "INSERT OR REPLACE INTO document (content, extractor, status, value) VALUES (?, ?, ?, ?)",
                document.content().bytes(),
                document.extractor(),
                document.extraction().status().name(),
                value));
  }

  /// Says which document a part of a message is, or a file inside it.
  ///
  /// @param file number of the file inside the part, from 1; 0 for the part itself
  public void link(ContentId message, PartPath path, int file, ContentId document)
      throws IOException {
    writing.with(
        handle ->
            handle.execute(
                "INSERT OR REPLACE INTO part (message, path, file, document) VALUES (?, ?, ?, ?)",
                message.bytes(),
                path.toString(),
                file,
                document.bytes()));
  }

  /// Packs and seals the text of a message, to be kept with others; for any thread.
  ///
  /// @param number of the message in the catalogue
  public SealedText seal(int number, ContentId content, FoldedText text) {
    return new SealedText(number, content, seal.close(Values.of(text), row(MESSAGE, content)));
  }

  /// Keeps the texts of messages, in place of what was kept of them before; all or none of them.
  public void put(List<SealedText> messages) throws IOException {
    if (messages.isEmpty()) {
      return;
    }
    writing.with(
        handle ->
            handle.inTransaction(
                transaction -> {
                  PreparedBatch batch =
                      transaction.prepareBatch(
                          "INSERT OR REPLACE INTO message (number, content, rules, value)"
                              + " VALUES (?, ?, ?, ?)");
                  for (SealedText message : messages) {
                    batch.add(
                        message.number(),
                        message.content().bytes(),
                        FoldedText.RULES,
                        message.value());
                  }
                  return batch.execute().length;
                }));
  }

  /// Gives what is kept of messages to a sink, one after the other by their numbers; those of which
  /// nothing is kept are left out.
  ///
  /// @param messages by their numbers, at most 500
  public void forEach(Map<Integer, ContentId> messages, TextSink sink) throws IOException {
    try (ZstdDecompressCtx unpacking = new ZstdDecompressCtx()) {
      for (SealedText one : stored(messages.keySet())) {
        Optional<FoldedText> text =
            one.content().equals(messages.get(one.number()))
                ? text(one, unpacking)
                : Optional.empty();
        if (text.isPresent()) {
          sink.accept(one.number(), text.get());
        }
      }
    }
  }

  /// Takes texts of messages.
  @FunctionalInterface
  public interface TextSink {
    /// @param number of the message
    void accept(int number, FoldedText text) throws IOException;
  }

  private List<SealedText> stored(Collection<Integer> numbers) throws IOException {
    return read(
        handle ->
            handle
                .createQuery(
                    """
                    SELECT number, content, value FROM message
                    WHERE number IN (SELECT value FROM json_each(:numbers)) AND rules = :rules
                    ORDER BY number
                    """)
                .bind("numbers", numbers.toString())
                .bind("rules", FoldedText.RULES)
                .map(
                    (row, _) ->
                        new SealedText(
                            row.getInt(1), ContentId.of(row.getBytes(2)), row.getBytes(3)))
                .list());
  }

  private Optional<FoldedText> text(SealedText stored, ZstdDecompressCtx unpacking) {
    try {
      byte[] row = row(MESSAGE, stored.content());
      return Optional.of(Values.folded(seal.open(stored.value(), row, unpacking)));
    } catch (IOException e) {
      LOG.warn(
          "{}: the text of message {} is damaged, and is read in the archive: {}",
          file,
          stored.content(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private static byte[] row(byte[] table, ContentId content) {
    return ByteBuffer.allocate(table.length + ContentId.LENGTH)
        .put(table)
        .put(content.bytes())
        .array();
  }

  @Override
  public void close() {
    reading.forEach(Side::close);
    writing.close();
  }

  private <T> T read(HandleCallback<T, RuntimeException> work) throws IOException {
    Side side;
    try {
      side = idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("kept text: interrupted");
    }
    try {
      return side.with(work);
    } finally {
      idle.add(side);
    }
  }

  /// One connection, for one thread at a time; statements are short, values are opened outside.
  private static final class Side {

    private final ReentrantLock lock = new ReentrantLock();
    private final Connection connection;
    private final Handle handle;

    Side(KeptFile file) throws IOException {
      try {
        connection = file.connect();
      } catch (SQLException e) {
        throw new IOException(file + " cannot be opened: " + e.getMessage(), e);
      }
      handle = Jdbi.create(() -> connection).open();
    }

    <T> T with(HandleCallback<T, RuntimeException> work) throws IOException {
      lock.lock();
      try {
        return work.withHandle(handle);
      } catch (JdbiException e) {
        throw new IOException("kept text: " + e.getMessage(), e);
      } finally {
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        handle.close();
      } finally {
        lock.unlock();
      }
    }
  }
}
