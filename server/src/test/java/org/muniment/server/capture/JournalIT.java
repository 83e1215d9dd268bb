package org.muniment.server.capture;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.JournalReports;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;

/// Journal mailboxes of a real server.
class JournalIT {

  private static final String USER = "journal";
  private static final AccountConfig.Folders JOURNAL =
      new AccountConfig.Folders(List.of("*"), List.of(), List.of("INBOX"));

  @TempDir Path served;
  @TempDir Path data;
  private Dovecot dovecot;
  private SampleMaildir mail;

  @BeforeEach
  void start() throws Exception {
    Requires.dovecot();
    dovecot = Dovecot.start(served);
    mail = new SampleMaildir(dovecot.maildir(USER), 61);
  }

  @AfterEach
  void stop() {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  private static AccountConfig account(SourceConfig source) {
    return TestArchive.account(USER, source, JOURNAL);
  }

  private AccountConfig account() {
    return account(dovecot.source(USER));
  }

  /// Three reports, one of them twice, with what is no report between.
  private void fill() throws Exception {
    for (int i = 0; i < 3; i++) {
      mail.add(
          "", "", JournalReports.report(JournalReports.held(i), "Bcc: dora" + i + "@example.org"));
    }
    mail.add("", "", JournalReports.ordinary(1));
    mail.add("", "", JournalReports.broken(1));
    mail.add("", "", JournalReports.report(JournalReports.held(0), "Bcc: dora0@example.org"));
    mail.add("", "", JournalReports.ordinary(2));
    mail.add(".Own", "", JournalReports.held(1));
    mail.add(".Own", "", JournalReports.report(JournalReports.held(7), "Bcc: nobody@example.org"));
    Dovecot.own(dovecot.maildir(USER));
  }

  private static void requireWhatWasFilled(TestArchive archive) throws IOException {
    Map<MailboxId, String> names = names(archive);
    assertThat(names.values())
        .filteredOn(name -> name.endsWith("(journaled)"))
        .containsExactly("INBOX (journaled)");
    List<ContentId> held = new ArrayList<>();
    for (Entry entry : archive.entries()) {
      if (entry.event() instanceof Event.Placement placement
          && "INBOX (journaled)".equals(names.get(placement.mailbox()))) {
        held.add(placement.content());
        assertThat(placement.provenance().protocol()).isEqualTo("journal");
        assertThat(placement.provenance().user()).isEqualTo(USER);
      }
    }
    assertThat(held)
        .containsExactlyInAnyOrder(
            id(JournalReports.held(0)),
            id(JournalReports.held(0)),
            id(JournalReports.held(1)),
            id(JournalReports.held(2)));
    List<Event.Finding> found =
        archive.events(Event.Unwrapped.class).stream().map(Event.Unwrapped::finding).toList();
    assertThat(found).hasSize(7);
    assertThat(found).filteredOn(Event.OrdinaryMail.class::isInstance).hasSize(2);
    assertThat(found)
        .filteredOn(Event.BrokenReport.class::isInstance)
        .containsExactly(new Event.BrokenReport("is wrapped in TNEF"));
    assertThat(found)
        .filteredOn(Event.JournalReport.class::isInstance)
        .extracting(finding -> ((Event.JournalReport) finding).transmission().recipients())
        .contains(List.of(new Event.Recipient(Event.Addressed.BCC, "dora2@example.org", "", "")));
  }

  private static Map<MailboxId, String> names(TestArchive archive) throws IOException {
    Map<MailboxId, String> names = new HashMap<>();
    archive
        .events(Event.MailboxCreated.class)
        .forEach(mailbox -> names.put(mailbox.id(), mailbox.name().display()));
    return names;
  }

  private static ContentId id(byte[] octets) throws IOException {
    return ContentId.sha256(new ByteArrayInputStream(octets));
  }

  private static Event.JournalReceipt journal(Event.Poll poll) {
    List<Event.JournalReceipt> journals = new ArrayList<>();
    for (Event.MailboxReceipt mailbox : poll.mailboxes()) {
      Event.JournalReceipt journal = mailbox.journal();
      if (journal != null) {
        journals.add(journal);
      }
    }
    assertThat(journals).hasSize(1);
    return journals.getFirst();
  }

  private static void requireNothingMore(TestArchive archive, AccountConfig account)
      throws IOException {
    int placements = archive.events(Event.Placement.class).size();
    Event.Poll again = archive.capture(account).receipt();
    assertThat(again.complete()).isTrue();
    assertThat(again.mailboxes()).allMatch(mailbox -> mailbox.journal() == null);
    assertThat(archive.events(Event.Placement.class)).hasSize(placements);
    assertThat(archive.events(Event.Unwrapped.class)).hasSize(7);
  }

  @Test
  void whatReportsHoldIsArchivedAsItStandsInThemAndTheRestIsToldApart() throws Exception {
    fill();
    try (TestArchive archive = new TestArchive(data)) {
      Event.Poll poll = archive.capture(account()).receipt();
      assertThat(poll.complete()).as("%s", poll).isTrue();
      assertThat(journal(poll)).isEqualTo(new Event.JournalReceipt(4, 2, 1, 0, AccountRun.NOTHING));
      requireWhatWasFilled(archive);
      requireNothingMore(archive, account());
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  @Test
  void aMaildropIsAJournalMailboxToo() throws Exception {
    Requires.dovecotWithPop3();
    fill();
    try (TestArchive archive = new TestArchive(data)) {
      AccountConfig account = account(dovecot.pop3(USER));
      Event.Poll poll = archive.capture(account).receipt();
      assertThat(poll.complete()).as("%s", poll).isTrue();
      assertThat(journal(poll).reports()).isEqualTo(4);
      requireNothingMore(archive, account);
    }
  }

  @Test
  void whatWasArchivedBeforeIsUnwrappedOnceTheMailboxIsSaidToBeAJournal() throws Exception {
    fill();
    try (TestArchive archive = new TestArchive(data)) {
      archive.capture(TestArchive.account(USER, dovecot.source(USER)));
      assertThat(archive.events(Event.Unwrapped.class)).isEmpty();
      assertThat(journal(archive.capture(account()).receipt()).reports()).isEqualTo(4);
      requireWhatWasFilled(archive);
      requireNothingMore(archive, account());
    }
  }

  @Test
  void aServerBuiltAnewBringsNothingTwice() throws Exception {
    fill();
    try (TestArchive archive = new TestArchive(data)) {
      archive.capture(account());
      Files.delete(dovecot.maildir(USER).resolve("dovecot-uidlist"));
      assertThat(archive.capture(account()).complete()).isTrue();
      requireWhatWasFilled(archive);
    }
  }

  @Test
  void whatACrashLeftBetweenTheMessageAndItsRecordIsNotPlacedAgain() throws Exception {
    mail.add("", "", JournalReports.report(JournalReports.held(0), "To: a@example.org"));
    Dovecot.own(dovecot.maildir(USER));
    try (TestArchive archive = new TestArchive(data)) {
      archive.capture(account());
      append(JournalReports.report(JournalReports.held(1), "To: b@example.org"));
      append(JournalReports.report(JournalReports.held(1), "To: c@example.org"));
      archive.capture(TestArchive.account(USER, dovecot.source(USER)));
      // The next run died after it had placed what the first of the two holds.
      Event.Placement held = heldIn(archive).getFirst();
      archive
          .writer()
          .append(
              Octets.of(JournalReports.held(1)),
              held.account(),
              held.mailbox(),
              new Event.SourceUid(TestArchive.source(held).uidValidity(), new Uid(2)),
              Instant.ofEpochSecond(1_700_000_000),
              Set.of(),
              held.provenance());
      archive.writer().commit();
      assertThat(journal(archive.capture(account()).receipt()).reports()).isEqualTo(2);
      assertThat(heldIn(archive)).hasSize(3);
      assertThat(archive.events(Event.Unwrapped.class)).hasSize(3);
    }
  }

  private static List<Event.Placement> heldIn(TestArchive archive) throws IOException {
    return archive.events(Event.Placement.class).stream()
        .filter(placement -> placement.provenance().protocol().equals("journal"))
        .toList();
  }

  private void append(byte[] message) throws IOException {
    try (RawImap imap = new RawImap(dovecot.port(), USER, Dovecot.PASSWORD)) {
      imap.append("INBOX", message);
    }
  }

  @Test
  void aRunThatIsStoppedSaysWhatIsNotUnwrappedAndTheNextGoesOn() throws Exception {
    fill();
    try (TestArchive archive = new TestArchive(data)) {
      archive.capture(TestArchive.account(USER, dovecot.source(USER)));
      AtomicInteger asked = new AtomicInteger();
      CaptureOutcome.Finished stopped =
          (CaptureOutcome.Finished)
              archive
                  .capture()
                  .run(
                      account(),
                      CaptureProgress.NONE,
                      () -> isUnwrapping() && asked.getAndIncrement() >= 2);
      assertThat(stopped.complete()).isFalse();
      assertThat(journal(stopped.receipt()))
          .isEqualTo(new Event.JournalReceipt(2, 0, 0, 5, AccountRun.STOPPED));
      assertThat(CaptureReport.missing(stopped.receipt())).contains("not unwrapped yet: stopped");
      assertThat(journal(archive.capture(account()).receipt()).reports()).isEqualTo(2);
      requireWhatWasFilled(archive);
    }
  }

  private static boolean isUnwrapping() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    frame -> frame.getClassName().startsWith(JournalRun.class.getName())));
  }

