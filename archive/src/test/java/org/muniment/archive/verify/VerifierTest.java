package org.muniment.archive.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.MapIndex;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.MailboxState;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.State;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;

class VerifierTest {

  private static final RootKeys KEYS = RootKeys.generate(new SecureRandom());

  @TempDir Path folder;
  private Path directory;
  private SampleArchive sample;

  @BeforeEach
  void create() throws IOException {
    directory = folder.resolve("archive");
    sample = SampleArchive.create(directory, KEYS, 5);
  }

  @Test
  void aSoundArchiveHasNoFindings() throws IOException {
    Report report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.notes()).isEmpty();
    // A mailbox, three seals and the messages.
    assertThat(report.leaves()).isEqualTo(304);
    // One journal was sealed and is there still: its messages are counted in their segment.
    assertThat(report.messages()).isEqualTo(300);
    assertThat(report.octets()).isGreaterThan(4 << 20);
  }

  @Test
  void damagedPiecesNameTheMessageAndItsPlaceAndHideNoOther() throws IOException {
    Path journal = directory.resolve("journal/0000000007");
    byte[] octets = Files.readAllBytes(journal);
    for (int at : List.of(octets.length / 3, octets.length * 2 / 3)) {
      // Both places are in the one large part, in different pieces of it.
      octets[at] ^= 1;
    }
    Files.write(journal, octets);
    Report report = verify();
    assertThat(report.findings())
        .filteredOn(f -> f.message() == null)
        .extracting(Report.Finding::offset)
        .doesNotHaveDuplicates()
        .hasSize(2);
    assertThat(report.findings())
        .filteredOn(f -> f.placement() != null)
        .singleElement()
        .satisfies(
            f -> {
              assertThat(f.message()).isNotNull();
              assertThat(f.text()).contains("account alice", "UID 261", "journal/0000000007");
            });
    assertThat(report.leaves()).isEqualTo(304);
    assertThat(report.messages()).isEqualTo(299);
  }

  @Test
  void aDamagedHeaderOfAFrameHidesNoFrameBehindIt() throws IOException {
    Path segment = directory.resolve("segments/0000000001");
    byte[] octets = Files.readAllBytes(segment);
    // The magic of the first frame.
    octets[96] ^= 1;
    Files.delete(segment);
    Files.write(segment, octets);
    octets[octets.length / 2] ^= 1;
    Files.write(segment, octets);
    Report report = verify();
    assertThat(report.findings())
        .filteredOn(f -> f.file().equals("segments/0000000001"))
        .extracting(Report.Finding::offset)
        .contains(96L)
        .hasSizeGreaterThan(3);
  }

  @Test
  void anOlderCheckpointAloneIsAnUnfinishedAppend() throws IOException {
    byte[] older = Files.readAllBytes(directory.resolve("log/checkpoint"));
    try (Archive archive = Archive.open(directory, KEYS)) {
      sample.session(archive, 3, false);
    }
    byte[] newer = Files.readAllBytes(directory.resolve("log/checkpoint"));
    Files.write(directory.resolve("log/checkpoint"), older);
    Report report = verify();
    assertThat(report.findings()).isEmpty();
    assertThat(report.notes()).anyMatch(n -> n.contains("3 whole events follow the checkpoint"));
    Report against = verify(Scope.ALL.outside(List.of(newer)));
    assertThat(against.findings())
        .singleElement()
        .satisfies(f -> assertThat(f.text()).contains("log/checkpoint", "set back"));
  }

  @Test
  void aHistoryThatTheHolderOfTheLogKeyWroteAnewIsFoundAgainstAnEarlierCheckpoint()
      throws IOException {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    Archive.create(one, "verify.example", KEYS).close();
    SampleArchive.write(other, SampleArchive.files(one));
    SampleArchive told = SampleArchive.of(one, 1);
    byte[] published;
    try (Archive archive = Archive.open(one, KEYS)) {
      told.session(archive, 5, false);
      published = Files.readAllBytes(one.resolve("log/checkpoint"));
    }
    SampleArchive forged = SampleArchive.of(other, 2);
    try (Archive archive = Archive.open(other, KEYS)) {
      forged.session(archive, 9, false);
    }
    assertThat(Verifier.verify(other, KEYS, Progress.NONE).findings()).isEmpty();
    assertThat(
            Verifier.verify(other, KEYS, Scope.ALL.outside(List.of(published)), Progress.NONE)
                .findings())
        .singleElement()
        .satisfies(f -> assertThat(f.file()).isEqualTo("checkpoint 1 from outside"));
    Files.createDirectories(other.resolve("log/checkpoints"));
    Files.write(other.resolve("log/checkpoints/6"), published);
    assertThat(Verifier.verify(other, KEYS, Progress.NONE).findings())
        .singleElement()
        .satisfies(f -> assertThat(f.file()).isEqualTo("log/checkpoints/6"));
  }

  @Test
  void aFileThatDoesNotBelongThereIsFound() throws IOException {
    Files.createDirectories(directory.resolve("log/tile/0/extra"));
    List<String> names =
        List.of(
            "notes.txt",
            "journal/one",
            "segments/0000000002.old",
            "keys/more",
            "log/tile/0/extra/001",
            "log/tile/0/-01",
            "log/checkpoints/none");
    for (String name : names) {
      Files.writeString(directory.resolve(name), "x");
    }
    Files.writeString(directory.resolve("segments/0000000009.tmp"), "unfinished");
    assertThat(verify().findings()).extracting(Report.Finding::file).hasSameElementsAs(names);
  }

  @Test
  void sectorsThatCannotBeReadAreFoundAndHideNothing() throws IOException {
    Path journal = directory.resolve("journal/0000000008");
    flip(journal, (int) Files.size(journal) - 20);
    List<BadSector> sectors =
        List.of(
            new BadSector("segments/0000000001", 30_000),
            new BadSector("segments/0000000003", 2_000),
            new BadSector("journal/0000000007", 900_000));
    for (BadSector sector : sectors) {
      Report report =
          Verifier.verify(sector.on(new LocalDisk(directory)), KEYS, Scope.ALL, Progress.NONE);
      assertThat(report.findings())
          .as(sector.toString())
          .anySatisfy(
              f -> {
                assertThat(f.file()).isEqualTo(sector.file);
                assertThat(f.found()).contains("Input/output error");
              })
          .anySatisfy(f -> assertThat(f.file()).isEqualTo("journal/0000000008"));
      assertThat(report.leaves()).isEqualTo(304);
      assertThat(report.messages()).isBetween(150L, 299L);
    }
  }

  /// An octet that the disk cannot read.
  private record BadSector(String file, long offset) {

    Disk on(Disk disk) {
      return fake(
          Disk.class,
          (method, arguments) -> {
            Object result = method.invoke(disk, arguments);
            return result instanceof Disk.Reader reader && file.equals(arguments[0])
                ? fake(Disk.Reader.class, (m, a) -> read(reader, m, a))
                : result;
          });
    }

    private @Nullable Object read(Disk.Reader reader, Method method, Object... arguments)
        throws Exception {
      if (method.getName().equals("read")) {
        long position = (Long) arguments[3];
        if (position <= offset && offset < position + (Integer) arguments[2]) {
          throw new StoreUnavailableException(
              "cannot read " + file + ": Input/output error", new IOException());
        }
      }
      return method.invoke(reader, arguments);
    }

    private static <T> T fake(Class<T> type, Calls calls) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> calls.call(method, arguments)));
    }

    private interface Calls {
      @Nullable Object call(Method method, Object... arguments) throws Exception;
    }
  }

  @Test
  void foldersAreFollowedAsDeepAsTilesLieAndLinksNotAtAll() throws IOException {
    Path tiles = directory.resolve("log/tile/0");
    Files.createSymbolicLink(tiles.resolve("x009"), Path.of("."));
    assertThat(verify().findings()).isEmpty();
    Path deep = tiles.resolve("x000/".repeat(7));
    Files.createDirectories(deep.resolve("x000"));
    Files.writeString(deep.resolve("000"), "x");
    assertThat(verify().findings())
        .singleElement()
        .satisfies(f -> assertThat(f.file()).isEqualTo("log/tile/0/" + "x000/".repeat(7)));
  }

  @Test
  void tilesThatTheLogIsTooSmallForAreNoted() throws IOException {
    for (String tile : List.of("log/tile/2/000.p/1", "log/tile/5/x999/x999/x999/x999/x999/999")) {
      Path file = directory.resolve(tile);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[32]);
      assertThat(verify().notes()).as(tile).anyMatch(n -> n.contains("does not cover"));
      Files.delete(file);
    }
  }

  @Test
  void aStateThatTheEventsDoNotLeadToIsFound() throws IOException {
    Disk disk = new LocalDisk(directory);
    MailboxState mailbox =
        new MailboxState(new MailboxId("0123456789abcdef"), new UidValidity(1), 7);
    try (Archive archive = Archive.open(directory, KEYS)) {
      new JournalFile(9, archive.size())
          .create(
              disk,
              new FileKeys(disk, KEYS),
              archive.id(),
              new State(Map.of(mailbox.id(), mailbox), Instant.EPOCH, 0))
          .close();
    }
    assertThat(verify().findings())
        .anySatisfy(f -> assertThat(f.text()).contains("journal/0000000009", "state"));
  }

  @Test
  void aSegmentThatNoSealNamesIsAnUnfinishedSealingWhileItsJournalsAreThere() throws IOException {
    Map<String, byte[]> before = SampleArchive.files(directory);
    try (Archive archive = Archive.open(directory, KEYS);
        ArchiveWriter writer = archive.writer(new MapIndex().follow(archive))) {
      writer.seal(Progress.NONE);
    }
    Map<String, byte[]> after = SampleArchive.files(directory);
    after.keySet().removeIf(name -> !name.contains("segments/0000000004"));
    assertThat(after).hasSize(2);
    Path crashed = folder.resolve("crashed");
    SampleArchive.write(crashed, before);
    SampleArchive.write(crashed, after);
    Report report = Verifier.verify(crashed, KEYS, Progress.NONE);
    assertThat(report.findings()).isEmpty();
    assertThat(report.notes()).singleElement().asString().contains("segments/0000000004");
  }

  @Test
  void onlyWhatCameSinceACheckpointIsReadAgain() throws IOException {
    Checkpoint since;
    try (Archive archive = Archive.open(directory, KEYS)) {
      since = archive.checkpoint();
      sample.session(archive, 20, true);
    }
    Report report = verify(Scope.ALL.since(since));
    assertThat(report.findings()).isEmpty();
    assertThat(report.leaves()).isEqualTo(21);
    assertThat(report.messages()).isLessThan(150);
    // In a frame of events, because parts of earlier segments are read for new messages.
    Path old = directory.resolve("segments/0000000001");
    flip(old, frame(old, 5) + 50);
    assertThat(verify(Scope.ALL.since(since)).findings()).isEmpty();
    assertThat(verify().findings()).isNotEmpty();
    flip(directory.resolve("segments/0000000004"), 200);
    assertThat(verify(Scope.ALL.since(since)).findings()).isNotEmpty();
    Checkpoint other = new Checkpoint(since.origin(), since.size(), "00".repeat(32));
    assertThat(verify(Scope.ALL.since(other)).findings())
        .anySatisfy(f -> assertThat(f.file()).isEqualTo("the checkpoint to verify from"));
  }

  @Test
  void anInterruptedRunGoesOnAndRepeatsWhatItFound() throws IOException {
    flip(directory.resolve("segments/0000000001"), 200);
    Path resume = folder.resolve("run/verify");
    AtomicLong calls = new AtomicLong();
    Progress interrupting =
        (done, octets) -> {
          if (calls.incrementAndGet() == 4) {
            throw new IllegalStateException("interrupted");
          }
        };
    assertThatThrownBy(
            () -> Verifier.verify(directory, KEYS, Scope.ALL.resume(resume), interrupting))
        .hasMessageContaining("interrupted");
    assertThat(resume).exists();
    String lines = Files.readString(resume, UTF_8);
    assertThat(lines).contains("segments/0000000001");
    Report rest = verify(Scope.ALL.resume(resume));
    Report whole = verify();
    assertThat(rest.findings()).containsAll(whole.findings());
    assertThat(rest.messages()).isLessThan(whole.messages());
    assertThat(resume).doesNotExist();
  }

  @Test
  void whatIsNoRecordOfAnInterruptedRunIsPassedOver() throws IOException {
    Path resume = folder.resolve("run/verify");
    Files.createDirectories(folder.resolve("run"));
    Checkpoint checkpoint;
    String id;
    try (Archive archive = Archive.open(directory, KEYS)) {
      checkpoint = archive.checkpoint();
      id = archive.id();
    }
    byte[] head =
        CanonicalJson.write(
            Map.of(
                "archive", id,
                "origin", checkpoint.origin(),
                "root", checkpoint.root(),
                "size", checkpoint.size()));
    String line = "{\"file\":\"segments/0000000001\",\"findings\":[1],\"length\":1}";
    Files.writeString(resume, new String(head, UTF_8) + "\n" + line + "\n");
    assertThat(verify(Scope.ALL.resume(resume))).isEqualTo(verify());
  }

  @Test
  void theReportIsSignedJson() throws Exception {
    flip(directory.resolve("segments/0000000002"), 300);
    Report report = verify();
    Note.Signer signer = Note.Signer.generate("verify.example");
    Map<String, Object> signed = CanonicalJson.read(report.signed(signer));
    Map<String, Object> said = CanonicalJson.read(report.json());
    assertThat(signed).containsEntry("report", said);
    assertThat(signed).containsEntry("key", signer.verifier().text());
    assertThat(said).containsEntry("sound", false).containsEntry("leaves", 304L);
    Signature ed25519 = Signature.getInstance("Ed25519");
    ed25519.initVerify(signer.verifier().key());
    ed25519.update(report.json());
    assertThat(ed25519.verify(Base64.getDecoder().decode(String.valueOf(signed.get("signature")))))
        .isTrue();
  }

  @Test
  void withoutTheRightKeyItRefuses() {
    assertThatThrownBy(() -> Verifier.verify(directory, RootKeys.NONE, Progress.NONE))
        .isInstanceOf(StoreRefusedException.class);
    RootKeys others = RootKeys.generate(new SecureRandom());
    assertThatThrownBy(() -> Verifier.verify(directory, others, Progress.NONE))
        .isInstanceOf(StoreRefusedException.class);
  }

  @Test
  void besideAWriterThatSealsAndRetiresNothingIsFound() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    MapIndex index = new MapIndex();
    try (Archive archive = Archive.open(directory, KEYS);
        ArchiveWriter writer = archive.writer(index.follow(archive));
        ExecutorService beside = Executors.newFixedThreadPool(2)) {
      Future<?> appending =
          beside.submit(
              () -> {
                Random random = new Random(3);
                while (!stop.get()) {
                  sample.append(writer, sample.message());
                  if (random.nextInt(4) == 0) {
                    writer.commit();
                  }
                }
                return null;
              });
      Future<?> sealing =
          beside.submit(
              () -> {
                while (!stop.get()) {
                  index.follow(archive);
                  writer.seal(Progress.NONE);
                  index.follow(archive);
                  writer.retire(Duration.ZERO);
                }
                return null;
              });
      try {
        for (int i = 0; i < 10; i++) {
          assertThat(verify().findings()).as("run " + i).isEmpty();
        }
      } finally {
        stop.set(true);
      }
      appending.get();
      sealing.get();
    }
    assertThat(verify().findings()).isEmpty();
  }

  /// Where the first frame of a kind begins in a segment.
  private static int frame(Path segment, int kind) throws IOException {
    byte[] octets = Files.readAllBytes(segment);
    int at = SegmentFile.HEADER;
    while (octets[at + 4] != kind) {
      at += Frame.HEADER + ByteBuffer.wrap(octets).getInt(at + 12);
    }
    return at;
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] octets = Files.readAllBytes(file);
    octets[at] ^= 1;
    Files.deleteIfExists(file);
    Files.write(file, octets);
  }

  private Report verify() throws IOException {
    return verify(Scope.ALL);
  }

  private Report verify(Scope scope) throws IOException {
    return Verifier.verify(directory, KEYS, scope, Progress.NONE);
  }
}
