package org.muniment.indexer.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.TermQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;

class IndexRebuildTest {

  private static final int MESSAGES = 30;

  @TempDir Path directory;
  private LiveArchive live;
  private FullTextIndex index;

  @BeforeEach
  void fill() throws IOException {
    live = new LiveArchive(directory);
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    for (int i = 0; i < MESSAGES; i++) {
      live.add(inbox, mail("a@example.com", "s" + i, "word"));
    }
    live.settle();
    index = FullTextIndex.open(directory.resolve("index"));
    follower(Progress.NONE).catchUp();
    index.commit();
  }

  @AfterEach
  void close() throws IOException {
    index.close();
    live.close();
  }

  private IndexFollower follower(Progress progress) {
    return new IndexFollower(live.archive(), live.catalogue(), index, progress);
  }

  @Test
  void whatIsMadeAnewFindsWhatWasFound() throws IOException {
    IndexPosition before = index.written();
    follower(Progress.NONE).rebuild();
    assertThat(index.written()).isEqualTo(before);
    assertThat(found(index)).isEqualTo(MESSAGES);
    assertThat(foundByOtherProcesses()).isEqualTo(MESSAGES);
  }

  @Test
  void untilItIsWholeOtherProcessesFindWhatWasThere() throws IOException {
    int[] least = {MESSAGES};
    follower((done, octets) -> least[0] = Math.min(least[0], foundNow())).rebuild();
    assertThat(least[0]).isEqualTo(MESSAGES);
  }

  private int foundNow() {
    try {
      return foundByOtherProcesses();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void anErrorInTheMiddleLeavesWhatWasThere() throws IOException {
    IndexPosition before = index.written();
    IndexFollower failing =
        follower(
            (done, octets) -> {
              if (done == MESSAGES / 2) {
                throw new IllegalStateException("the disk is full");
              }
            });
    assertThatThrownBy(failing::rebuild).hasMessage("the disk is full");
    assertThat(index.written()).isEqualTo(before);
    assertThat(found(index)).isEqualTo(MESSAGES);
    index.close();
    assertThat(foundByOtherProcesses()).isEqualTo(MESSAGES);
  }

  private int foundByOtherProcesses() throws IOException {
    try (CommittedIndex committed = CommittedIndex.open(directory.resolve("index"))) {
      return found(committed);
    }
  }

  private static int found(SearchIndex searched) throws IOException {
    try (SearchIndex.View view = searched.view()) {
      return view.searcher().count(new TermQuery(new Term(Fields.BODY, "word")));
    }
  }
}
