package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.Event;
import org.muniment.server.capture.fixture.Cyrus;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.config.AccountConfig;

/// A server with MAILBOXID (RFC 8474), CONDSTORE and LIST-STATUS that is not Dovecot.
class CyrusIT {

  @TempDir static Path served;
  private static Cyrus cyrus;

  @TempDir Path data;

  @BeforeAll
  static void start() throws Exception {
    Requires.cyrus();
    cyrus = Cyrus.start(served, "rename", "swap", "flags", "copy", "anew");
  }

  @AfterAll
  static void stop() {
    if (cyrus != null) {
      cyrus.close();
    }
  }

  @Test
  void aRenamedMailboxIsTheSameAndNothingIsFetched() throws Exception {
    try (TestArchive archive = new TestArchive(data);
        RawImap imap = imap("rename")) {
      imap.command("CREATE Letters");
      imap.command("CREATE Letters/2024");
      imap.append("Letters", message(1));
      imap.append("Letters/2024", message(2));
      assertThat(capture(archive, "rename").messages()).isEqualTo(2);
      imap.command("RENAME Letters Post");
      CaptureOutcome.Finished run = capture(archive, "rename");
      assertThat(run.messages()).isZero();
      assertThat(run.complete()).isTrue();
      assertThat(archive.events(Event.MailboxCreated.class)).hasSize(3);
      assertThat(archive.events(Event.Observed.class)).isEmpty();
      assertThat(archive.events(Event.MailboxObserved.class))
          .filteredOn(mailbox -> mailbox.name().display().startsWith("Post"))
          .extracting(mailbox -> mailbox.name().display())
          .containsExactlyInAnyOrder("Post", "Post/2024");
      int last = archive.entries().size();
      capture(archive, "rename");
      assertThat(archive.entries()).hasSize(last);
    }
  }

  @Test
  void twoMailboxesThatSwapTheirNamesAreNotMixedUp() throws Exception {
    try (TestArchive archive = new TestArchive(data);
        RawImap imap = imap("swap")) {
      imap.command("CREATE One");
      imap.command("CREATE Two");
      imap.append("One", message(1));
      imap.append("Two", message(2));
      capture(archive, "swap");
      imap.command("RENAME One Three");
      imap.command("RENAME Two One");
      imap.command("RENAME Three Two");
      assertThat(capture(archive, "swap").messages()).isZero();
      assertThat(archive.events(Event.Placement.class)).hasSize(2);
      assertThat(archive.events(Event.Observed.class)).isEmpty();
    }
  }

  @Test
  void aMailboxOfTheSameNameThatIsAnotherIsANewOne() throws Exception {
    try (TestArchive archive = new TestArchive(data);
        RawImap imap = imap("flags")) {
      imap.command("CREATE Same");
      imap.append("Same", message(1));
      capture(archive, "flags");
      imap.command("DELETE Same");
      imap.command("CREATE Same");
      imap.append("Same", message(2));
      capture(archive, "flags");
      assertThat(archive.events(Event.MailboxCreated.class))
          .filteredOn(mailbox -> mailbox.name().display().equals("Same"))
          .hasSize(2);
      List<Event.Observed> observed = archive.events(Event.Observed.class);
      assertThat(observed).hasSize(1).allMatch(seen -> seen.gone().size() == 1);
    }
  }

  @Test
  void aMessageThatIsCopiedIsNotFetchedAgain() throws Exception {
    try (TestArchive archive = new TestArchive(data);
        RecordingProxy proxy = new RecordingProxy(cyrus.port());
        RawImap imap = imap("copy")) {
      imap.command("CREATE Letters");
      imap.append("INBOX", message(1));
      imap.append("INBOX", message(2));
      AccountConfig account = TestArchive.account("copy", Dovecot.source("copy", proxy.port()));
      assertThat(archive.capture(account).messages()).isEqualTo(2);
      assertThat(archive.events(Event.Placement.class))
          .allMatch(placement -> !TestArchive.source(placement).matched())
          .extracting(placement -> TestArchive.source(placement).ownId())
          .doesNotContainNull()
          .doesNotHaveDuplicates()
          .allMatch(id -> id.kind().equals("EMAILID"));
      assertThat(proxy.commands()).anyMatch(command -> command.contains("PEEK[]"));
      imap.command("SELECT INBOX");
      imap.command("COPY 1:2 Letters");
      CaptureOutcome.Finished run = archive.capture(account);
      assertThat(run.complete()).as("%s", run.receipt()).isTrue();
      assertThat(proxy.commands()).isNotEmpty().noneMatch(command -> command.contains("PEEK["));
      List<Event.Placement> placements = archive.events(Event.Placement.class);
      assertThat(placements).hasSize(4);
      assertThat(placements.subList(2, 4))
          .allMatch(placement -> TestArchive.source(placement).matched())
          .extracting(Event.Placement::content)
          .containsExactly(placements.get(0).content(), placements.get(1).content());
    }
  }

  @Test
  void aMailboxThatIsMadeAnewOfTheSameMessagesCostsNoMessage() throws Exception {
    try (TestArchive archive = new TestArchive(data);
        RecordingProxy proxy = new RecordingProxy(cyrus.port());
        RawImap imap = imap("anew")) {
      imap.command("CREATE Old");
      imap.append("Old", message(1));
      imap.append("Old", message(2));
      AccountConfig account = TestArchive.account("anew", Dovecot.source("anew", proxy.port()));
      archive.capture(account);
      imap.command("CREATE New");
      imap.command("SELECT Old");
      imap.command("COPY 1:2 New");
      imap.command("UNSELECT");
      imap.command("DELETE Old");
      imap.command("RENAME New Old");
      proxy.commands();
      CaptureOutcome.Finished run = archive.capture(account);
      assertThat(run.complete()).as("%s", run.receipt()).isTrue();
      assertThat(proxy.commands()).isNotEmpty().noneMatch(command -> command.contains("PEEK["));
    }
  }

  private static RawImap imap(String user) throws IOException {
    return new RawImap(cyrus.port(), user, Dovecot.PASSWORD);
  }

  private static byte[] message(int number) {
    return ("From: a@example.com\r\nSubject: number " + number + "\r\n\r\nText\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private static CaptureOutcome.Finished capture(TestArchive archive, String user) {
    return archive.capture(TestArchive.account(user, cyrus.source(user)));
  }
}
