package org.muniment.indexer.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Unwrapping;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Lucene index in a folder, with one document for each distinct message, and how far it has
/// followed the log. Written by one thread at a time of one process; searched by many.
public final class FullTextIndex implements SearchIndex {

  private static final Logger LOG = LoggerFactory.getLogger(FullTextIndex.class);

  /// Changes whenever fields, analysis or what is text do: an index of another schema is made
  /// again.
  private static final String SCHEMA = "4";

  private static final double BUFFER_MEBIBYTES = 32;

  private final Path folder;
  private final Directory directory;
  private IndexWriter writer;
  private volatile SearcherManager searchers;
  private IndexPosition written;
  private IndexPosition committed;
  private volatile long searchable;

  private FullTextIndex(Path folder, Directory directory) throws IOException {
    this.folder = folder;
    this.directory = directory;
    this.writer = new IndexWriter(directory, config());
    this.searchers = new SearcherManager(writer, OwnMailSimilarity.SEARCHERS);
    this.written = IndexPosition.of(writer.getLiveCommitData());
    this.committed = written;
    this.searchable = written.entries();
    if (!DirectoryReader.indexExists(directory)) {
      // Other processes can open what was committed only.
      commit();
    }
  }

  /// Opens the index in a folder, or creates it. One that is damaged, or that another version of
  /// this program wrote, is deleted and begins anew, which the log says.
  public static FullTextIndex open(Path folder) throws IOException {
    Files.createDirectories(folder);
    FSDirectory directory = FSDirectory.open(folder);
    try {
      checkSchema(directory);
      return new FullTextIndex(folder, directory);
    } catch (CorruptIndexException
        | IndexFormatTooOldException
        | IndexFormatTooNewException
        | IllegalArgumentException
        | java.io.EOFException
        | java.nio.file.NoSuchFileException e) {
      LOG.warn("full-text index {} is made again: {}", folder, e.getMessage());
      deleteFiles(folder);
      return new FullTextIndex(folder, directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  private static void checkSchema(Directory directory) throws IOException {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      String schema = reader.getIndexCommit().getUserData().get("schema");
      if (!SCHEMA.equals(schema)) {
        throw new IllegalArgumentException("its schema is " + schema + ", not " + SCHEMA);
      }
    } catch (IndexNotFoundException e) {
      LOG.debug("full-text index {} is empty", directory);
    }
  }

  private static void deleteFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private static IndexWriterConfig config() {
    return new IndexWriterConfig(MailAnalyzer.INDEX)
        .setRAMBufferSizeMB(BUFFER_MEBIBYTES)
        .setCommitOnClose(false);
  }

  @Override
  public View view() throws IOException {
    long position = searchable;
    SearcherManager manager = searchers;
    return new View(manager, manager.acquire(), position);
  }

  /// The number of log entries that can be searched.
  public long position() {
    return searchable;
  }

  IndexPosition written() {
    return written;
  }

  int uncommitted() {
    return written.messages() - committed.messages();
  }

  boolean isCommitted() {
    return written.equals(committed);
  }

  void add(Document document, Message message) throws IOException {
    writer.addDocument(document);
    written = written.after(message);
  }

  /// Adds what was found in a journal mailbox; once, however often it is called for it.
  void add(Unwrapping unwrapping) throws IOException {
    writer.deleteDocuments(new Term(Fields.LEAF, Long.toString(unwrapping.leaf())));
    for (Document document : TransmissionDocuments.of(unwrapping)) {
      writer.addDocument(document);
    }
  }

  /// Says that no more of the log before `entries` will be added.
  void advance(long entries) {
    written = written.at(entries);
  }

  /// Lets everything that was added be searched.
  void refresh() throws IOException {
    searchers.maybeRefreshBlocking();
    searchable = written.entries();
  }

  void commit() throws IOException {
    writer.setLiveCommitData(written.data(SCHEMA).entrySet());
    writer.commit();
    committed = written;
  }

  /// Begins anew at once.
  void clear() throws IOException {
    beginAnew();
    commit();
    refresh();
  }

  /// Begins anew. Until the next commit, what was committed before is what other processes see, and
  /// what a crash leaves.
  void beginAnew() throws IOException {
    writer.deleteAll();
    written = IndexPosition.START;
  }

  /// Takes back what was not committed.
  void rollback() throws IOException {
    writer.rollback();
    reopen();
  }

  /// Opens the writer again where an error has closed it; what was not committed is gone.
  void reopen() throws IOException {
    if (writer.isOpen()) {
      return;
    }
    LOG.warn("full-text index {} is opened again as it was last saved", folder);
    searchers.close();
    writer = new IndexWriter(directory, config());
    searchers = new SearcherManager(writer, OwnMailSimilarity.SEARCHERS);
    written = IndexPosition.of(writer.getLiveCommitData());
    committed = written;
    searchable = written.entries();
  }

  @Override
  public void close() throws IOException {
    try {
      if (writer.isOpen() && !isCommitted()) {
        commit();
      }
    } finally {
      IOUtils.close(searchers, writer, directory);
    }
  }
}
