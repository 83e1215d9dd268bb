package org.muniment.archive;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.archive.Samples.KEYS;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.backup.Backup;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.crypto.SoftwareRootKey;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Pin;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;

@SuppressWarnings("try")
class BackupTest {

  private static final int JOURNAL_SIZE = 20_000;

  @TempDir Path folder;
  private Path directory;
  private Path copy;
  private Archive archive;
  private final MapIndex index = new MapIndex();

  @BeforeEach
  void create() throws IOException {
    directory = folder.resolve("archive");
    copy = folder.resolve("backup/archive");
    archive = Archive.create(directory, "backup.example", KEYS);
  }

  @Test
  void anEmptyArchiveHasACopy() throws IOException {
    assertThat(backup().checkpoint().size()).isZero();
    assertThat(Archive.open(copy, KEYS).size()).isZero();
    verify(copy);
  }

  @Test
  void theCopyIsTheArchiveAtItsCheckpointAndCanTakeItsPlace() throws IOException {
    fill(1, 700);
    assertThat(backup().report().sound()).isTrue();
    Archive restored = Archive.open(copy, KEYS);
    assertThat(events(restored)).isEqualTo(events(archive));
    everyMessageIsThere(restored, 700);
    try (ArchiveWriter writer = restored.writer(new MapIndex().follow(restored))) {
      MailboxId inbox = ((Event.MailboxCreated) entries(restored).getFirst().event()).id();
      append(writer, inbox, 701, Busy.octets(701));
      writer.commit();
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
    }
    everyMessageIsThere(restored, 701);
    verify(copy);
  }

  @Test
  void onlyWhatIsNewIsCopied() throws IOException {
    fill(1, 300);
    Backup.Outcome all = backup();
    Map<String, Object> segments = files("segments");
    fill(301, 301);
    Backup.Outcome more = backup();
    assertThat(more.earlier()).isEqualTo(all.checkpoint().size());
    assertThat(more.octets()).isPositive().isLessThan(all.octets() / 4);
    assertThat(more.report().messages()).isLessThan(all.report().messages() / 2);
    assertThat(files("segments")).isEqualTo(segments);
    Backup.Outcome nothing = backup();
    assertThat(nothing.files()).isZero();
    assertThat(nothing.octets()).isZero();
    everyMessageIsThere(Archive.open(copy, KEYS), 301);
  }

  @Test
  void whatItSaysItWillCopyIsWhatItCopies() throws IOException {
    for (int last : List.of(300, 301)) {
      fill(last == 300 ? 1 : last, last);
      Said copying = new Said();
      Said verifying = new Said();
      Backup.run(directory, copy, KEYS, false, copying, verifying);
      assertThat(copying.octets).isPositive().isEqualTo(copying.expected);
      assertThat(verifying.octets).isPositive().isLessThanOrEqualTo(verifying.expected);
    }
  }

  /// What was said last.
  private static final class Said implements Progress {
    private long expected;
    private long octets;

    @Override
    public synchronized void expect(long all) {
      expected = all;
    }

    @Override
    public synchronized void at(long done, long so) {
      octets = Math.max(octets, so);
    }
  }

  @Test
  void sealedJournalsLeaveTheCopyWhenItHasTheirSegment() throws IOException {
    fill(1, 40);
    backup();
    assertThat(files("journal")).isNotEmpty();
    Map<String, Object> before = files("journal");
    try (ArchiveWriter writer = writer()) {
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
    }
    backup();
    assertThat(files("journal").keySet()).hasSize(1).doesNotContainAnyElementsOf(before.keySet());
    assertThat(files("keys/journal").keySet()).isEqualTo(files("journal").keySet());
    everyMessageIsThere(Archive.open(copy, KEYS), 40);
    verify(copy);
  }

  @Test
  void aCopyOfAnotherArchiveIsRefused() throws IOException {
    backup();
    Map<String, Object> before = files("");
    Path other = folder.resolve("other");
    Archive.create(other, "other.example", KEYS);
    assertThatThrownBy(() -> backup(other))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("copy of another archive");
    assertThat(files("")).isEqualTo(before);
  }

