package org.muniment.indexer.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexFormatTooNewException;
import org.apache.lucene.index.IndexFormatTooOldException;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Unwrapping;
import org.muniment.indexer.extract.ExtractionStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Lucene index in a folder, with one document for each distinct message, and how far it has
/// followed the log. Written by one thread at a time of one process, while one more puts documents
/// in place of what they were ([#update]); searched by many.
public final class FullTextIndex implements SearchIndex {

  private static final Logger LOG = LoggerFactory.getLogger(FullTextIndex.class);

  /// Changes whenever fields, analysis or what is text do: an index of another schema is made
  /// again.
  private static final String SCHEMA = "10";

  /// Key in the user data of a commit.
  private static final String READ_BY = "attachments-read-by";

  /// Key in the user data of a commit.
  private static final String KEPT_ID = "attachments-kept-in";

  private static final double BUFFER_MEBIBYTES = 32;

  private final Path folder;
  private final Directory directory;

  /// Its write lock is held where the index begins anew or is opened again, its read lock by others
  /// than the one writing thread.
  private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();

  private IndexWriter writer;
  private volatile SearcherManager searchers;
  private volatile IndexPosition written;
  private IndexPosition committed;
  private volatile long searchable;

  /// Version of the extractor that has read all attachments, as far as it can.
  private volatile String readBy;

  /// Id of the kept text that has what was read of all attachments.
  private volatile String keptId;

  /// What the documents take over.
  private volatile Attachments attachments = Attachments.NONE;

  /// Whether something other than the position was changed since the last commit.
  private volatile boolean changed;

  private FullTextIndex(Path folder, Directory directory) throws IOException {
    this.folder = folder;
    this.directory = directory;
    this.writer = new IndexWriter(directory, config());
    this.searchers = new SearcherManager(writer, OwnMailSimilarity.SEARCHERS);
    this.written = IndexPosition.of(writer.getLiveCommitData());
    this.committed = written;
    this.searchable = written.entries();
    this.readBy = committed(writer, READ_BY);
    this.keptId = committed(writer, KEPT_ID);
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
    long before = searchable;
    SearcherManager manager = searchers;
    IndexSearcher searcher = manager.acquire();
    // It may have begun anew meanwhile.
    return new View(manager, searcher, Math.min(before, searchable));
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
    return written.equals(committed) && !changed;
  }

  /// Adds the document of a message. Safe beside others that do the same; to be followed by
  /// [#advance] in the order of the messages.
  void add(Document document) throws IOException {
    writer.addDocument(document);
  }

  /// Takes out a message that was added after one that could not be.
  void remove(Message message) throws IOException {
    writer.deleteDocuments(new Term(Fields.CONTENT, message.content().toString()));
  }

  /// Says that the index has all messages up to this one.
  void advance(Message message) {
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

  /// In two steps: what is committed says of attachments that they were read, so that what was read
  /// has to be durable first, and nothing that comes meanwhile may be committed with it.
  void commit() throws IOException {
    changed = false;
    Map<String, String> data = new HashMap<>(written.data(SCHEMA));
    data.put(READ_BY, readBy);
    data.put(KEPT_ID, keptId);
    writer.setLiveCommitData(data.entrySet());
    writer.prepareCommit();
    try {
      attachments.makeDurable();
    } catch (IOException | RuntimeException e) {
      writer.rollback();
      throw e;
    }
    writer.commit();
    committed = written;
  }

  /// Says with what the documents are made from now on. Where there are none yet, all of them will
  /// be, and no attachment is to be read again.
  void makeWith(Attachments attachments) {
    this.attachments = attachments;
    if (written.messages() == 0 && !isReadWith(attachments)) {
      setReadWith(attachments);
    }
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
    life.writeLock().lock();
    try {
      writer.deleteAll();
      written = IndexPosition.START;
      searchable = 0;
      readBy = "";
      keptId = "";
    } finally {
      life.writeLock().unlock();
    }
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
    life.writeLock().lock();
    try {
      searchers.close();
      writer = new IndexWriter(directory, config());
      searchers = new SearcherManager(writer, OwnMailSimilarity.SEARCHERS);
      written = IndexPosition.of(writer.getLiveCommitData());
      committed = written;
      searchable = written.entries();
      readBy = committed(writer, READ_BY);
      keptId = committed(writer, KEPT_ID);
      changed = false;
    } finally {
      life.writeLock().unlock();
    }
  }

  private static String committed(IndexWriter writer, String key) {
    @Nullable Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
    if (data != null) {
      for (Map.Entry<String, String> entry : data) {
        if (entry.getKey().equals(key)) {
          return entry.getValue();
        }
      }
    }
    return "";
  }

  /// Puts a document in place of the one of the same message, in one step for those who search.
  /// Safe beside the one thread that writes.
  ///
  /// @return false when the index has no such message (any more)
  boolean update(Document document, Message message) throws IOException {
    life.readLock().lock();
    try {
      if (message.number() >= written.messages()) {
        return false;
      }
      writer.updateDocument(new Term(Fields.CONTENT, message.content().toString()), document);
      changed = true;
      return true;
    } finally {
      life.readLock().unlock();
    }
  }

  /// Lets what was updated be searched.
  void showUpdates() throws IOException {
    life.readLock().lock();
    try {
      searchers.maybeRefreshBlocking();
    } finally {
      life.readLock().unlock();
    }
  }

  /// Version of the extractor that has read all attachments, as far as it can; `""` when none has.
  String readBy() {
    return readBy;
  }

  /// Whether all attachments were read with these, as far as they can be.
  boolean isReadWith(Attachments attachments) {
    return readBy.equals(attachments.version()) && keptId.equals(attachments.keptId());
  }

  void setReadWith(Attachments attachments) {
    readBy = attachments.version();
    keptId = attachments.keptId();
    changed = true;
  }

  /// Numbers of messages whose attachments are to be read again, or of which it is not known that
  /// they need not be, in their order: those of which something could not be read; where what was
  /// read is no longer kept, all.
  ///
  /// @param after the number before the first
  List<Integer> toReadAgain(Attachments attachments, int after, int limit) throws IOException {
    return numbers(
        new BooleanQuery.Builder()
            .add(
                keptId.equals(attachments.keptId())
                    ? worthAnotherTry()
                    : MatchAllDocsQuery.INSTANCE,
                BooleanClause.Occur.FILTER)
            .add(
                NumericDocValuesField.newSlowRangeQuery(
                    Fields.NUMBER, after + 1L, Integer.MAX_VALUE),
                BooleanClause.Occur.FILTER)
            .build(),
        false,
        limit);
  }

  private static Query worthAnotherTry() {
    List<BytesRef> statuses =
        Arrays.stream(ExtractionStatus.values())
            .filter(ExtractionStatus::worthAnotherTry)
            .map(status -> new BytesRef(status.keyword()))
            .toList();
    return new TermInSetQuery(Fields.STATUS, statuses);
  }

  /// Numbers of messages with attachments that are not read yet, the newest first.
  List<Integer> pending(int limit) throws IOException {
    return numbers(status(Fields.PENDING), true, limit);
  }

  private List<Integer> numbers(Query query, boolean newest, int limit) throws IOException {
    Sort order = new Sort(new SortField(Fields.NUMBER, SortField.Type.LONG, newest));
    try (View view = view()) {
      return Arrays.stream(view.searcher().search(query, limit, order).scoreDocs)
          .map(hit -> ((Long) ((FieldDoc) hit).fields[0]).intValue())
          .toList();
    }
  }

  private static Query status(String status) {
    return new TermQuery(new Term(Fields.STATUS, status));
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
