package org.muniment.indexer.index;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexNotFoundException;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.IOUtils;

/// An index as it was last committed, for a process that does not write it.
public final class CommittedIndex implements SearchIndex {

  private final Directory directory;
  private final SearcherManager searchers;
  private final long position;

  private CommittedIndex(Directory directory) throws IOException {
    this.directory = directory;
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      this.position = IndexPosition.of(reader.getIndexCommit().getUserData().entrySet()).entries();
      this.searchers =
          new SearcherManager(
              DirectoryReader.open(reader.getIndexCommit()), OwnMailSimilarity.SEARCHERS);
    }
  }

  /// Number of log entries that the newest commit in a folder has; 0 when there is none.
  public static long position(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    try (CommittedIndex newest = open(folder)) {
      return newest.position;
    } catch (IndexNotFoundException e) {
      return 0;
    }
  }

  /// Opens the newest commit.
  ///
  /// @throws IOException when there is none, or it cannot be read
  public static CommittedIndex open(Path folder) throws IOException {
    FSDirectory directory = FSDirectory.open(folder);
    try {
      return new CommittedIndex(directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  @Override
  public View view() throws IOException {
    return new View(searchers, searchers.acquire(), position);
  }

  @Override
  public void close() throws IOException {
    IOUtils.close(searchers, directory);
  }
}
