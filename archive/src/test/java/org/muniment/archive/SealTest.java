package org.muniment.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.archive.Samples.KEYS;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.id;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.read;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.MailboxState;
import org.muniment.archive.event.Uid;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Progress;

class SealTest {

  private static final int JOURNAL_SIZE = 1 << 20;

  @TempDir Path folder;
  private Path directory;
  private Archive archive;
  private final MapIndex index = new MapIndex();

  @BeforeEach
  void create() throws IOException {
    directory = folder.resolve("archive");
    archive = Archive.create(directory, "seal.example", KEYS);
  }

  @Test
  void sealedMessagesAreReadFromTheSegmentAlone() throws IOException {
    Event.Seal seal;
    try (ArchiveWriter writer = archive.writer(index)) {
      MailboxId inbox = inbox(writer);
      for (int i = 1; i <= 300; i++) {
        append(writer, inbox, i, mail(i));
        if (i % 7 == 0) {
          writer.commit();
        }
      }
      writer.commit();
      List<Entry> before = entries(archive);
      seal = requireNonNull(writer.seal(Progress.NONE));
      assertThat(writer.retire(Duration.ZERO)).hasValue(1);
      List<Entry> after = entries(archive);
      assertThat(after.getLast().event()).isEqualTo(seal);
      assertThat(after.stream().map(Entry::event).toList().subList(0, 301))
          .isEqualTo(entriesOf(before));
    }
    assertThat(seal.endLeaf()).isEqualTo(301);
    assertThat(seal.mailboxes()).extracting(MailboxState::uidNext).containsExactly(301L);
    for (Entry entry : entries(archive).subList(1, 301)) {
      Event.Placement placement = (Event.Placement) entry.event();
      assertThat(requireNonNull(entry.location()).text()).startsWith("segment:1:");
      assertThat(read(archive, entry)).isEqualTo(mail((int) Samples.sourceUid(placement)));
    }
  }

  private static List<Event> entriesOf(List<Entry> entries) {
    return entries.stream().map(Entry::event).toList();
  }

