package org.muniment.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.access.SeenMarks.Mark;

class SeenMarksTest {

  private static final MailboxId INBOX = new MailboxId("0000000000000001");

  @TempDir private Path folder;
  private StateDatabase database;
  private SeenMarks marks;

  @BeforeEach
  void open() throws Exception {
    database = StateDatabase.open(folder.resolve("state.db"));
    marks = SeenMarks.of(database);
  }

  @AfterEach
  void close() throws Exception {
    database.close();
  }

  private void mark(long first, long last, boolean seen) {
    marks.add("alice", INBOX, List.of(new Mark(first, last, seen)));
  }

  private List<Mark> all() {
    return marks.within("alice", INBOX, 0, Long.MAX_VALUE);
  }

  @Test
  void neighboursThatAreAlikeBecomeOne() {
    mark(1, 1, true);
    mark(3, 3, true);
    mark(2, 2, true);
    assertThat(all()).containsExactly(new Mark(1, 3, true));
  }

  @Test
  void sessionsThatMarkAtOnceWaitForEachOther() throws Exception {
    int sessions = 8;
    int each = 400 / sessions;
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < sessions; i++) {
        int session = i;
        running.add(
            threads.submit(
                () -> {
                  for (int uid = 1 + session; uid <= sessions * each; uid += sessions) {
                    mark(uid, uid, true);
                  }
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertThat(all()).containsExactly(new Mark(1, 400, true));
  }

  @Test
  void aMarkSplitsAnother() {
    mark(1, 1_000_000, true);
    mark(500, 501, false);
    assertThat(all())
        .containsExactly(
            new Mark(1, 499, true), new Mark(500, 501, false), new Mark(502, 1_000_000, true));
    assertThat(marks.from("alice", INBOX, 501)).hasValue(new Mark(500, 501, false));
    assertThat(marks.within("alice", INBOX, 502, 502))
        .containsExactly(new Mark(502, 1_000_000, true));
  }

  @Test
  void eachUserAndMailboxHasItsOwn() {
    mark(1, 9, true);
    assertThat(marks.within("bob", INBOX, 0, 100)).isEmpty();
    assertThat(marks.within("alice", new MailboxId("0000000000000002"), 0, 100)).isEmpty();
  }

  @Test
  void anyOrderOfMarksGivesWhatWasMarkedLast() {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    BitSet marked = new BitSet();
    BitSet seen = new BitSet();
    for (int i = 0; i < 300; i++) {
      int first = 1 + random.nextInt(100);
      int last = first + random.nextInt(10);
      boolean flag = random.nextBoolean();
      mark(first, last, flag);
      marked.set(first, last + 1);
      seen.set(first, last + 1, flag);
      assertThat(all()).isEqualTo(expected(marked, seen));
    }
  }

  private static List<Mark> expected(BitSet marked, BitSet seen) {
    List<Mark> expected = new ArrayList<>();
    for (int at = marked.nextSetBit(0); at >= 0; ) {
      boolean flag = seen.get(at);
      int last = at;
      while (marked.get(last + 1) && seen.get(last + 1) == flag) {
        last++;
      }
      expected.add(new Mark(at, last, flag));
      at = marked.nextSetBit(last + 1);
    }
    return expected;
  }
}