  @Test
  void anArchiveThatWasSetBackIsRefusedAndSoIsOneThatWentAnotherWay() throws IOException {
    fill(1, 20);
    Path old = folder.resolve("old");
    copyTree(directory, old);
    fill(21, 40);
    backup();
    Map<String, Object> before = files("");
    assertThatThrownBy(() -> backup(old))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("set back");
    archive = Archive.open(old, KEYS);
    fill(121, 160);
    assertThatThrownBy(() -> backup(old))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("does not continue");
    assertThat(files("")).isEqualTo(before);
  }

  @Test
  void aFolderThatHoldsSomethingElseIsRefused() throws IOException {
    Files.createDirectories(copy);
    Files.writeString(copy.resolve("letter.txt"), "dear");
    assertThatThrownBy(this::backup)
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("holds other files");
    assertThat(files("").keySet()).containsExactly("letter.txt");
  }

  @Test
  void damageInTheArchiveIsNamedAndDoesNotReachTheStateOfTheCopy() throws IOException {
    fill(1, 30);
    long sound = backup().checkpoint().size();
    fill(31, 60);
    Path last = directory.resolve("journal").resolve(lastJournal());
    byte[] octets = Files.readAllBytes(last);
    // The first frame behind the state, which holds octets of messages.
    int frame = ByteBuffer.wrap(octets).getInt(JournalFile.HEADER + 12) + JournalFile.HEADER + 40;
    octets[frame + 50] ^= 1;
    Files.write(last, octets);
    Backup.Outcome outcome = backup();
    assertThat(outcome.report().findings())
        .anySatisfy(finding -> assertThat(finding.file()).isEqualTo("journal/" + lastJournal()));
    assertThat(Archive.open(copy, KEYS).size()).isEqualTo(sound);
    everyMessageIsThere(Archive.open(copy, KEYS), 30);
    verify(copy);
    octets[frame + 50] ^= 1;
    Files.write(last, octets);
    assertThat(backup().report().sound()).isTrue();
    everyMessageIsThere(Archive.open(copy, KEYS), 60);
  }

  @Test
  void aDamagedCopyIsFoundWhenAllOfItIsVerifiedAndMendedWhenTheFileIsTakenAway()
      throws IOException {
    fill(1, 300);
    backup();
    Path segment = copy.resolve("segments/0000000001");
    byte[] octets = Files.readAllBytes(segment);
    octets[octets.length / 2] ^= 1;
    Files.delete(segment);
    Files.write(segment, octets);
    assertThat(backup().report().sound()).isTrue();
    assertThat(backup(directory, true).report().findings())
        .anySatisfy(finding -> assertThat(finding.file()).isEqualTo("segments/0000000001"));
    Files.delete(segment);
    assertThat(backup(directory, true).report().findings()).isEmpty();
  }

  @Test
  void theCopyOpensWithTheNewRootKeyAfterARotation() throws IOException {
    fill(1, 100);
    backup();
    SoftwareRootKey fresh = SoftwareRootKey.generate(new SecureRandom());
    RootKeys both = RootKeys.of(fresh, KEYS.current());
    new FileKeys(new LocalDisk(directory), both).rewrap();
    RootKeys rotated = RootKeys.of(fresh);
    assertThat(
            Backup.run(directory, copy, rotated, true, Progress.NONE, Progress.NONE)
                .report()
                .findings())
        .isEmpty();
    assertThat(events(Archive.open(copy, rotated))).hasSize((int) archive.size());
  }

  @Test
  void anArchiveThatIsNotEncryptedIsCopiedToo() throws IOException {
    Path plain = folder.resolve("plain");
    archive = Archive.create(plain, "plain.example", RootKeys.NONE);
    fill(1, 100);
    Path target = folder.resolve("plain-copy");
    assertThat(
            Backup.run(plain, target, RootKeys.NONE, false, Progress.NONE, Progress.NONE)
                .report()
                .findings())
        .isEmpty();
    everyMessageIsThere(Archive.open(target, RootKeys.NONE), 100);
  }

