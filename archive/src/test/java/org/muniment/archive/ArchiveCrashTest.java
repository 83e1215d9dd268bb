package org.muniment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.archive.Samples.KEYS;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreUnavailableException;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;

/// The power goes at every step of a small run, several times in a row.
class ArchiveCrashTest {

  /// Small, so that journals end and begin too.
  private static final long JOURNAL_SIZE = 8_000;

  @TempDir Path folder;

  @Test
  void everyAcknowledgedMessageIsThereOnceWhereverThePowerGoes() throws IOException {
    crashEverywhere(24, 3);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void everyAcknowledgedMessageIsThereOnceAlsoWhereTilesFill() throws IOException {
    crashEverywhere(270, 1);
  }

  @Test
  void aFullDiskIsNamedAndLosesNothingThatWasAcknowledged() throws IOException {
    for (int writes = 0; ; writes++) {
      String where = writes + " writes";
      ForgetfulDisk disk = new ForgetfulDisk(Integer.MAX_VALUE);
      List<Long> acknowledged = new ArrayList<>();
      ArchiveException refusal = fill(new FullDisk(disk, writes), 24, acknowledged);
      if (refusal == null) {
        assertThat(writes).isGreaterThan(24);
        return;
      }
      assertThat(refusal).as(where).hasMessageContaining("No space left on device");
      if (disk.read("FORMAT") != null) {
        check(disk, acknowledged, where);
      }
      // The disk is still full when the next writer opens, and then it is not.
      fill(new FullDisk(disk, writes % 3), 24, acknowledged);
      assertThat(fill(disk, 24, acknowledged)).as(where).isNull();
      check(disk, acknowledged, where);
      assertThat(Archive.open(folder, KEYS, disk).size()).as(where).isGreaterThan(20);
    }
  }

  /// @param times how often at each step, each time with other losses
  private void crashEverywhere(int messages, int times) throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    int steps = work(new ForgetfulDisk(Integer.MAX_VALUE), messages, new ArrayList<>());
    assertThat(steps).isGreaterThan(messages);
    for (int run = 0; run < steps * times; run++) {
      int stop = run / times;
      String where = "seed " + seed + ", run " + run + ", step " + stop;
      Random random = new Random(seed + run);
      ForgetfulDisk disk = new ForgetfulDisk(stop);
      List<Long> acknowledged = new ArrayList<>();
      work(disk, messages, acknowledged);
      // The next start may be cut short too.
      ForgetfulDisk again = disk.afterCrash(random).stoppingAfter(random.nextInt(12));
      work(again, messages, acknowledged);
      ForgetfulDisk last = again.afterCrash(random);
      work(last, messages, acknowledged);
      check(last, acknowledged, where);
    }
  }

  /// Like [#fill], until the power goes.
  ///
  /// @return steps that the disk took
  private int work(ForgetfulDisk disk, int messages, List<Long> acknowledged) throws IOException {
    ArchiveException failure = fill(disk, messages, acknowledged);
    if (failure != null) {
      assertThat(failure).hasStackTraceContaining("the power is gone");
    }
    return disk.steps();
  }

  /// Appends what is not there yet and commits now and then.
  ///
  /// @return what ended it early, if anything
  private @Nullable ArchiveException fill(Disk disk, int messages, List<Long> acknowledged)
      throws IOException {
    ArchiveWriter failed = null;
    boolean sealing = false;
    try {
      Archive archive =
          disk.read("FORMAT") == null
              ? Archive.create(folder, "crash.example", KEYS, disk)
              : Archive.open(folder, KEYS, disk);
      MapIndex index = new MapIndex();
      try (ArchiveWriter writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE)) {
        failed = writer;
        Set<Long> there = new HashSet<>();
        MailboxId known = null;
        for (Entry entry : entries(archive)) {
          if (entry.event() instanceof Event.MailboxCreated mailbox) {
            known = mailbox.id();
          } else if (entry.event() instanceof Event.Placement placement) {
            there.add(Samples.sourceUid(placement));
          }
        }
        MailboxId inbox = known == null ? inbox(writer) : known;
        List<Long> appended = new ArrayList<>();
        for (long uid = 1; uid <= messages; uid++) {
          if (!there.contains(uid)) {
            append(writer, inbox, uid, octets(uid));
            appended.add(uid);
          }
          if (uid % 5 == 0) {
            writer.commit();
            acknowledged.addAll(appended);
            appended.clear();
          }
          if (uid % 9 == 0) {
            index.follow(archive);
            sealing = true;
            writer.seal(Progress.NONE);
            sealing = false;
            acknowledged.addAll(appended);
            appended.clear();
          }
          if (uid % 18 == 0) {
            sealing = true;
            writer.retire(Duration.ZERO);
            sealing = false;
          }
        }
      }
      return null;
    } catch (ArchiveException e) {
      // What cannot be sealed now lies safe in the journals: the writer goes on.
      if (failed != null && !sealing) {
        assertThatThrownBy(failed::commit)
            .isInstanceOf(StoreUnavailableException.class)
            .hasMessageContaining(e.getMessage());
      }
      return e;
    }
  }

  /// Some octets are shared by many messages, some are none, some hold a part that others have,
  /// too, and hardly any can be compressed.
  private static byte[] octets(long uid) {
    byte[] octets = new byte[(int) uid % 20 * 150];
    new Random(uid % 20).nextBytes(octets);
    if (uid % 4 != 3) {
      return octets;
    }
    byte[] part = new byte[1_100];
    new Random(uid % 8).nextBytes(part);
    String text = uid + "\r\n\r\n" + Base64.getMimeEncoder().encodeToString(part) + "\r\n--\r\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void check(ForgetfulDisk disk, List<Long> acknowledged, String where) throws IOException {
    Report report = Verifier.verify(disk, KEYS, Progress.NONE);
    assertThat(report.findings()).as(where).isEmpty();
    Archive archive = Archive.open(folder, KEYS, disk);
    Map<ContentId, Location> locations = new HashMap<>();
    List<Long> uids = new ArrayList<>();
    for (Entry entry : entries(archive)) {
      if (entry.event() instanceof Event.Placement placement) {
        if (entry.location() != null) {
          locations.put(placement.content(), entry.location());
        }
        uids.add(Samples.sourceUid(placement));
        Location location = locations.get(placement.content());
        assertThat(location).as(where).isNotNull();
        if (location != null) {
          byte[] expected = octets(Samples.sourceUid(placement));
          assertThat(read(archive, placement.content(), location)).as(where).isEqualTo(expected);
        }
      }
    }
    assertThat(uids).as(where).doesNotHaveDuplicates().containsAll(acknowledged);
  }
}