  @Test
  @Tag("slow")
  void aReportOf200MegabytesAndOneWithManyRecipientsAreUnwrappedWithALittleMemory()
      throws Exception {
    ContentId large = addLarge(200);
    List<String> recipients = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      recipients.add("Bcc: user" + i + "@department.example.org");
    }
    for (int i = 0; i < 5; i++) {
      mail.add(
          "", "", JournalReports.report(JournalReports.held(i), recipients.toArray(String[]::new)));
    }
    Dovecot.own(dovecot.maildir(USER));
    child("80m");
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(heldIn(archive))
          .hasSize(6)
          .anyMatch(
              placement -> placement.length() == 200_000_000 && placement.content().equals(large));
      assertThat(archive.events(Event.Unwrapped.class))
          .extracting(Event.Unwrapped::finding)
          .filteredOn(
              finding ->
                  finding instanceof Event.JournalReport report
                      && report.transmission().cut().contains("80,000 recipients"))
          .hasSize(5);
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  /// Adds a report that holds a message of so many megabytes, none of which is held here.
  ///
  /// @return id of the message
  private ContentId addLarge(int megabytes) throws Exception {
    byte[] megabyte = mail.ofLength(1_000_000);
    String report = new String(JournalReports.report(megabyte, "Bcc: d@example.org"), ISO_8859_1);
    int at = report.indexOf(new String(megabyte, ISO_8859_1));
    Path folder = Files.createDirectories(dovecot.maildir(USER).resolve("cur"));
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    try (OutputStream out = Files.newOutputStream(folder.resolve("9.large.sample:2,"))) {
      out.write(report.substring(0, at).getBytes(ISO_8859_1));
      for (int i = 0; i < megabytes; i++) {
        out.write(megabyte);
        digest.update(megabyte);
      }
      out.write(report.substring(at + megabyte.length).getBytes(ISO_8859_1));
    }
    return ContentId.of(digest.digest());
  }

  private void child(String heap) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                CaptureChild.class.getName(),
                data.toString(),
                Integer.toString(dovecot.port()))
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertThat(child.waitFor()).as(said).isZero();
  }

  /// The process that has little, or is killed.
  static final class CaptureChild {
    private CaptureChild() {}

    public static void main(String[] arguments) throws Exception {
      boolean complete;
      try (TestArchive archive = new TestArchive(Path.of(arguments[0]))) {
        System.out.write('b');
        System.out.flush();
        complete =
            archive
                .capture(account(Dovecot.source(USER, Integer.parseInt(arguments[1]))))
                .complete();
        archive.progress().follow();
      }
      System.exit(complete ? 0 : 1);
    }
  }
}
