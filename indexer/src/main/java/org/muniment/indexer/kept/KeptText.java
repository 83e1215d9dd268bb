package org.muniment.indexer.kept;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.mail.PartPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was read of documents and messages. A value that is damaged is as one that was never there.
/// Safe for use by many threads; many processes may read while one writes.
///
/// Every method throws [IOException] when the file cannot be read or written.
public final class KeptText implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeptText.class);

  private static final byte[] DOCUMENT = "document".getBytes(US_ASCII);
  private static final byte[] MESSAGE = "message".getBytes(US_ASCII);

  private final KeptFile file;
  private final Seal seal;
  private final Side reading;
  private final Side writing;
  private final String id;

  private KeptText(KeptFile file, Seal seal) throws IOException {
    this.file = file;
    this.seal = seal;
    this.reading = new Side(file);
    try {
      this.id =
          reading.with(handle -> handle.select("SELECT id FROM own").mapTo(String.class).one());
      this.writing = new Side(file);
    } catch (IOException | RuntimeException e) {
      reading.close();
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
        reading.with(
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
    return reading.with(
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

  /// Keeps the texts of messages, in place of what was kept of them before; all or none of them.
  public void putMessages(Map<ContentId, List<KeptSection>> messages) throws IOException {
    if (messages.isEmpty()) {
      return;
    }
    writing.with(
        handle ->
            handle.inTransaction(
                transaction -> {
                  PreparedBatch batch =
                      transaction.prepareBatch(
                          "INSERT OR REPLACE INTO message (content, value) VALUES (?, ?)");
                  messages.forEach(
                      (content, sections) ->
                          batch.add(
                              content.bytes(),
                              seal.close(Values.of(sections), row(MESSAGE, content))));
                  return batch.execute().length;
                }));
  }

  /// The texts of a message, in their order; empty when they are not kept.
  public Optional<List<KeptSection>> message(ContentId content) throws IOException {
    Optional<byte[]> stored =
        reading.with(
            handle ->
                handle
                    .select("SELECT value FROM message WHERE content = ?", content.bytes())
                    .mapTo(byte[].class)
                    .findOne());
    return stored.flatMap(value -> sections(content, value));
  }

  private Optional<List<KeptSection>> sections(ContentId content, byte[] value) {
    try {
      return Optional.of(Values.sections(seal.open(value, row(MESSAGE, content))));
    } catch (IOException e) {
      LOG.warn("{}: message {} is damaged, and is read again: {}", file, content, e.getMessage());
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
    reading.close();
    writing.close();
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

    <T> T with(org.jdbi.v3.core.HandleCallback<T, RuntimeException> work) throws IOException {
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
