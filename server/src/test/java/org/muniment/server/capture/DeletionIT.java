package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.FaultProxy;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.DeleteAtSource;
import org.muniment.server.config.SourceConfig;

/// Deletion of archived mail at a real Dovecot, over IMAP.
class DeletionIT {

  private static final Duration AGE = Duration.ofDays(90);
  private static final Duration LATER = Duration.ofDays(100);
  private static final DeleteAtSource EVERYWHERE =
      new DeleteAtSource(AGE, AccountConfig.Folders.ALL);

  @TempDir Path served;
  @TempDir Path data;

  @BeforeEach
  void requireDovecot() {
    Requires.dovecot();
  }

  private static SampleMaildir fill(Dovecot dovecot, String user, int messages) throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir(user), user.hashCode());
    for (int i = 0; i < messages; i++) {
      mail.add("", "", mail.message(600));
    }
    Dovecot.own(dovecot.maildir(user));
    return mail;
  }

  private static AccountConfig account(String user, SourceConfig source) {
    return TestArchive.account(user, source);
  }

  private static CaptureOutcome.Finished run(
      TestArchive archive, AccountConfig account, Duration later) {
    CaptureOutcome outcome =
        archive
            .capture(Clock.offset(Clock.systemUTC(), later))
            .run(account, CaptureProgress.NONE, () -> false);
    assertThat(outcome).isInstanceOf(CaptureOutcome.Finished.class);
    return (CaptureOutcome.Finished) outcome;
  }

  private static Set<Long> uids(Dovecot dovecot, String user, String mailbox) throws IOException {
    Set<Long> uids = new TreeSet<>();
    try (RawImap imap = new RawImap(dovecot.port(), user, Dovecot.PASSWORD)) {
      imap.command("EXAMINE " + mailbox);
      for (RawImap.Line line : imap.command("UID SEARCH ALL")) {
        if (line.text().startsWith("* SEARCH ")) {
          for (String uid : line.text().substring("* SEARCH ".length()).split(" ", -1)) {
            uids.add(Long.parseLong(uid));
          }
        }
      }
    }
    return uids;
  }

  private static void change(Dovecot dovecot, String user, String mailbox, String... commands)
      throws IOException {
    try (RawImap imap = new RawImap(dovecot.port(), user, Dovecot.PASSWORD)) {
      imap.command("SELECT " + mailbox);
      for (String command : commands) {
        imap.command(command);
      }
    }
  }

  private static List<String> deletions(TestArchive archive) throws IOException {
    return archive.events(Event.DeletedAtSource.class).stream()
        .map(deleted -> deleted.outcome() + " " + deleted.source())
        .toList();
  }

  @Test
  void whatIsOldAndArchivedIsDeletedAndNothingElse() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "eve", 6);
      change(dovecot, "eve", "INBOX", "UID STORE 2 +FLAGS (\\Deleted)");
      AccountConfig account = account("eve", dovecot.source("eve")).deleting(EVERYWHERE);
      // Nothing is deleted by the run that archives it.
      assertThat(run(archive, account, LATER).deleted().messages()).isZero();
      assertThat(uids(dovecot, "eve", "INBOX")).hasSize(6);
      assertThat(run(archive, account, AGE.minusDays(1)).deleted().messages()).isZero();
      change(
          dovecot,
          "eve",
          "INBOX",
          "UID STORE 3 +FLAGS (\\Flagged)",
          "UID COPY 1 INBOX",
          "CREATE Other",
          "UID COPY 5 Other");

      CaptureOutcome.Finished outcome = run(archive, account, LATER);
      assertThat(outcome.deleted()).isEqualTo(new CaptureOutcome.Deleted(4, ""));
      assertThat(outcome.complete()).isTrue();
      assertThat(uids(dovecot, "eve", "INBOX")).containsExactly(2L, 3L, 7L);
      assertThat(uids(dovecot, "eve", "Other")).hasSize(1);
      assertThat(deletions(archive)).containsExactly("INTENDED 1,4:6", "DELETED 1,4:6");

      outcome = run(archive, account, LATER);
      assertThat(outcome.deleted().messages()).isEqualTo(2);
      assertThat(uids(dovecot, "eve", "INBOX")).containsExactly(2L, 3L);
      assertThat(uids(dovecot, "eve", "Other")).isEmpty();
      run(archive, account, LATER);
      // What others would have done is not said of what was done here.
      assertThat(archive.events(Event.Observed.class))
          .allMatch(seen -> seen.gone().isEmpty() && seen.moved().isEmpty());
      assertThat(archive.events(Event.Placement.class)).hasSize(8);
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  @Test
  void nothingIsDeletedUnlessTheAccountAsksForIt() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served);
        RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "eve", 3);
      AccountConfig account = account("eve", Dovecot.source("eve", proxy.port()));
      run(archive, account, Duration.ZERO);
      run(archive, account, Duration.ofDays(4_000));
      assertThat(uids(dovecot, "eve", "INBOX")).hasSize(3);
      assertThat(proxy.commands())
          .noneMatch(command -> command.startsWith("SELECT") || command.contains("+FLAGS"))
          .noneMatch(command -> command.contains("EXPUNGE"));
      assertThat(deletions(archive)).isEmpty();
    }
  }

  @Test
  void onlyTheMailboxesThatAreNamedAreEmptied() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "eve", 3);
      change(
          dovecot,
          "eve",
          "INBOX",
          "CREATE Old",
          "UID COPY 1:2 Old",
          "CREATE Sent",
          "UID COPY 1 Sent");
      AccountConfig account =
          account("eve", dovecot.source("eve"))
              .deleting(
                  new DeleteAtSource(
                      AGE, new AccountConfig.Folders(List.of("Old", "Sent"), List.of("\\Sent"))));
      run(archive, account, LATER);
      run(archive, account, LATER);
      assertThat(uids(dovecot, "eve", "INBOX")).hasSize(3);
      assertThat(uids(dovecot, "eve", "Sent")).hasSize(1);
      assertThat(uids(dovecot, "eve", "Old")).isEmpty();
    }
  }

  @Test
  void whatIsYoungByItsInternalDateStays() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "eve", 1);
      try (RawImap imap = new RawImap(dovecot.port(), "eve", Dovecot.PASSWORD)) {
        imap.append("INBOX", "Subject: of today\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      AccountConfig account =
          account("eve", dovecot.source("eve"))
              .deleting(new DeleteAtSource(Duration.ofDays(1), AccountConfig.Folders.ALL));
      run(archive, account, Duration.ZERO);
      run(archive, account, Duration.ofHours(23));
      assertThat(uids(dovecot, "eve", "INBOX")).containsExactly(1L, 2L);
      // Both were archived today; one of them is of 2019.
      run(archive, account, Duration.ofHours(25));
      assertThat(uids(dovecot, "eve", "INBOX")).isEmpty();
    }
  }

  @Test
  void withoutUidplusNothingIsDeletedAndTheRunSaysWhy() throws Exception {
    try (Dovecot dovecot =
            Dovecot.startWith(served, "imap_capability = IMAP4rev1 SASL-IR ESEARCH CONDSTORE");
        RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "eve", 3);
      AccountConfig account =
          account("eve", Dovecot.source("eve", proxy.port())).deleting(EVERYWHERE);
      run(archive, account, Duration.ZERO);
      CaptureOutcome.Finished outcome = run(archive, account, LATER);
      assertThat(outcome.deleted().trouble()).contains("does not offer UIDPLUS");
      assertThat(outcome.complete()).isTrue();
      assertThat(uids(dovecot, "eve", "INBOX")).hasSize(3);
      assertThat(proxy.commands())
          .noneMatch(command -> command.contains("+FLAGS") || command.contains("EXPUNGE"));
      assertThat(deletions(archive)).isEmpty();
    }
  }

  @Test
  void aMessageThatIsDamagedInTheArchiveKeepsAllOfTheAccountAndTheRunFails() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("eve"), 5);
      byte[] noise = new byte[40_000];
      Random random = new Random(5);
      for (int i = 0; i < 5; i++) {
        random.nextBytes(noise);
        mail.add(i < 3 ? "" : ".Other", "", noise);
      }
      Dovecot.own(dovecot.maildir("eve"));
      AccountConfig account = account("eve", dovecot.source("eve")).deleting(EVERYWHERE);
      run(archive, account, Duration.ZERO);
      damage();
      for (int i = 0; i < 2; i++) {
        CaptureOutcome.Finished outcome = run(archive, account, LATER);
        assertThat(outcome.complete()).isFalse();
        assertThat(outcome.deleted().messages()).isZero();
        assertThat(CaptureReport.missing(outcome.receipt()))
            .startsWith("nothing is deleted at the source: message ");
        archive.progress().follow();
        assertThat(archive.progress().lastReceipt(account.name()).orElseThrow().complete())
            .isFalse();
      }
      assertThat(uids(dovecot, "eve", "INBOX")).hasSize(3);
      assertThat(uids(dovecot, "eve", "Other")).hasSize(2);
    }
  }

  /// Octets all over what is mostly messages.
  private void damage() throws IOException {
    try (var files = Files.list(data.resolve("archive/journal"))) {
      for (Path journal : files.toList()) {
        damage(journal);
      }
    }
  }

  private static void damage(Path journal) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(journal.toFile(), "rw")) {
      for (long at = 20_000; at < Math.min(file.length(), 180_000); at += 1_000) {
        file.seek(at);
        int octet = file.read();
        file.seek(at);
        file.write(octet ^ 0x10);
      }
    }
  }

  @Test
  void anotherUidValidityDeletesNothingUntilARunHasSeenIt() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "eve", 4);
      AccountConfig account = account("eve", dovecot.source("eve")).deleting(EVERYWHERE);
      run(archive, account, Duration.ZERO);
      Path maildir = dovecot.maildir("eve");
      try (var files = Files.list(maildir)) {
        for (Path file :
            files.filter(f -> f.getFileName().toString().startsWith("dovecot")).toList()) {
          Files.delete(file);
        }
      }
      Files.writeString(maildir.resolve("dovecot-uidlist"), "3 V1234567890 N101\n");
      Dovecot.own(maildir);

      assertThat(run(archive, account, LATER).deleted().messages()).isZero();
      assertThat(uids(dovecot, "eve", "INBOX")).containsExactly(101L, 102L, 103L, 104L);
      assertThat(deletions(archive)).isEmpty();
      assertThat(run(archive, account, LATER).deleted().messages()).isEqualTo(4);
      assertThat(uids(dovecot, "eve", "INBOX")).isEmpty();
      assertThat(deletions(archive)).containsExactly("INTENDED 101:104", "DELETED 101:104");
    }
  }

  /// Ends the connection at octets all over a run that deletes, in both directions, and looks what
  /// is there afterwards.
  @ParameterizedTest
  @ValueSource(strings = {"RESET", "TRUNCATE", "HALF_CLOSE"})
  void aRunThatIsCutAnywhereDeletesNoOtherMessageAndTheNextGoesOn(FaultProxy.Kind kind)
      throws Exception {
    int cuts = 12;
    try (Dovecot dovecot = Dovecot.start(served);
        FaultProxy proxy = new FaultProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      prepare(dovecot, archive, "measured");
      proxy.prepare(null);
      run(archive, through(proxy, "measured"), LATER);
      List<Integer> struck = new ArrayList<>();
      for (FaultProxy.Direction direction : FaultProxy.Direction.values()) {
        long length = proxy.passed(direction);
        for (int cut = 0; cut < cuts; cut++) {
          String user = "u%s%d".formatted(direction.name().charAt(3), cut).toLowerCase(Locale.ROOT);
          prepare(dovecot, archive, user);
          long leaf = archive.size();
          // The second half of a run is the deletion.
          long at = length * (cuts + cut) / (2L * cuts);
          proxy.prepare(new FaultProxy.Fault(kind, direction, at, 1));
          run(archive, through(proxy, user), LATER);
          struck.add(uids(dovecot, user, "INBOX").size());
          assertThat(uids(dovecot, user, "INBOX"))
              .as("%s %s %d", kind, direction, at)
              .contains(2L, 5L);

          proxy.prepare(null);
          CaptureOutcome.Finished next = run(archive, through(proxy, user), LATER);
          assertThat(next.complete()).isTrue();
          // Where it was the capture that was cut, its receipt stands behind nothing.
          run(archive, through(proxy, user), LATER);
          assertThat(uids(dovecot, user, "INBOX"))
              .as("%s %s %d", kind, direction, at)
              .containsExactly(2L, 5L);
          run(archive, through(proxy, user), LATER);
          assertThat(archive.entriesFrom(leaf))
              .as("%s %s %d", kind, direction, at)
              .noneMatch(
                  entry ->
                      entry.event() instanceof Event.Observed seen
                          && !(seen.gone().isEmpty() && seen.moved().isEmpty()));
          assertThat(archive.progress().deletable(inbox(archive, user), all(), 0, 9)).hasSize(2);
        }
      }
      assertThat(struck).contains(5, 2);
    }
  }

  private static SourceProgress.DueForDeletion all() {
    Instant end = Instant.now().plus(LATER);
    return new SourceProgress.DueForDeletion(Long.MAX_VALUE, end, end);
  }

  private static MailboxId inbox(TestArchive archive, String user) throws IOException {
    archive.progress().follow();
    return archive
        .progress()
        .mailboxOf(new AccountName(user), SourceText.of("INBOX"))
        .orElseThrow();
  }

  /// Five messages, captured; two of them are not to be deleted.
  private static void prepare(Dovecot dovecot, TestArchive archive, String user) throws Exception {
    fill(dovecot, user, 5);
    change(
        dovecot, user, "INBOX", "UID STORE 2 +FLAGS (\\Deleted)", "UID STORE 5 +FLAGS (\\Flagged)");
    run(archive, account(user, dovecot.source(user)).deleting(EVERYWHERE), Duration.ZERO);
  }

  private static AccountConfig through(FaultProxy proxy, String user) {
    return account(user, Dovecot.source(user, proxy.port())).deleting(EVERYWHERE);
  }

  @Test
  void tenThousandMessagesAreDeletedInOneRun() throws Exception {
    int messages = 10_000;
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("eve"), 9);
      mail.fill("", messages, 300);
      mail.add("", "", mail.ofLength(5_000_000));
      Dovecot.own(dovecot.maildir("eve"));
      change(dovecot, "eve", "INBOX", "UID STORE 1:* -FLAGS (\\Flagged)");
      AccountConfig account = account("eve", dovecot.source("eve")).deleting(EVERYWHERE);
      run(archive, account, Duration.ZERO);
      CaptureOutcome.Finished outcome = run(archive, account, LATER);
      assertThat(outcome.deleted()).isEqualTo(new CaptureOutcome.Deleted(messages + 1, ""));
      assertThat(uids(dovecot, "eve", "INBOX")).isEmpty();
      assertThat(deletions(archive)).hasSizeLessThan(100);
    }
  }

  @Test
  void whatACutRunMeantToDeleteIsSparedWhenTheAccountDoesNotAskForItAnyMore() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      prepare(dovecot, archive, "eve");
      Event.Placement first = archive.events(Event.Placement.class).getFirst();
      archive.record(
          new Event.DeletedAtSource(
              first.account(),
              first.mailbox(),
              TestArchive.source(first).uidValidity(),
              UidRanges.of(TestArchive.source(first).uid()),
              UidRanges.of(first.uid()),
              Event.Deletion.INTENDED));
      run(archive, account("eve", dovecot.source("eve")), Duration.ZERO);
      assertThat(deletions(archive)).containsExactly("INTENDED 1", "KEPT 1");
      change(dovecot, "eve", "INBOX", "UID STORE 1 +FLAGS (\\Deleted)", "UID EXPUNGE 1");
      run(archive, account("eve", dovecot.source("eve")), Duration.ZERO);
      assertThat(archive.events(Event.Observed.class).getLast().gone()).hasToString("1");
    }
  }
}