  @Test
  void sealedJournalsStayWhileABackupRuns() throws IOException {
    fill(1, 20);
    Path pin = directory.resolve(Pin.NAME);
    try (ArchiveWriter writer = writer()) {
      writer.seal(Progress.NONE);
      try (Pin _ = Pin.hold(pin)) {
        try (Pin _ = Pin.hold(pin)) {
          assertThat(writer.retire(Duration.ZERO)).isEmpty();
        }
        assertThat(writer.retire(Duration.ZERO)).isEmpty();
      }
      assertThat(directory.resolve("journal/0000000001")).exists();
      assertThat(writer.retire(Duration.ZERO).orElseThrow()).isPositive();
      assertThat(directory.resolve("journal/0000000001")).doesNotExist();
      assertThat(writer.retire(Duration.ZERO)).isEqualTo(OptionalInt.of(0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 600})
  void everythingAcknowledgedIsInACopyThatIsMadeWhileMailArrivesAndIsSealed(int retiredAfter)
      throws Exception {
    try (Busy busy = new Busy(archive, Duration.ofMillis(retiredAfter))) {
      for (int round = 0; round < 5; round++) {
        busy.goOn(60);
        int acknowledged = busy.acknowledged();
        Backup.Outcome outcome = backup();
        assertThat(outcome.report().findings()).as("round " + round).isEmpty();
        verify(copy);
        everyMessageIsThere(Archive.open(copy, KEYS), acknowledged);
      }
    }
    long size = archive.size();
    backup();
    Archive restored = Archive.open(copy, KEYS);
    assertThat(events(restored)).isEqualTo(events(archive)).hasSize((int) size);
    restored.writer(new MapIndex().follow(restored)).close();
    verify(copy);
  }

  private Backup.Outcome backup() throws IOException {
    return backup(directory);
  }

  private Backup.Outcome backup(Path from) throws IOException {
    return backup(from, false);
  }

  private Backup.Outcome backup(Path from, boolean all) throws IOException {
    return Backup.run(from, copy, KEYS, all, Progress.NONE, Progress.NONE);
  }

  private ArchiveWriter writer() throws IOException {
    return archive.writer(index.follow(archive), Clock.systemUTC(), JOURNAL_SIZE);
  }

  /// Appends messages, seals what was there at two thirds of them when they are many.
  private void fill(int first, int last) throws IOException {
    try (ArchiveWriter writer = writer()) {
      MailboxId inbox =
          archive.size() == 0
              ? inbox(writer)
              : ((Event.MailboxCreated) entries(archive).getFirst().event()).id();
      for (int uid = first; uid <= last; uid++) {
        append(writer, inbox, uid, Busy.octets(uid));
        if (uid % 7 == 0) {
          writer.commit();
        }
        if (uid % 200 == 0) {
          writer.seal(Progress.NONE);
          index.follow(archive);
          writer.retire(Duration.ZERO);
        }
      }
      writer.commit();
    }
  }

  static void everyMessageIsThere(Archive archive, int last) throws IOException {
    Map<ContentId, Location> locations = new HashMap<>();
    Map<Long, ContentId> byUid = new HashMap<>();
    for (Entry entry : entries(archive)) {
      if (entry.event() instanceof Event.Placement placement) {
        byUid.put(Samples.sourceUid(placement), placement.content());
        if (entry.location() != null) {
          locations.put(placement.content(), entry.location());
        }
      }
    }
    for (int uid = 1; uid <= last; uid++) {
      ContentId id = requireNonNull(byUid.get((long) uid), "message " + uid);
      assertThat(read(archive, id, requireNonNull(locations.get(id))))
          .as("message " + uid)
          .isEqualTo(Busy.octets(uid));
    }
  }

  static void verify(Path archive) throws IOException {
    Report report = Verifier.verify(archive, KEYS, Progress.NONE);
    assertThat(report.findings()).isEmpty();
  }

  private static List<Event> events(Archive archive) throws IOException {
    return entries(archive).stream().map(Entry::event).toList();
  }

  private String lastJournal() throws IOException {
    try (Stream<Path> journals = Files.list(directory.resolve("journal"))) {
      return journals.map(file -> file.getFileName().toString()).sorted().toList().getLast();
    }
  }

  /// Files of the copy below a folder, with what changes when they are written.
  private Map<String, Object> files(String below) throws IOException {
    Path top = copy.resolve(below);
    Map<String, Object> found = new TreeMap<>();
    try (Stream<Path> files = Files.walk(top)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        found.put(
            top.relativize(file).toString(),
            List.of(Files.getAttribute(file, "unix:ino"), Files.getLastModifiedTime(file)));
      }
    }
    found.remove("lock");
    return found;
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
