package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.capture.TestArchive.account;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;

/// Capture from a real server, with an independent client as the judge.
class DovecotIT {

  private static final int LARGE = 30_000_000;

  @TempDir Path served;
  @TempDir Path data;
  private Dovecot dovecot;

  @BeforeEach
  void start() throws Exception {
    Requires.dovecot();
    dovecot = Dovecot.start(served);
  }

  @AfterEach
  void stop() {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  @Test
  void everyMessageIsWhatAnotherClientFetches() throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir("lena"), 11);
    mail.fill("", 300, 3_000);
    mail.addAwkward("");
    mail.add("", "", mail.ofLength(LARGE));
    mail.fill(".Projekte.&ANw-bersicht", 20, 500);
    mail.fill(".&ZeVnLIqe-", 3, 500);
    mail.fill(".Sent", 7, 500);
    mail.fill(".q\"u\\ote %", 2, 500);
    mail.fill(".A &- B", 2, 500);
    Dovecot.own(dovecot.maildir("lena"));
    try (TestArchive archive = new TestArchive(data)) {
      CaptureOutcome.Finished outcome = archive.capture(account("lena", dovecot.source("lena")));
      assertThat(outcome.complete()).as("%s", outcome).isTrue();
      Map<MailboxId, Event.MailboxCreated> mailboxes = mailboxes(archive);
      assertThat(mailboxes.values())
          .extracting(mailbox -> mailbox.name().display())
          .contains("INBOX", "Projekte/Übersicht", "日本語", "Sent", "q\"u\\ote %", "A & B");
      assertThat(mailboxes.values())
          .anySatisfy(mailbox -> assertThat(mailbox.attributes()).contains("\\Sent"));
      int compared = compare(archive, mailboxes, "lena");
      assertThat(compared).isEqualTo(300 + 11 + 1 + 20 + 3 + 7 + 2 + 2);
      assertThat(outcome.messages()).isEqualTo(compared);
    }
  }

  @Test
  void theViewHasTheOrderOfTheSourceWhateverTheSizes() throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir("lena"), 12);
    for (int i = 0; i < 30; i++) {
      mail.add("", "", i % 7 == 3 ? mail.ofLength(5_000_000 + i) : mail.message(2_000));
    }
    Dovecot.own(dovecot.maildir("lena"));
    try (TestArchive archive = new TestArchive(data)) {
      archive.capture(account("lena", dovecot.source("lena")));
      List<Event.Placement> placements = archive.events(Event.Placement.class);
      assertThat(placements).hasSize(30);
      assertThat(placements).isSortedAccordingTo(Comparator.comparing(Event.Placement::uid));
      assertThat(placements)
          .isSortedAccordingTo(
              Comparator.comparing(placement -> TestArchive.source(placement).uid()));
    }
  }

  private static Map<MailboxId, Event.MailboxCreated> mailboxes(TestArchive archive)
      throws IOException {
    return archive.events(Event.MailboxCreated.class).stream()
        .collect(Collectors.toMap(Event.MailboxCreated::id, mailbox -> mailbox));
  }

  /// Compares octets, flags and dates of each placement with what the server gives another client.
  private int compare(
      TestArchive archive, Map<MailboxId, Event.MailboxCreated> mailboxes, String user)
      throws IOException {
    int compared = 0;
    try (RawImap judge = new RawImap(dovecot.port(), user, Dovecot.PASSWORD)) {
      String open = "";
      for (Entry entry : archive.entries()) {
        if (!(entry.event() instanceof Event.Placement placement)) {
          continue;
        }
        String name =
            quoted(Objects.requireNonNull(mailboxes.get(placement.mailbox())).name().octets());
        if (!name.equals(open)) {
          judge.command("EXAMINE " + name);
          open = name;
        }
        long uid = TestArchive.source(placement).uid().value();
        assertThat(archive.octets(entry)).as("%s UID %d", name, uid).isEqualTo(judge.octets(uid));
        String said = judge.command("UID FETCH " + uid + " (FLAGS INTERNALDATE)").getFirst().text();
        assertThat(placement.internalDate()).isEqualTo(date(said));
        assertThat(texts(placement.flags())).isEqualTo(flags(said));
        compared++;
      }
    }
    return compared;
  }

  private static String quoted(String name) {
    return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private static Set<String> texts(Set<SourceText> flags) {
    return flags.stream().map(SourceText::octets).collect(Collectors.toSet());
  }

  private static Set<String> flags(String said) {
    int begin = said.indexOf("FLAGS (") + "FLAGS (".length();
    Set<String> flags =
        new HashSet<>(List.of(said.substring(begin, said.indexOf(')', begin)).split(" ", -1)));
    flags.removeAll(Set.of("", "\\Recent"));
    return flags;
  }

  private static Instant date(String said) {
    int begin = said.indexOf("INTERNALDATE \"") + "INTERNALDATE \"".length();
    return OffsetDateTime.parse(
            said.substring(begin, begin + 26).strip(),
            DateTimeFormatter.ofPattern("d-MMM-uuuu HH:mm:ss Z", Locale.US))
        .toInstant();
  }

  @Test
  void theSecondRunFetchesNothingAndTheThirdOnlyWhatIsNew() throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir("otto"), 12);
    mail.fill("", 40, 1_000);
    Dovecot.own(dovecot.maildir("otto"));
    try (RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      AccountConfig otto = account("otto", Dovecot.source("otto", proxy.port()));
      assertThat(archive.capture(otto).messages()).isEqualTo(40);
      assertThat(proxy.commands())
          .noneMatch(command -> command.startsWith("SELECT"))
          .noneMatch(command -> command.contains(" STORE "))
          .noneMatch(command -> command.contains(" BODY["))
          .noneMatch(command -> command.endsWith(" "));
      long entries = archive.entries().size();

      assertThat(archive.capture(otto).messages()).isZero();
      assertThat(proxy.commands()).noneMatch(command -> command.contains("PEEK"));
      assertThat(archive.entries())
          .as("a run that changes nothing is not logged")
          .hasSize((int) entries);

      try (RawImap other = new RawImap(dovecot.port(), "otto", Dovecot.PASSWORD)) {
        other.command("SELECT INBOX");
        other.command("UID STORE 7,40 +FLAGS (\\Deleted)");
        other.command("EXPUNGE");
        other.append("INBOX", SampleMaildir.latin("Subject: the new one\r\n\r\n"));
      }
      CaptureOutcome.Finished third = archive.capture(otto);
      assertThat(third.messages()).isEqualTo(1);
      assertThat(third.complete()).isTrue();
      assertThat(proxy.commands().stream().filter(command -> command.contains("PEEK")))
          .singleElement()
          .asString()
          .startsWith("UID FETCH 41 ");
      assertThat(archive.events(Event.Placement.class)).hasSize(41);
    }
  }

  @Test
  void aNewUidValidityAddsNoMessageAndNoObject() throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir("emma"), 13);
    mail.fill("", 50, 20_000);
    Dovecot.own(dovecot.maildir("emma"));
    try (TestArchive archive = new TestArchive(data)) {
      AccountConfig emma = account("emma", dovecot.source("emma"));
      archive.capture(emma);
      long size = archive.journalSize();
      forgetUids(dovecot.maildir("emma"));
      CaptureOutcome.Finished second = archive.capture(emma);
      assertThat(second.complete()).isTrue();
      assertThat(second.messages()).isZero();
      assertThat(archive.events(Event.Placement.class)).hasSize(50);
      assertThat(archive.journalSize() - size).isLessThan(size / 20);
      assertThat(archive.events(Event.MailboxCreated.class)).hasSize(1);
    }
  }

  private static void forgetUids(Path maildir) throws IOException {
    try (Stream<Path> files = Files.list(maildir)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("dovecot")) {
          Files.delete(file);
        }
      }
    }
    Files.writeString(
        maildir.resolve("dovecot-uidlist"), "3 V1234567 N1\n", StandardCharsets.US_ASCII);
    try {
      Dovecot.own(maildir);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void oneAccountsTroubleIsNotAnothers() throws Exception {
    for (String user : List.of("anna", "bert")) {
      new SampleMaildir(dovecot.maildir(user), 14).fill("", 5, 300);
      Dovecot.own(dovecot.maildir(user));
    }
    SourceConfig.Imap wrong =
        new SourceConfig.Imap(
            "127.0.0.1", dovecot.port(), SourceConfig.Security.NONE, "anna", new Secret("wrong"));
    List<AccountConfig> accounts =
        List.of(
            account("down", Dovecot.source("anna", 1)),
            account("refused", wrong),
            account("unusable", new SourceConfig.Unusable("no ${SECRET}")),
            account("anna", dovecot.source("anna")),
            account("bert", dovecot.source("bert")));
    Map<AccountName, CaptureOutcome> outcomes = new HashMap<>();
    try (TestArchive archive = new TestArchive(data);
        CaptureService service = archive.service(accounts)) {
      Set<AccountName> all = accounts.stream().map(AccountConfig::name).collect(Collectors.toSet());
      for (CaptureOutcome outcome : service.run(all, CaptureProgress.NONE)) {
        outcomes.put(outcome.account(), outcome);
      }
      assertThat(failure(outcomes, "anna")).isEmpty();
      assertThat(failure(outcomes, "bert")).isEmpty();
      assertThat(failure(outcomes, "down")).contains("127.0.0.1 port 1").contains("refused");
      assertThat(failure(outcomes, "refused")).contains("Authentication failed");
      assertThat(failure(outcomes, "unusable")).isEqualTo("no ${SECRET}");
      assertThat(archive.events(Event.Poll.class)).hasSize(4);
      assertThat(service.lastRuns()).hasSize(5).noneMatch(CaptureService.Status::running);
    }
  }

  private static String failure(Map<AccountName, CaptureOutcome> outcomes, String account) {
    return switch (outcomes.get(new AccountName(account))) {
      case CaptureOutcome.Finished finished -> finished.receipt().failure().display();
      case CaptureOutcome.Aborted aborted -> aborted.reason();
      case CaptureOutcome.Postponed postponed -> postponed.reason();
      case null -> "";
    };
  }

  @Test
  void excludedFoldersAreLeftAlone() throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir("ida"), 15);
    mail.fill("", 2, 300);
    mail.fill(".Trash", 2, 300);
    mail.fill(".Work.a", 2, 300);
    Dovecot.own(dovecot.maildir("ida"));
    try (TestArchive archive = new TestArchive(data)) {
      CaptureOutcome.Finished outcome =
          archive.capture(
              account(
                  "ida",
                  dovecot.source("ida"),
                  new AccountConfig.Folders(List.of("INBOX", "Work/*", "Trash"), List.of("Tr*"))));
      assertThat(outcome.receipt().excluded())
          .containsExactly(new Event.Excluded(SourceText.of("Trash"), "exclude: Tr*"));
      assertThat(outcome.messages()).isEqualTo(4);
      assertThat(new ArrayList<>(outcome.receipt().mailboxes())).hasSize(2);
    }
  }
}
