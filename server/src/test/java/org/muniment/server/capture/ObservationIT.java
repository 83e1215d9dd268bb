package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.AccountConfig;

/// What becomes of mail at a real Dovecot after it was captured, and what the log says of it.
class ObservationIT {

  @TempDir static Path dovecotFolder;
  private static Dovecot dovecot;

  @TempDir Path data;
  private String user;
  private SampleMaildir mail;

  @BeforeAll
  static void start() throws Exception {
    Requires.dovecot();
    dovecot = Dovecot.start(dovecotFolder);
  }

  @AfterAll
  static void stop() {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  @BeforeEach
  void fill(TestInfo test) throws Exception {
    user = "u" + test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    mail = new SampleMaildir(dovecot.maildir(user), 21);
    mail.fill("", 5, 500);
    Dovecot.own(dovecot.maildir(user));
  }

  @Test
  void changedFlagsAndKeywordsAreObserved() throws Exception {
    try (TestArchive archive = new TestArchive(data)) {
      capture(archive, Duration.ZERO);
      assertThat(archive.events(Event.Observed.class)).isEmpty();
      change("INBOX", "UID STORE 2:4 +FLAGS (\\Seen work)", "UID STORE 5 +FLAGS (\\Flagged)");
      capture(archive, Duration.ZERO);
      Event.Observed observed = only(archive);
      assertThat(flags(observed))
          .isEqualTo(Map.of("2:4", Set.of("\\Seen", "work"), "5", Set.of("\\Flagged")));
      assertThat(observed.gone().isEmpty()).isTrue();

      change("INBOX", "UID STORE 3 -FLAGS (\\Seen)");
      capture(archive, Duration.ZERO);
      assertThat(flags(archive.events(Event.Observed.class).getLast()))
          .isEqualTo(Map.of("3", Set.of("work")));
    }
  }

  @Test
  void deletedMailIsGoneMovedMailIsElsewhereAndBothStay() throws Exception {
    try (TestArchive archive = new TestArchive(data)) {
      capture(archive, Duration.ZERO);
      change(
          "INBOX", "CREATE Kept", "UID MOVE 2:3 Kept", "UID STORE 5 +FLAGS (\\Deleted)", "EXPUNGE");
      CaptureOutcome.Finished run = capture(archive, Duration.ZERO);
      assertThat(run.complete()).isTrue();
      Event.Observed observed = only(archive);
      assertThat(observed.moved()).hasToString("2:3");
      assertThat(observed.gone()).hasToString("5");
      assertThat(archive.events(Event.Placement.class)).hasSize(7);
      assertThat(run.messages()).isEqualTo(2);
    }
  }

  @Test
  void mailThatIsDeletedEverywhereInOneGoHasNotMoved() throws Exception {
    change("INBOX", "CREATE Copy", "UID COPY 1:2 Copy");
    try (TestArchive archive = new TestArchive(data)) {
      capture(archive, Duration.ZERO);
      change("INBOX", "UID STORE 1 +FLAGS (\\Deleted)", "EXPUNGE");
      change("Copy", "UID STORE 1 +FLAGS (\\Deleted)", "EXPUNGE");
      capture(archive, Duration.ZERO);
      List<Event.Observed> observed = archive.events(Event.Observed.class);
      assertThat(observed).hasSize(2).allMatch(seen -> seen.moved().isEmpty());
      assertThat(observed).allMatch(seen -> seen.gone().toString().equals("1"));
    }
  }

  @Test
  void aMailboxThatIsDeletedIsObservedAndItsMailStays() throws Exception {
    change("INBOX", "CREATE Old", "UID COPY 1:2 Old");
    mail.fill(".Gone", 2, 300);
    Dovecot.own(dovecot.maildir(user));
    change("INBOX", "SUBSCRIBE Old");
    try (TestArchive archive = new TestArchive(data)) {
      capture(archive, Duration.ZERO);
      assertThat(observedMailbox(archive, "Old").subscribed()).isTrue();
      change("INBOX", "DELETE Old", "DELETE Gone");
      CaptureOutcome.Finished run = capture(archive, Duration.ZERO);
      assertThat(run.complete()).isTrue();
      assertThat(observedMailbox(archive, "Old").listed()).isFalse();
      MailboxId old = observedMailbox(archive, "Old").mailbox();
      MailboxId gone = observedMailbox(archive, "Gone").mailbox();
      for (Event.Observed seen : archive.events(Event.Observed.class)) {
        assertThat(seen.mailbox()).isIn(old, gone);
        assertThat(seen.mailbox().equals(old) ? seen.moved() : seen.gone()).hasToString("1:2");
      }
      assertThat(archive.events(Event.Placement.class)).hasSize(9);
      long entries = archive.entries().size();
      capture(archive, Duration.ZERO);
      assertThat(archive.entries()).hasSize((int) entries);
    }
  }

  @Test
  void subscriptionAndSpecialUseAreObservedWhenTheyChange() throws Exception {
    change("INBOX", "CREATE Letters");
    try (TestArchive archive = new TestArchive(data)) {
      capture(archive, Duration.ZERO);
      assertThat(observedMailbox(archive, "Letters").subscribed()).isFalse();
      change("INBOX", "SUBSCRIBE Letters");
      capture(archive, Duration.ZERO);
      assertThat(observedMailbox(archive, "Letters").subscribed()).isTrue();
      long observed = archive.events(Event.MailboxObserved.class).size();
      capture(archive, Duration.ZERO);
      assertThat(archive.events(Event.MailboxObserved.class)).hasSize((int) observed);
    }
  }

  @Test
  void anUnchangedAccountCostsOneListAndNoMailboxIsOpened() throws Exception {
    for (int i = 0; i < 20; i++) {
      mail.fill(".Folder" + i, 3, 200);
    }
    Dovecot.own(dovecot.maildir(user));
    try (RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      AccountConfig account = TestArchive.account(user, Dovecot.source(user, proxy.port()));
      Capture capture = archive.capture(Clock.systemUTC());
      capture.run(account, CaptureProgress.NONE, () -> false);
      assertThat(proxy.commands()).isNotEmpty();
      CaptureOutcome outcome = capture.run(account, CaptureProgress.NONE, () -> false);
      assertThat(((CaptureOutcome.Finished) outcome).receipt().mailboxes())
          .hasSize(21)
          .allMatch(Event.MailboxReceipt::complete);
      assertThat(proxy.commands())
          .noneMatch(command -> command.contains("EXAMINE"))
          .filteredOn(command -> command.contains("LIST"))
          .hasSize(1);
    }
  }

  @Test
  void onceADayAllIsComparedWhateverTheServerSaysHasChanged() throws Exception {
    try (RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      AccountConfig account = TestArchive.account(user, Dovecot.source(user, proxy.port()));
      archive.capture(Clock.systemUTC()).run(account, CaptureProgress.NONE, () -> false);
      assertThat(proxy.commands()).isNotEmpty();
      CaptureOutcome.Finished run =
          (CaptureOutcome.Finished)
              archive
                  .capture(Clock.offset(Clock.systemUTC(), Duration.ofHours(25)))
                  .run(account, CaptureProgress.NONE, () -> false);
      assertThat(proxy.commands())
          .anyMatch(command -> command.contains("UID FETCH 1:5 (UID FLAGS)"))
          .noneMatch(command -> command.contains("CHANGEDSINCE"));
      assertThat(run.receipt().mailboxes().getFirst().reconciled())
          .isAfter(Clock.systemUTC().instant().plus(Duration.ofHours(24)));
    }
  }

  @Test
  void aServerBuiltAnewCostsNoMessageAndNoUidOfTheView() throws Exception {
    mail.add("", "S", mail.message(700));
    change("INBOX", "UID COPY 1 INBOX");
    try (RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      AccountConfig account = TestArchive.account(user, Dovecot.source(user, proxy.port()));
      capture(archive, Duration.ZERO);
      long placements = archive.events(Event.Placement.class).size();
      assertThat(placements).isEqualTo(7);
      buildAnew();
      change("INBOX", "STORE 2 +FLAGS (\\Flagged)");
      assertThat(proxy.commands()).isEmpty();
      CaptureOutcome.Finished run =
          (CaptureOutcome.Finished)
              archive.capture(Clock.systemUTC()).run(account, CaptureProgress.NONE, () -> false);
      assertThat(run.complete()).as(run.receipt().toString()).isTrue();
      assertThat(archive.events(Event.Placement.class)).hasSize((int) placements);
      assertThat(archive.events(Event.Matched.class)).allMatch(Event.Matched::provisional);
      assertThat(
              archive.events(Event.Compared.class).stream().mapToLong(c -> c.same().size()).sum())
          .isEqualTo(7);
      Event.Observed observed = only(archive);
      assertThat(observed.gone().isEmpty() && observed.moved().isEmpty()).isTrue();
      assertThat(flags(observed)).hasSize(1);
      List<String> commands = proxy.commands();
      assertThat(commands).filteredOn(command -> command.contains("PEEK[HEADER]")).hasSize(1);
      int last = archive.entries().size();
      capture(archive, Duration.ZERO);
      assertThat(archive.entries()).hasSize(last);
    }
  }

  @Test
  void mailThatOnlyLooksTheSameIsFoundOutAndArchived() throws Exception {
    try (TestArchive archive = new TestArchive(data)) {
      capture(archive, Duration.ZERO);
      forge();
      buildAnew();
      CaptureOutcome.Finished run = capture(archive, Duration.ZERO);
      assertThat(run.complete()).as(run.receipt().toString()).isTrue();
      assertThat(archive.events(Event.Placement.class)).hasSize(6);
      assertThat(archive.events(Event.Compared.class))
          .anyMatch(compared -> compared.different().size() == 1)
          .anyMatch(compared -> compared.same().size() == 4);
      int last = archive.entries().size();
      capture(archive, Duration.ZERO);
      assertThat(archive.entries()).hasSize(last);
    }
  }

  /// Changes the last letter of a message, and nothing that can be seen from outside.
  private void forge() throws Exception {
    try (var files = Files.list(dovecot.maildir(user).resolve("cur"))) {
      Path file = files.sorted().findFirst().orElseThrow();
      FileTime time = Files.getLastModifiedTime(file);
      byte[] octets = Files.readAllBytes(file);
      int letter = octets.length - 1;
      while (octets[letter] < 'a' || octets[letter] > 'z') {
        letter--;
      }
      octets[letter] = (byte) (octets[letter] == 'a' ? 'b' : 'a');
      Files.write(file, octets);
      Files.setLastModifiedTime(file, time);
    }
    Dovecot.own(dovecot.maildir(user));
  }

  /// Makes the server forget every UID, and give others under another UIDVALIDITY.
  private void buildAnew() throws Exception {
    Path maildir = dovecot.maildir(user);
    try (var files = Files.list(maildir)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("dovecot")).toList()) {
        Files.delete(file);
      }
    }
    Files.writeString(maildir.resolve("dovecot-uidlist"), "3 V1234567890 N101\n");
    Dovecot.own(maildir);
  }

  private CaptureOutcome.Finished capture(TestArchive archive, Duration later) {
    CaptureOutcome outcome =
        archive
            .capture(Clock.offset(Clock.systemUTC(), later))
            .run(
                TestArchive.account(user, dovecot.source(user)), CaptureProgress.NONE, () -> false);
    assertThat(outcome).isInstanceOf(CaptureOutcome.Finished.class);
    return (CaptureOutcome.Finished) outcome;
  }

  private void change(String mailbox, String... commands) throws IOException {
    try (RawImap imap = new RawImap(dovecot.port(), user, Dovecot.PASSWORD)) {
      imap.command("SELECT " + mailbox);
      for (String command : commands) {
        imap.command(command);
      }
    }
  }

  private static Event.Observed only(TestArchive archive) throws IOException {
    List<Event.Observed> observed = archive.events(Event.Observed.class);
    assertThat(observed).hasSize(1);
    return observed.getFirst();
  }

  private static Event.MailboxObserved observedMailbox(TestArchive archive, String name)
      throws IOException {
    return archive.events(Event.MailboxObserved.class).stream()
        .filter(mailbox -> mailbox.name().display().equals(name))
        .reduce((one, other) -> other)
        .orElseThrow();
  }

  private static Map<String, Set<String>> flags(Event.Observed observed) {
    return observed.flags().stream()
        .collect(
            Collectors.toMap(
                of -> of.uids().toString(),
                of -> of.flags().stream().map(SourceText::display).collect(Collectors.toSet())));
  }
}
