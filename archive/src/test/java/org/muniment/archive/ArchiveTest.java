package org.muniment.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.archive.Samples.KEYS;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.id;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.message;
import static org.muniment.archive.Samples.read;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.MailboxState;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.FormatTooNewException;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;

class ArchiveTest {

  @TempDir Path folder;
  private Path directory;
  private Archive archive;

  @BeforeEach
  void create() throws IOException {
    directory = folder.resolve("archive");
    archive = Archive.create(directory, "test.example/archive", KEYS);
  }

  @Test
  void octetsComeOutAsTheyWentIn() throws IOException {
    byte[] everyOctet = new byte[70_000];
    new Random(1).nextBytes(everyOctet);
    byte[] onePiece = new byte[1 << 20];
    byte[] onePieceAndOneOctet = new byte[(1 << 20) + 1];
    new Random(4).nextBytes(onePiece);
    new Random(5).nextBytes(onePieceAndOneOctet);
    List<byte[]> messages =
        List.of(new byte[0], new byte[] {0}, everyOctet, message(3), onePiece, onePieceAndOneOctet);
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = inbox(writer);
      for (int i = 0; i < messages.size(); i++) {
        append(writer, inbox, i + 1, messages.get(i));
      }
      writer.commit();
    }
    List<Entry> placements = entries(archive).subList(1, 1 + messages.size());
    for (int i = 0; i < messages.size(); i++) {
      Event.Placement placement = (Event.Placement) placements.get(i).event();
      assertThat(placement.content()).isEqualTo(id(messages.get(i)));
      assertThat(placement.length()).isEqualTo(messages.get(i).length);
      assertThat(read(archive, placements.get(i))).isEqualTo(messages.get(i));
    }
  }

  @Test
  void aLargeMessageIsReadFromAnyOffset() throws IOException {
    byte[] large = new byte[(3 << 20) + 17];
    new Random(2).nextBytes(large);
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      append(writer, inbox(writer), 1, large);
      writer.commit();
    }
    Location location = requireNonNull(entries(archive).get(1).location());
    assertThat(read(archive, id(large), location)).isEqualTo(large);
    for (int outside : new int[] {-1, large.length + 1}) {
      assertThatThrownBy(() -> archive.open(id(large), location, outside))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    for (int offset : new int[] {1, (1 << 20) - 1, 1 << 20, 3 << 20, large.length}) {
      try (InputStream in = archive.open(id(large), location, offset)) {
        assertThat(in).hasBinaryContent(java.util.Arrays.copyOfRange(large, offset, large.length));
      }
    }
  }

  @Test
  void attachmentsInBase64AreReadFromAnyOffset() throws IOException {
    long seed = System.nanoTime();
    System.out.println("ArchiveTest seed " + seed);
    Random random = new Random(seed);
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      byte[] attachment = new byte[1 + random.nextInt(300_000)];
      random.nextBytes(attachment);
      byte[] lineEnd = (random.nextBoolean() ? "\r\n" : "\n").getBytes(US_ASCII);
      ByteArrayOutputStream message = new ByteArrayOutputStream();
      message.writeBytes(("Subject: " + i + "\n\n").getBytes(US_ASCII));
      message.writeBytes(
          Base64.getMimeEncoder(4 * (1 + random.nextInt(250)), lineEnd).encode(attachment));
      message.writeBytes(random.nextBoolean() ? lineEnd : new byte[0]);
      message.writeBytes((random.nextBoolean() ? "--end" : "").getBytes(US_ASCII));
      messages.add(message.toByteArray());
    }
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = inbox(writer);
      for (int i = 0; i < messages.size(); i++) {
        append(writer, inbox, i + 1, messages.get(i));
      }
      writer.commit();
    }
    List<Entry> placements = entries(archive).subList(1, 1 + messages.size());
    for (int i = 0; i < messages.size(); i++) {
      byte[] message = messages.get(i);
      Location location = requireNonNull(placements.get(i).location());
      assertThat(read(archive, id(message), location)).isEqualTo(message);
      for (int round = 0; round < 20; round++) {
        int offset = random.nextInt(message.length + 1);
        try (InputStream in = archive.open(id(message), location, offset)) {
          assertThat(in)
              .hasBinaryContent(java.util.Arrays.copyOfRange(message, offset, message.length));
        }
      }
    }
  }

  @Test
  void nothingIsThereBeforeTheCommit() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      append(writer, inbox(writer), 1, message(1));
      assertThat(archive.size()).isZero();
      assertThat(writer.commit()).isEqualTo(2);
      assertThat(archive.size()).isEqualTo(2);
    }
  }

  @Test
  void sameOctetsTwiceAreStoredOnceWithEveryPlacement() throws IOException {
    MapIndex index = new MapIndex();
    byte[] octets = new byte[500_000];
    new Random(3).nextBytes(octets);
    try (ArchiveWriter writer = archive.writer(index)) {
      MailboxId inbox = inbox(writer);
      append(writer, inbox, 1, octets);
      append(writer, inbox, 2, octets);
      writer.commit();
      index.follow(archive);
      append(writer, inbox, 3, octets);
      writer.commit();
    }
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId other = inbox(writer);
      append(writer, other, 1, octets);
      writer.commit();
    }
    assertThat(entries(archive).stream().filter(e -> e.event() instanceof Event.Placement))
        .hasSize(4);
    assertThat(journalOctets()).isBetween(500_000L, 600_000L);
  }

  @Test
  void aPlaceOfAMessageThatIsThereNeedsNoOctets() throws IOException {
    byte[] octets = message(3);
    Event.SourceUid source =
        new Event.SourceUid(new UidValidity(8), new Uid(4), new Event.OwnId("EMAILID", "M1"), true);
    MapIndex index = new MapIndex();
    try (ArchiveWriter writer = archive.writer(index)) {
      MailboxId inbox = inbox(writer);
      append(writer, inbox, 1, octets);
      for (int uid = 2; uid <= 3; uid++) {
        Event.Placement placed = requireNonNull(place(writer, inbox, octets, source));
        assertThat(placed.uid()).isEqualTo(new Uid(uid));
        writer.commit();
        index.follow(archive);
      }
      assertThat(place(writer, inbox, message(4), source)).isNull();
    }
    assertThat(entries(archive).stream().map(Entry::event))
        .filteredOn(Event.Placement.class::isInstance)
        .hasSize(3)
        .last(InstanceOfAssertFactories.type(Event.Placement.class))
        .returns(source, Event.Placement::source)
        .returns(id(octets), Event.Placement::content);
  }

  private static Event.@Nullable Placement place(
      ArchiveWriter writer, MailboxId mailbox, byte[] octets, Event.SourceUid source)
      throws IOException {
    return writer.place(
        id(octets),
        octets.length,
        Samples.ALICE,
        mailbox,
        source,
        Samples.INTERNAL_DATE,
        Set.of(),
        Samples.PROVENANCE);
  }

  @Test
  void aMailboxGivesEachUidOnceAlsoAfterAReopen() throws IOException {
    MailboxId inbox;
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      inbox = inbox(writer);
      assertThat(append(writer, inbox, 900, message(1)).uid()).isEqualTo(new Uid(1));
      assertThat(append(writer, inbox, 5, message(2)).uid()).isEqualTo(new Uid(2));
      writer.commit();
    }
    for (int reopened = 3; reopened < 6; reopened++) {
      try (ArchiveWriter writer = archive.writer(new MapIndex())) {
        Event.Placement placement = append(writer, inbox, 6, message(reopened));
        assertThat(placement.uid()).isEqualTo(new Uid(reopened));
        writer.commit();
      }
    }
  }

  @Test
  void everyEventComesBackAsItWas() throws IOException {
    Event.Poll poll =
        new Event.Poll(
            Samples.ALICE,
            Instant.parse("2024-01-02T03:04:05.678Z"),
            List.of(
                new Event.MailboxReceipt(
                    new MailboxId("0123456789abcdef"),
                    new Event.Described(new UidValidity(0), 10, 12, Long.MAX_VALUE),
                    5,
                    3,
                    1,
                    1,
                    0,
                    2,
                    List.of(
                        new Event.FailedMessage(
                            new Event.SourceUid(new UidValidity(0), new Uid(9)),
                            SourceText.of("NO \u0007 w\u00e4re"),
                            3,
                            Instant.parse("2024-01-02T09:00:00Z"))),
                    Instant.parse("2024-01-01T00:00:00Z"),
                    SourceText.of(""))),
            List.of(new Event.Excluded(new SourceText("Entw&APw-rfe", "Entw\u00fcrfe"), "E*")),
            SourceText.of(new byte[] {(byte) 0xFF, 0, 'x'}),
            3);
    Event.MailboxCreated mailbox;
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      mailbox =
          writer.createMailbox(
              Samples.ALICE,
              new SourceText("Entw&APw-rfe \"\\", "Entw\u00fcrfe \"\\"),
              ".",
              Set.of("\\Drafts", "\\HasNoChildren"));
      writer.append(poll);
      writer.commit();
    }
    assertThat(entries(archive)).extracting(Entry::event).containsExactly(mailbox, poll);
    assertThat(poll.complete()).isFalse();
  }

  @Test
  void manyThreadsShareTheirCommits() throws Exception {
    MailboxId inbox;
    try (ArchiveWriter writer = archive.writer(new MapIndex());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      inbox = inbox(writer);
      var work =
          java.util.stream.IntStream.range(0, 8)
              .mapToObj(
                  thread ->
                      threads.submit(
                          () -> {
                            for (int i = 0; i < 50; i++) {
                              append(writer, inbox, thread * 50 + i + 1, message(thread * 50 + i));
                              assertThat(writer.commit()).isPositive();
                            }
                            return null;
                          }))
              .toList();
      for (var each : work) {
        each.get();
      }
    }
    List<Entry> entries = entries(archive);
    assertThat(entries).hasSize(401);
    for (Entry entry : entries.subList(1, 401)) {
      Event.Placement placement = (Event.Placement) entry.event();
      byte[] expected = message((int) Samples.sourceUid(placement) - 1);
      assertThat(placement.content()).isEqualTo(id(expected));
      assertThat(read(archive, entry)).isEqualTo(expected);
    }
    assertThat(entries.stream().skip(1).map(e -> ((Event.Placement) e.event()).uid()))
        .doesNotHaveDuplicates();
  }

  @Test
  void manyThreadsEndJournalsTogether() throws Exception {
    long journalSize = 3 << 20;
    try (ArchiveWriter writer =
            archive.writer(new MapIndex(), java.time.Clock.systemUTC(), journalSize);
        var threads = Executors.newFixedThreadPool(4)) {
      MailboxId inbox = inbox(writer);
      var work =
          java.util.stream.IntStream.range(0, 4)
              .mapToObj(
                  thread ->
                      threads.submit(
                          () -> {
                            byte[] large = new byte[1_100_000];
                            for (int i = 0; i < 12; i++) {
                              new Random(thread * 100 + i).nextBytes(large);
                              append(writer, inbox, thread * 100 + i + 1, large.clone());
                              writer.commit();
                            }
                            return null;
                          }))
              .toList();
      for (var each : work) {
        each.get();
      }
    }
    assertThat(entries(archive)).hasSize(49);
  }

  @Test
  void theFollowerGoesOnWhereItLeft() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = inbox(writer);
      for (int i = 1; i <= 20; i++) {
        append(writer, inbox, i, message(i));
        writer.commit();
        try (Entries entries = archive.entriesFrom(i)) {
          Entry entry = requireNonNull(entries.next());
          assertThat(entry.index()).isEqualTo(i);
          assertThat(read(archive, entry)).isEqualTo(message(i));
          assertThat(entries.next()).isNull();
        }
      }
    }
  }

  @Test
  void whatACrashLeftIsCutOffKeptAndRecorded() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      append(writer, inbox(writer), 1, message(1));
      writer.commit();
    }
    Path journal = directory.resolve("journal/0000000001");
    long whole = Files.size(journal);
    byte[] torn = "half a frame".getBytes(UTF_8);
    Files.write(journal, torn, StandardOpenOption.APPEND);
    archive.writer(new MapIndex()).close();
    assertThat(Files.size(journal)).isEqualTo(whole);
    Event.Recovery recovery = (Event.Recovery) entries(archive).getLast().event();
    assertThat(recovery.offset()).isEqualTo(whole);
    assertThat(folder.resolve("quarantine").resolve(recovery.sha256())).hasBinaryContent(torn);
  }

  @Test
  void aTornTailLargerThanMemoryIsKept() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      append(writer, inbox(writer), 1, message(1));
      writer.commit();
    }
    Path journal = directory.resolve("journal/0000000001");
    long whole = Files.size(journal);
    // More than half of the heap that the build gives to a test: a growing array cannot hold it.
    long torn = 320 << 20;
    try (var file = FileChannel.open(journal, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1}), whole + torn - 1);
    }
    archive.writer(new MapIndex()).close();
    Event.Recovery recovery = (Event.Recovery) entries(archive).getLast().event();
    assertThat(recovery.length()).isEqualTo(torn);
    assertThat(Files.size(journal)).isEqualTo(whole);
    assertThat(folder.resolve("quarantine").resolve(recovery.sha256())).hasSize(torn);
  }

  @Test
  void aPlaceThatHoldsNoMessageIsCorruptUnlessTheMessageLiesElsewhere() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      append(writer, inbox(writer), 1, message(1));
      writer.commit();
    }
    for (String text :
        List.of(
            "",
            "journal",
            "journal:1:-1:0",
            "journal:-1:44:0",
            "journal:1:44:0",
            "journal:1:44",
            "journal:2:44:0",
            "segment:1:44:0",
            "journal:1:9223372036854775807:0",
            "journal:1:99999999999999999999:0",
            "other:1:44:0")) {
      assertThatThrownBy(() -> archive.open(id(message(2)), new Location(text), 0))
          .as(text)
          .isInstanceOf(CorruptArchiveException.class);
      try (InputStream found = archive.open(id(message(1)), new Location(text), 0)) {
        assertThat(found.readAllBytes()).as(text).isEqualTo(message(1));
      }
    }
  }

  @Test
  void anEventThatNoReaderWouldTakeIsRefusedAndTheWriterGoesOn() throws IOException {
    Event.Poll huge =
        new Event.Poll(
            Samples.ALICE,
            Instant.EPOCH,
            List.of(),
            List.of(),
            SourceText.of("x".repeat(24 << 20)),
            0);
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      assertThatThrownBy(() -> writer.append(huge)).isInstanceOf(IllegalArgumentException.class);
      append(writer, inbox(writer), 1, message(1));
      assertThat(writer.commit()).isEqualTo(2);
    }
    archive.writer(new MapIndex()).close();
  }

  @Test
  void theMostMailboxesFitInASealAndInAJournal() {
    MailboxState longest =
        new MailboxState(new MailboxId("f".repeat(16)), new UidValidity(Uid.MAX), Uid.MAX + 1);
    int octets = CanonicalJson.write(longest.fields()).length + ",".length();
    assertThat((long) ArchiveWriter.MAX_MAILBOXES * octets).isLessThan(LoggedEvent.MAX_EVENT);
  }

  @Test
  void noOctetsAreStoredForAPlacementThatCannotBe() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = inbox(writer);
      assertThatThrownBy(
              () ->
                  writer.append(
                      Octets.of(message(7)),
                      Samples.ALICE,
                      inbox,
                      new Event.SourceUid(new UidValidity(7), new Uid(1)),
                      Samples.INTERNAL_DATE,
                      Set.of(),
                      new Event.Provenance("imap", "half a pair \ud800", "")))
          .isInstanceOf(IllegalArgumentException.class);
      writer.commit();
      append(writer, inbox, 2, message(7));
      writer.commit();
    }
    assertThat(entries(archive).getLast().location()).isNotNull();
  }

  @Test
  void anIndexAheadOfTheArchiveIsRefused() throws IOException {
    MapIndex index = new MapIndex();
    try (ArchiveWriter writer = archive.writer(index)) {
      append(writer, inbox(writer), 1, message(1));
      writer.commit();
    }
    index.follow(archive);
    Archive older = Archive.create(folder.resolve("older"), "test.example/older", KEYS);
    assertThatThrownBy(() -> older.writer(index))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("2 log entries");
    older.writer(new MapIndex()).close();
  }

  @Test
  void aCreationThatWasCutShortIsDoneAgain() throws IOException {
    Path unfinished = folder.resolve("unfinished");
    Archive.create(unfinished, "test.example/first", KEYS);
    Files.move(unfinished.resolve("FORMAT"), unfinished.resolve("FORMAT.tmp"));
    Archive.create(unfinished, "test.example/second", KEYS);
    assertThat(Archive.open(unfinished, KEYS).size()).isZero();
    assertThat(unfinished.resolve("FORMAT.tmp")).doesNotExist();
  }

  @Test
  void wholeEventsAfterTheCheckpointAreAdopted() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = inbox(writer);
      append(writer, inbox, 1, message(1));
      writer.commit();
      byte[] older = Files.readAllBytes(directory.resolve("log/checkpoint"));
      append(writer, inbox, 2, message(2));
      writer.commit();
      Files.write(directory.resolve("log/checkpoint"), older);
    }
    assertThat(archive.size()).isEqualTo(2);
    archive.writer(new MapIndex()).close();
    assertThat(entries(archive)).hasSize(3);
  }

  @Test
  void aJournalShorterThanItsCheckpointIsRefusedAndLeftAlone() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      append(writer, inbox(writer), 1, message(1));
      writer.commit();
    }
    Path journal = directory.resolve("journal/0000000001");
    byte[] octets = Files.readAllBytes(journal);
    byte[] cut = java.util.Arrays.copyOf(octets, octets.length - 1);
    Files.write(journal, cut);
    assertThatThrownBy(() -> archive.writer(new MapIndex()))
        .isInstanceOf(CorruptArchiveException.class)
        .hasMessageContaining("journal/0000000001");
    assertThat(journal).hasBinaryContent(cut);
  }

  @Test
  void aChangedOctetIsNeverServed() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      append(writer, inbox(writer), 1, message(100));
      writer.commit();
    }
    Entry entry = entries(archive).get(1);
    Path journal = directory.resolve("journal/0000000001");
    byte[] octets = Files.readAllBytes(journal);
    int at = Integer.parseInt(requireNonNull(entry.location()).text().split(":", -1)[2]) + 40 + 5;
    octets[at] ^= 1;
    Files.write(journal, octets);
    Archive changed = Archive.open(directory, KEYS);
    assertThatThrownBy(() -> read(changed, entry)).isInstanceOf(CorruptArchiveException.class);
  }

  @Test
  void aFailedWriteClosesTheWriterAndKeepsWhatWasCommitted() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = inbox(writer);
      append(writer, inbox, 1, message(1));
      writer.commit();
      Octets liar =
          new Octets() {
            @Override
            public long length() {
              return 6 << 20;
            }

            private int opened;

            @Override
            public InputStream open() {
              return new ByteArrayInputStream(new byte[opened++ < 3 ? 6 << 20 : 1 << 20]);
            }
          };
      assertThatThrownBy(
              () ->
                  writer.append(
                      liar,
                      Samples.ALICE,
                      inbox,
                      new Event.SourceUid(new UidValidity(7), new Uid(2)),
                      Samples.INTERNAL_DATE,
                      Set.of(),
                      Samples.PROVENANCE))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> append(writer, inbox, 3, message(3)))
          .isInstanceOf(StoreUnavailableException.class);
      assertThatThrownBy(writer::commit).isInstanceOf(StoreUnavailableException.class);
    }
    archive.writer(new MapIndex()).close();
    assertThat(entries(archive).stream().filter(e -> e.event() instanceof Event.Placement))
        .hasSize(1);
  }

  @Test
  void thereIsOneWriter() throws IOException {
    try (ArchiveWriter writer = archive.writer(new MapIndex())) {
      assertThatThrownBy(() -> archive.writer(new MapIndex()))
          .isInstanceOf(StoreRefusedException.class);
      Path link = Files.createSymbolicLink(folder.resolve("link"), directory);
      assertThatThrownBy(() -> Archive.open(link, KEYS).writer(new MapIndex()))
          .isInstanceOf(StoreRefusedException.class);
      assertThat(writer.commit()).isZero();
    }
    archive.writer(new MapIndex()).close();
  }

  @Test
  void anotherFormatIsRefusedAndNamed() throws IOException {
    Path format = directory.resolve("FORMAT");
    Files.writeString(format, Files.readString(format).replace("format 1", "format 12"));
    assertThatThrownBy(() -> Archive.open(directory, KEYS))
        .isInstanceOf(FormatTooNewException.class)
        .hasMessageContaining("format 12");
  }

  @Test
  void aFolderThatHoldsSomethingElseIsNotTaken() throws IOException {
    assertThatThrownBy(() -> Archive.create(directory, "again", KEYS))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("not empty");
    assertThatThrownBy(() -> Archive.open(folder, KEYS)).isInstanceOf(StoreRefusedException.class);
  }

  private long journalOctets() throws IOException {
    long sum = 0;
    try (var files = Files.list(directory.resolve("journal"))) {
      for (Path file : files.toList()) {
        sum += Files.size(file);
      }
    }
    return sum;
  }
}