  @Test
  void aFollowerMayBeginAnywhere() throws IOException {
    try (ArchiveWriter writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE)) {
      MailboxId inbox = inbox(writer);
      for (int i = 1; i <= 2_400; i++) {
        append(writer, inbox, i, ("Subject: " + i + "\n\nshort\n").getBytes(US_ASCII));
        if (i % 600 == 0 && i < 2_400) {
          writer.seal(Progress.NONE);
        }
      }
      writer.commit();
    }
    List<Event> all = entriesOf(entries(archive));
    assertThat(all).hasSize(2_404);
    Random random = new Random(5);
    for (int round = 0; round < 60; round++) {
      int from = random.nextInt(all.size());
      try (Entries entries = Archive.open(directory, KEYS).entriesFrom(from)) {
        for (int i = from; i < Math.min(from + 3, all.size()); i++) {
          Entry entry = requireNonNull(entries.next());
          assertThat(entry.index()).isEqualTo(i);
          assertThat(entry.event()).isEqualTo(all.get(i));
          if (entry.event() instanceof Event.Placement) {
            assertThat(read(archive, entry)).startsWith("Subject: ".getBytes(US_ASCII));
          }
        }
      }
    }
  }

  @Test
  void anAttachmentIsKeptOnceForAllMessagesThatHoldIt() throws IOException {
    byte[] attachment = new byte[200_000];
    new Random(1).nextBytes(attachment);
    byte[] same = mail("one", attachment, 76, "\r\n");
    try (ArchiveWriter writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE)) {
      MailboxId inbox = inbox(writer);
      append(writer, inbox, 1, same);
      append(writer, inbox, 2, mail("two", attachment, 64, "\n"));
      writer.commit();
      writer.seal(Progress.NONE);
      append(writer, inbox, 3, mail("three, before the index heard", attachment, 76, "\n"));
      writer.commit();
      index.follow(archive);
      append(writer, inbox, 4, mail("four", attachment, 60, "\r\n"));
      writer.seal(Progress.NONE);
      index.follow(archive);
      append(writer, inbox, 5, mail("five", attachment, 76, "\r\n"));
      append(writer, inbox, 6, same);
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
    }
    assertThat(octets("segments")).isBetween(200_000L, 215_000L);
    List<Entry> entries = placements();
    assertThat(read(archive, entries.get(2))).startsWith("Subject: three".getBytes(US_ASCII));
    for (Entry entry : entries.subList(0, 5)) {
      Event.Placement placement = (Event.Placement) entry.event();
      assertThat(id(read(archive, entry))).isEqualTo(placement.content());
    }
  }

  @Test
  void aTrickleOfSingleMailsTakesNoMoreRoomThanABulk() throws IOException {
    MapIndex other = new MapIndex();
    Path bulkFolder = folder.resolve("bulk");
    Archive bulk = Archive.create(bulkFolder, "bulk.example", KEYS);
    try (ArchiveWriter trickling = archive.writer(index);
        ArchiveWriter bulkWriter = bulk.writer(other)) {
      MailboxId inbox = inbox(trickling);
      MailboxId bulkInbox = inbox(bulkWriter);
      for (int i = 1; i <= 500; i++) {
        append(trickling, inbox, i, mail(i));
        trickling.commit();
        append(bulkWriter, bulkInbox, i, mail(i));
      }
      trickling.seal(Progress.NONE);
      bulkWriter.seal(Progress.NONE);
    }
    assertThat(octets("segments")).isLessThan(octets("journal") / 2);
    assertThat((double) octets("segments"))
        .isLessThan(1.02 * Files.size(bulkFolder.resolve("segments/0000000001")));
  }

  @Test
  void aLargePartStreamsAndIsReadFromAnyOffset() throws IOException {
    byte[] attachment = new byte[5_000_001];
    new Random(2).nextBytes(attachment);
    byte[] large = mail("large", attachment, 76, "\r\n");
    try (ArchiveWriter writer = archive.writer(index)) {
      append(writer, inbox(writer), 1, large);
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
    }
    Entry entry = placements().getFirst();
    Location location = requireNonNull(entry.location());
    Random random = new Random(3);
    for (int round = 0; round < 40; round++) {
      int offset = random.nextInt(large.length + 1);
      try (InputStream in = archive.open(id(large), location, offset)) {
        assertThat(in.readNBytes(300))
            .as("offset " + offset)
            .isEqualTo(Arrays.copyOfRange(large, offset, Math.min(offset + 300, large.length)));
      }
    }
    assertThat(read(archive, entry)).isEqualTo(large);
  }

  @Test
  void aPlaceInAJournalThatIsGoneLeadsToTheSegment() throws IOException {
    List<Entry> before;
    try (ArchiveWriter writer = archive.writer(index)) {
      MailboxId inbox = inbox(writer);
      for (int i = 1; i <= 20; i++) {
        append(writer, inbox, i, mail(i));
      }
      writer.commit();
      before = placements();
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
    }
    for (Entry entry : before) {
      assertThat(requireNonNull(entry.location()).text()).startsWith("journal:");
      Event.Placement placement = (Event.Placement) entry.event();
      assertThat(read(archive, entry)).isEqualTo(mail((int) Samples.sourceUid(placement)));
    }
  }

  @Test
  void whatAnIndexSaysWronglyIsStoredAnew() throws IOException {
    byte[] attachment = new byte[20_000];
    new Random(9).nextBytes(attachment);
    byte[] octets = mail("misplaced", attachment, 76, "\n");
    ContentIndex liar =
        new ContentIndex() {
          @Override
          public Location find(ContentId id) {
            return new Location("journal:1:44:0");
          }

          @Override
          public Location findPart(ContentId id) {
            return new Location("segment:9:96:0");
          }

          @Override
          public long position() {
            return 0;
          }
        };
    try (ArchiveWriter writer = archive.writer(liar)) {
      append(writer, inbox(writer), 1, octets);
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
    }
    assertThat(read(archive, placements().getFirst())).isEqualTo(octets);
  }

  @Test
  void nothingIsSealedTwiceAndNothingWorthlessOnce() throws IOException {
    try (ArchiveWriter writer = archive.writer(index)) {
      assertThat(writer.seal(Progress.NONE)).isNull();
      append(writer, inbox(writer), 1, mail(1));
      assertThat(writer.seal(Progress.NONE)).isNotNull();
      assertThat(writer.seal(Progress.NONE)).isNull();
      assertThat(writer.seal(Progress.NONE)).isNull();
    }
    try (ArchiveWriter writer = archive.writer(index)) {
      assertThat(writer.seal(Progress.NONE)).isNull();
    }
    assertThat(entries(archive)).hasSize(3);
  }

  @Test
  void journalsAreSealedAfterADayAndRemovedAfterAnother() throws IOException {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    InstantSource source = now::get;
    MailboxId inbox;
    try (ArchiveWriter writer = writer(source)) {
      inbox = inbox(writer);
      append(writer, inbox, 1, mail(1));
      writer.commit();
      now.set(Instant.parse("2026-01-01T23:59:59Z"));
      assertThat(writer.sealDue(Progress.NONE)).isNull();
      now.set(Instant.parse("2026-01-02T00:00:00Z"));
      assertThat(writer.sealDue(Progress.NONE)).isNotNull();
    }
    try (ArchiveWriter writer = writer(source)) {
      now.set(Instant.parse("2026-01-02T23:59:59Z"));
      assertThat(writer.sealDue(Progress.NONE)).isNull();
      assertThat(directory.resolve("journal/0000000001")).exists();
      now.set(Instant.parse("2026-01-03T00:00:00Z"));
      assertThat(writer.sealDue(Progress.NONE)).isNull();
      assertThat(directory.resolve("journal/0000000001")).doesNotExist();
      assertThat(directory.resolve("keys/journal/0000000001")).doesNotExist();
      now.set(Instant.parse("2026-02-01T00:00:00Z"));
      assertThat(writer.sealDue(Progress.NONE)).isNull();
      assertThat(append(writer, inbox, 2, mail(2)).uid()).isEqualTo(new Uid(2));
      writer.commit();
    }
  }

  private ArchiveWriter writer(InstantSource source) throws IOException {
    return archive.writer(index, source.withZone(ZoneOffset.UTC), JOURNAL_SIZE);
  }

  @Test
  void aFullJournalIsDueAtOnce() throws IOException {
    byte[] noise = new byte[JOURNAL_SIZE];
    new Random(4).nextBytes(noise);
    try (ArchiveWriter writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE)) {
      MailboxId inbox = inbox(writer);
      append(writer, inbox, 1, mail(1));
      writer.commit();
      assertThat(writer.sealDue(Progress.NONE)).isNull();
      append(writer, inbox, 2, noise);
      writer.commit();
      assertThat(requireNonNull(writer.sealDue(Progress.NONE)).endLeaf()).isEqualTo(3);
    }
  }

  @Test
  void appendingGoesOnWhileASegmentIsMade() throws Exception {
    try (ArchiveWriter writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE);
        var threads = Executors.newCachedThreadPool()) {
      MailboxId inbox = inbox(writer);
      List<Future<?>> work = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        int first = 1 + thread * 1_000;
        work.add(
            threads.submit(
                () -> {
                  for (int i = first; i < first + 400; i++) {
                    append(writer, inbox, i, mail(i));
                    writer.commit();
                  }
                  return null;
                }));
      }
      while (!work.stream().allMatch(Future::isDone)) {
        writer.seal(Progress.NONE);
        index.follow(archive);
        writer.retire(Duration.ZERO);
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
    List<Entry> placements = placements();
    assertThat(placements).hasSize(800);
    for (Entry entry : placements) {
      Event.Placement placement = (Event.Placement) entry.event();
      assertThat(read(archive, entry)).isEqualTo(mail((int) Samples.sourceUid(placement)));
    }
  }

  @Test
  void manyPlacementsOfOneMessageDoNotMakeAFrameThatNobodyReads() throws IOException {
    try (ArchiveWriter writer = archive.writer(index)) {
      MailboxId inbox = inbox(writer);
      for (int i = 1; i <= 3_000; i++) {
        append(writer, inbox, i, mail(1));
      }
      writer.seal(Progress.NONE);
    }
    try (OpenFiles.Lease lease = archive.contents().files().lease(FileId.segment(1))) {
      assertThat(SegmentFile.footer(lease.file()).eventFrames()).hasSizeGreaterThan(3);
    }
  }

  @Test
  void aSegmentWithoutItsEventIsRemovedOnlyWhileItsJournalsAreThere() throws IOException {
    try (ArchiveWriter writer = archive.writer(index)) {
      append(writer, inbox(writer), 1, mail(1));
      writer.commit();
    }
    Path copy = folder.resolve("copy");
    copy(directory, copy);
    try (ArchiveWriter writer = archive.writer(index)) {
      writer.seal(Progress.NONE);
    }
    Path orphan = copy.resolve("segments/0000000001");
    for (String file : List.of("segments/0000000001", "keys/segments/0000000001")) {
      Files.createDirectories(copy.resolve(file).getParent());
      Files.copy(directory.resolve(file), copy.resolve(file));
    }
    Files.move(copy.resolve("journal/0000000001"), folder.resolve("journal"));
    assertThatThrownBy(() -> Archive.open(copy, KEYS).writer(new MapIndex()))
        .isInstanceOf(CorruptArchiveException.class);
    assertThat(orphan).exists();
    Files.move(folder.resolve("journal"), copy.resolve("journal/0000000001"));
    Archive.open(copy, KEYS).writer(new MapIndex()).close();
    assertThat(orphan).doesNotExist();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  @Test
  void aSegmentIsReadOnly() throws IOException {
    try (ArchiveWriter writer = archive.writer(index)) {
      append(writer, inbox(writer), 1, mail(1));
      writer.seal(Progress.NONE);
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("segments/0000000001"))))
        .isEqualTo("r--------");
  }

  private List<Entry> placements() throws IOException {
    return entries(archive).stream()
        .filter(entry -> entry.event() instanceof Event.Placement && entry.location() != null)
        .toList();
  }

  private long octets(String subfolder) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(subfolder))) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static byte[] mail(int number) {
    byte[] attachment = new byte[1_500];
    new Random(number % 10).nextBytes(attachment);
    return mail(
        "number " + number + " " + "and so on ".repeat(number % 50),
        number % 3 == 0 ? attachment : new byte[10],
        76,
        number % 2 == 0 ? "\r\n" : "\n");
  }

  private static byte[] mail(String subject, byte[] attachment, int width, String lineEnd) {
    String text =
        "Subject: "
            + subject
            + lineEnd
            + "Content-Transfer-Encoding: base64"
            + lineEnd
            + lineEnd
            + Base64.getMimeEncoder(width, lineEnd.getBytes(US_ASCII)).encodeToString(attachment)
            + lineEnd
            + "--end--"
            + lineEnd;
    return text.getBytes(US_ASCII);
  }
}
