package org.muniment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.archive.Samples.KEYS;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.inbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.backup.Backup;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Progress;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;

/// The power goes at every step of a backup.
class BackupCrashTest {

  private static final int JOURNAL_SIZE = 8_000;
  private static final int FIRST = 12;
  private static final int LAST = 60;
  private static final int TIMES = 3;

  @TempDir Path folder;
  private final ForgetfulDisk archive = new ForgetfulDisk(Integer.MAX_VALUE);
  private final MapIndex index = new MapIndex();
  private ForgetfulDisk firstCopy = new ForgetfulDisk(Integer.MAX_VALUE);
  private List<Event> firstState = List.of();
  private List<Event> lastState = List.of();

  /// Some messages and a copy of them; then the journal that the copy knows is sealed and removed,
  /// while more are appended, so that the `seal` event does not lie in the next journal, but behind
  /// it.
  @BeforeEach
  void fill() throws IOException {
    Archive opened = Archive.create(folder, "copied.example", KEYS, archive);
    try (ArchiveWriter writer = opened.writer(index, Clock.systemUTC(), JOURNAL_SIZE)) {
      MailboxId inbox = inbox(writer);
      appendAll(writer, inbox, 1, FIRST);
      Backup.run(archive, firstCopy, KEYS, false, Progress.NONE, Progress.NONE);
      firstState = events(opened);
      appendAll(writer, inbox, FIRST + 1, FIRST + 8);
      int[] next = {FIRST + 9};
      writer.seal(
          (done, octets) -> {
            if (next[0] < 40) {
              try {
                appendAll(writer, inbox, next[0], next[0] + 2);
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              next[0] += 3;
            }
          });
      index.follow(opened);
      writer.retire(Duration.ZERO);
      appendAll(writer, inbox, next[0], LAST);
    }
    assertThat(archive.list("journal")).hasSizeGreaterThan(3);
    lastState = events(opened);
  }

  private static void appendAll(ArchiveWriter writer, MailboxId inbox, int first, int last)
      throws IOException {
    for (int uid = first; uid <= last; uid++) {
      append(writer, inbox, uid, Busy.octets(uid));
      writer.commit();
    }
  }

  @Test
  void whereverThePowerGoesTheCopyIsWhatItWasOrWhatItIsToBe() throws IOException {
    cutEverywhere(firstCopy, firstState, FIRST);
  }

  @Test
  void whereverThePowerGoesInTheFirstBackupTheNextOneMakesIt() throws IOException {
    firstCopy = new ForgetfulDisk(Integer.MAX_VALUE);
    cutEverywhere(firstCopy, List.of(), 0);
  }

  private void cutEverywhere(ForgetfulDisk before, List<Event> state, int messages)
      throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    boolean cut = true;
    for (int step = 0; cut; step++) {
      for (int time = 0; time < TIMES; time++) {
        String where = "seed " + seed + ", step " + step + ", time " + time;
        Random random = new Random(seed + (long) step * TIMES + time);
        ForgetfulDisk copy = before.afterCrash(random).stoppingAfter(step);
        cut = !backup(copy, where);
        ForgetfulDisk left = copy.afterCrash(random);
        if (left.read("log/checkpoint") != null) {
          check(left, state, messages, where);
          opensForWriting(left.afterCrash(random), messages, where);
        } else {
          assertThat(messages).as(where).isZero();
        }
        assertThat(backup(left, where)).as(where).isTrue();
        check(left, lastState, LAST, where);
        assertThat(left.read("copying")).as(where).isNull();
      }
    }
  }

  /// @return whether it came to its end
  private boolean backup(ForgetfulDisk copy, String where) throws ArchiveException {
    try {
      Backup.Outcome outcome = Backup.run(archive, copy, KEYS, false, Progress.NONE, Progress.NONE);
      assertThat(outcome.report().findings()).as(where).isEmpty();
      return true;
    } catch (ArchiveException e) {
      assertThat(e).as(where).hasStackTraceContaining("the power is gone");
      return false;
    }
  }

  private void check(ForgetfulDisk copy, List<Event> least, int messages, String where)
      throws IOException {
    Report report = Verifier.verify(copy, KEYS, Progress.NONE);
    assertThat(report.findings()).as(where).isEmpty();
    Archive opened = Archive.open(folder, KEYS, copy);
    List<Event> events = events(opened);
    assertThat(events).as(where).isIn(least, lastState);
    BackupTest.everyMessageIsThere(opened, messages);
  }

  private void opensForWriting(ForgetfulDisk copy, int messages, String where) throws IOException {
    Archive opened = Archive.open(folder, KEYS, copy);
    try (ArchiveWriter writer =
        opened.writer(new MapIndex().follow(opened), Clock.systemUTC(), JOURNAL_SIZE)) {
      MailboxId inbox = ((Event.MailboxCreated) entries(opened).getFirst().event()).id();
      append(writer, inbox, 1_000, Busy.octets(1_000));
      writer.commit();
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
    }
    Report report = Verifier.verify(copy, KEYS, Progress.NONE);
    assertThat(report.findings()).as(where).isEmpty();
    BackupTest.everyMessageIsThere(Archive.open(folder, KEYS, copy), messages);
  }

  private static List<Event> events(Archive archive) throws IOException {
    return entries(archive).stream().map(Entry::event).toList();
  }
}
