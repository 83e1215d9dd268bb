package org.muniment.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
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
    marks.add("alice", INBOX, List.of(new Mark(first, last, seen)), 0, Long.MAX_VALUE);
  }

  // RFC 7162 section 3.1.3
  @Test
  void whatWasMarkedSinceStaysAsItIs() {
    assertThat(marks.highestModSeq("alice", INBOX)).isZero();
    assertThat(add(10, 20, 100, Long.MAX_VALUE)).hasValue(101);
    assertThat(add(15, 15, 50, Long.MAX_VALUE)).hasValue(102);
    assertThat(add(14, 15, 0, 101)).isEmpty();
    assertThat(add(14, 14, 0, 101)).hasValue(103);
    assertThat(add(14, 15, 1000, 103)).hasValue(1001);
    assertThat(marks.highestModSeq("alice", INBOX)).isEqualTo(1001);
    assertThat(marks.highestModSeq("bob", INBOX)).isZero();
    assertThat(marks.changedSince("alice", INBOX, 101)).hasToString("14:15");
    assertThat(marks.changedSince("alice", INBOX, 100)).hasToString("10:20");
    assertThat(marks.changedSince("bob", INBOX, 0).isEmpty()).isTrue();
  }

  private OptionalLong add(long first, long last, long floor, long unchangedSince) {
    return marks.add("alice", INBOX, List.of(new Mark(first, last, true)), floor, unchangedSince);
  }

  @Test
  void everyUidKnowsWhenItWasMarkedLast() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long[] expected = new long[60];
    for (int i = 0; i < 200; i++) {
      int first = 1 + random.nextInt(50);
      int last = first + random.nextInt(9);
      long modSeq = add(first, last, random.nextInt(300), Long.MAX_VALUE).orElseThrow();
      Arrays.fill(expected, first, last + 1, modSeq);
    }
    long[] found = new long[60];
    long next = 0;
    for (SeenMarks.Change change : marks.changesWithin("alice", INBOX, 0, 100)) {
      assertThat(change.first()).as("seed %d", seed).isGreaterThanOrEqualTo(next);
      Arrays.fill(found, (int) change.first(), (int) change.last() + 1, change.modSeq());
      next = change.last() + 1;
    }
    assertThat(found).as("seed %d", seed).isEqualTo(expected);
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
