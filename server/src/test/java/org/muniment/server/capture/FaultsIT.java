package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.capture.fixture.ScriptedServer.CUT;
import static org.muniment.server.capture.fixture.ScriptedServer.behave;
import static org.muniment.server.capture.fixture.ScriptedServer.on;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Uid;
import org.muniment.server.Loopback;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;

/// What a server can do wrong in one run. Afterwards it behaves: then nothing is lost and nothing
/// is there twice.
class FaultsIT {

  private static final String SIZES = "UID FETCH 1,5,9 (UID RFC822.SIZE)";
  private static final String TOGETHER = "UID FETCH 1,5,9 (UID RFC822.SIZE FLAGS";
  private static final String ALONE = "UID FETCH 5 (UID RFC822.SIZE FLAGS";

  @TempDir Path data;

  private static ScriptedServer server(Function<String, Optional<String>> script)
      throws IOException {
    return new ScriptedServer(script).with(1, "one").with(5, "five").with(9, "nine");
  }

  private static AccountConfig account(SourceConfig source) {
    return TestArchive.account(
        "eve", source, new AccountConfig.Folders(List.of("INBOX"), List.of()));
  }

  /// Captures once from a server that lies and is left soon when it is silent.
  private Event.Poll captureFrom(Function<String, Optional<String>> script) throws IOException {
    try (ScriptedServer server = server(script);
        TestArchive archive = new TestArchive(data)) {
      return archive
          .capture(account(server.source()), TestArchive.impatient(Duration.ofMillis(300)))
          .receipt();
    }
  }

  /// Captures once more, from a server that behaves.
  private void nothingIsLostOrDoubled() throws IOException {
    try (ScriptedServer server = server(behave());
        TestArchive archive = new TestArchive(data)) {
      CaptureOutcome.Finished run = later(archive, account(server.source()));
      assertThat(run.complete()).as("%s", run.receipt()).isTrue();
      assertThat(octets(archive)).containsExactlyInAnyOrder("one", "five", "nine");
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  /// When everything that failed is due again.
  private static CaptureOutcome.Finished later(TestArchive archive, AccountConfig account) {
    return (CaptureOutcome.Finished)
        archive
            .capture(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)))
            .run(account, CaptureProgress.NONE, () -> false);
  }

  private static List<String> octets(TestArchive archive) throws IOException {
    List<String> octets = new ArrayList<>();
    for (Entry entry : archive.entries()) {
      if (entry.event() instanceof Event.Placement) {
        octets.add(new String(archive.octets(entry), StandardCharsets.ISO_8859_1));
      }
    }
    return octets;
  }

  private static Function<String, Optional<String>> once(String command, String answer) {
    AtomicBoolean said = new AtomicBoolean();
    return asked ->
        asked.startsWith(command) && !said.getAndSet(true) ? Optional.of(answer) : Optional.empty();
  }

  @Test
  void aConnectionThatEndsInMidLiteralCostsNothing() throws Exception {
    Event.Poll poll =
        captureFrom(
            once(
                TOGETHER,
                "* 1 FETCH (UID 1 RFC822.SIZE 3 FLAGS () BODY[]<0> {3}\r\none)\r\n"
                    + "* 2 FETCH (UID 5 RFC822.SIZE 4 FLAGS () BODY[]<0> {4}\r\nfi"
                    + CUT));
    assertThat(poll.complete()).isTrue();
    nothingIsLostOrDoubled();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 6, 9, 12, 40})
  void aLiteralOfAnotherLengthThanAnnouncedCostsNothing(int announced) throws Exception {
    String lie =
        "* 2 FETCH (UID 5 RFC822.SIZE 4 FLAGS () BODY[]<0> {" + announced + "}\r\nfive)\r\nOK";
    Event.Poll poll = captureFrom(on(Map.of(TOGETHER, lie, ALONE, lie)));
    assertThat(poll.mailboxes().getFirst().archived()).isGreaterThanOrEqualTo(2);
    if (announced <= 4) {
      nothingIsLostOrDoubled();
    } else {
      // What was announced has come: octets of the answers behind it. TLS does not help there.
      try (TestArchive archive = new TestArchive(data)) {
        assertThat(octets(archive)).contains("one", "nine");
      }
    }
  }

  @Test
  void aPieceThatIsShorterThanTheMessageIsNotTheMessage() throws Exception {
    String part = "* 2 FETCH (UID 5 RFC822.SIZE 4 FLAGS () BODY[]<0> {2}\r\nfi)\r\nOK";
    Event.Poll poll = captureFrom(on(Map.of(TOGETHER, part, ALONE, part)));
    assertThat(poll.complete()).as("%s", poll).isTrue();
    nothingIsLostOrDoubled();
  }

  @Test
  void aPieceFromTheMiddleIsNotTheMessage() throws Exception {
    String part = "* 2 FETCH (UID 5 RFC822.SIZE 4 FLAGS () BODY[]<2> {2}\r\nve)\r\nOK";
    Event.Poll poll = captureFrom(on(Map.of(TOGETHER, part, ALONE, part)));
    assertThat(poll.mailboxes().getFirst().failed())
        .singleElement()
        .satisfies(failed -> assertThat(failed.reason().display()).contains("from 2 on"));
    nothingIsLostOrDoubled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "3", "5", "4294967295", "99999999999", "-1", "none"})
  void aSizeThatLiesCostsNothing(String size) throws Exception {
    String lie = "* 2 FETCH (UID 5 RFC822.SIZE " + size + " FLAGS () BODY[]<0> {4}\r\nfive)\r\nOK";
    captureFrom(
        on(
            Map.of(
                TOGETHER,
                lie,
                ALONE,
                lie,
                SIZES,
                "* 2 FETCH (UID 5 RFC822.SIZE " + size + ")\r\nOK")));
    nothingIsLostOrDoubled();
  }

  @Test
  void uidsThatAreListedTwiceAndDownwardsAreCapturedOnce() throws Exception {
    StringBuilder list = new StringBuilder();
    for (int uid : List.of(9, 5, 5, 1, 9, 1)) {
      list.append("* 1 FETCH (UID ").append(uid).append(")\r\n");
    }
    Event.Poll poll = captureFrom(on(Map.of("UID FETCH 1:* (UID)", list + "OK")));
    assertThat(poll.complete()).isTrue();
    assertThat(poll.mailboxes().getFirst().listed()).isEqualTo(3);
    nothingIsLostOrDoubled();
  }

  @Test
  void aMessageThatIsSentTwiceIsArchivedOnce() throws Exception {
    String five = "* 2 FETCH (UID 5 RFC822.SIZE 4 FLAGS () BODY[]<0> {4}\r\nfive)\r\n";
    Event.Poll poll = captureFrom(on(Map.of(TOGETHER, five + five + "OK", ALONE, five + "OK")));
    assertThat(poll.complete()).isTrue();
    nothingIsLostOrDoubled();
  }

  @Test
  void newMailBelowTheHighestUidIsCaptured() throws Exception {
    try (TestArchive archive = new TestArchive(data)) {
      try (ScriptedServer high = new ScriptedServer(behave()).with(9, "nine")) {
        archive.capture(account(high.source()));
      }
      try (ScriptedServer low = server(behave())) {
        assertThat(archive.capture(account(low.source())).messages()).isEqualTo(2);
      }
    }
    nothingIsLostOrDoubled();
  }

  @Test
  void anExpungeInMidFetchIsAMessageThatVanished() throws Exception {
    AtomicInteger lists = new AtomicInteger();
    Function<String, Optional<String>> script =
        command -> {
          if (command.startsWith(TOGETHER)) {
            return Optional.of(
                String.join(
                    "\r\n",
                    "* 1 FETCH (UID 1 RFC822.SIZE 3 FLAGS () BODY[]<0> {3}\r\none)",
                    "* 2 EXPUNGE",
                    "* 1 RECENT",
                    "* 2 FETCH (UID 9 RFC822.SIZE 4 FLAGS () BODY[]<0> {4}\r\nnine)",
                    "OK"));
          } else if (command.startsWith(ALONE)) {
            return Optional.of("OK");
          } else if (command.equals("UID FETCH 1:* (UID)") && lists.getAndIncrement() > 0) {
            return Optional.of("* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 9)\r\nOK");
          }
          return Optional.empty();
        };
    Event.Poll poll = captureFrom(script);
    assertThat(poll.mailboxes().getFirst().vanished()).isEqualTo(1);
    assertThat(poll.mailboxes().getFirst().archived()).isEqualTo(2);
    assertThat(poll.complete()).isTrue();
    nothingIsLostOrDoubled();
  }

  @Test
  void aMailboxThatIsDeletedInMidRunCostsNoOther() throws Exception {
    AtomicBoolean deleted = new AtomicBoolean();
    Function<String, Optional<String>> script =
        command -> {
          if (command.startsWith(TOGETHER) && !deleted.getAndSet(true)) {
            return Optional.of("* BYE the mailbox was deleted under you\r\n" + CUT);
          }
          return deleted.get() && command.equals("EXAMINE INBOX")
              ? Optional.of("NO [NONEXISTENT] no such mailbox")
              : Optional.empty();
        };
    try (ScriptedServer server = server(script);
        TestArchive archive = new TestArchive(data)) {
      Event.Poll poll = archive.capture(TestArchive.account("eve", server.source())).receipt();
      assertThat(poll.mailboxes())
          .extracting(one -> one.failure().display())
          .containsExactly("[NONEXISTENT] no such mailbox", "");
      assertThat(poll.mailboxes().getFirst().failed()).isEmpty();
      assertThat(poll.mailboxes().getLast().archived()).isEqualTo(3);
    }
  }

  @Test
  void aHeaderOfTenMegabytesAndNulArriveWhole() throws Exception {
    String header = "Subject: " + "h".repeat(10 << 20) + "\r\n\r\nbody";
    String nul = "Subject: \0\r\n\r\n\0a\0\0\r\n";
    try (ScriptedServer server =
            new ScriptedServer(behave()).with(1, header).with(2, nul).with(3, "\0");
        TestArchive archive = new TestArchive(data)) {
      assertThat(archive.capture(account(server.source())).complete()).isTrue();
      assertThat(octets(archive)).containsExactlyInAnyOrder(header, nul, "\0");
    }
  }

  @Test
  void nulInAnAnswerCostsNothing() throws Exception {
    String nul = "* 2 FETCH (UID 5 RFC822.SIZE 4 FLAGS (\0) \0 BODY[]<0> {4}\r\nfive)\r\nOK";
    captureFrom(on(Map.of(TOGETHER, nul, ALONE, nul, "LSUB", "* LSUB () \"\0\" \0\r\nOK")));
    nothingIsLostOrDoubled();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CAPABILITY",
        "LIST",
        "LSUB",
        "STATUS",
        "EXAMINE",
        "UID FETCH 1:*",
        SIZES,
        TOGETHER
      })
  void byeAtAnyCommandCostsNothing(String command) throws Exception {
    captureFrom(once(command, "* BYE down for a minute\r\n" + CUT));
    nothingIsLostOrDoubled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAPABILITY", "LIST", "LSUB", "STATUS", "EXAMINE", "UID FETCH 1:*"})
  void aServerThatNeverAnswersIsLeft(String command) throws Exception {
    long started = System.nanoTime();
    Event.Poll poll = captureFrom(silentAt(command));
    assertThat(poll.complete()).isFalse();
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
    assertThat(poll.toString()).contains("no answer in time");
    nothingIsLostOrDoubled();
  }

  @ParameterizedTest
  @ValueSource(strings = {SIZES, TOGETHER})
  void whatIsNeverSentTogetherIsAskedForOneByOne(String command) throws Exception {
    assertThat(captureFrom(silentAt(command)).complete()).isTrue();
    nothingIsLostOrDoubled();
  }

  private static Function<String, Optional<String>> silentAt(String command) {
    return asked -> {
      if (!asked.startsWith(command)) {
        return Optional.empty();
      }
      try {
        Thread.sleep(2_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return Optional.of(CUT);
    };
  }

  @Test
  void aServerThatNeverGreetsIsLeft() throws Exception {
    try (Loopback silent = new Loopback((in, out) -> in.readLine());
        TestArchive archive = new TestArchive(data)) {
      Event.Poll poll =
          archive
              .capture(
                  account(Dovecot.source("eve", silent.port())),
                  TestArchive.impatient(Duration.ofMillis(300)))
              .receipt();
      assertThat(poll.failure().display()).contains("no answer in time");
    }
  }

  @Test
  void aPasswordThatIsWrongInMidRunFailsNoMessage() throws Exception {
    AtomicInteger logins = new AtomicInteger();
    Function<String, Optional<String>> script =
        command -> {
          if (command.startsWith("LOGIN") && logins.getAndIncrement() > 0) {
            return Optional.of("NO [AUTHENTICATIONFAILED] the password has changed");
          }
          return command.startsWith(TOGETHER) ? Optional.of(CUT) : Optional.empty();
        };
    Event.Poll poll = captureFrom(script);
    assertThat(poll.failure().display()).contains("the password has changed");
    assertThat(poll.mailboxes().getFirst().failed()).isEmpty();
    assertThat(logins).hasValue(2);
    nothingIsLostOrDoubled();
  }

  @Test
  void aMessageAboveTheLimitFailsAndIsNotFetchedAgainBeforeItsTurn() throws Exception {
    List<String> asked = new ArrayList<>();
    Function<String, Optional<String>> script =
        command -> {
          asked.add(command);
          return Optional.empty();
        };
    try (ScriptedServer server = new ScriptedServer(script).with(1, "one").with(2, "x".repeat(21));
        TestArchive archive = new TestArchive(data)) {
      AccountConfig limited = TestArchive.limited("eve", server.source(), 20);
      Event.Poll poll = archive.capture(limited).receipt();
      assertThat(poll.complete()).isFalse();
      assertThat(poll.mailboxes().getFirst().archived()).isEqualTo(1);
      assertThat(poll.mailboxes().getFirst().failed())
          .singleElement()
          .satisfies(
              failed -> {
                assertThat(((Event.SourceUid) failed.source()).uid()).isEqualTo(new Uid(2));
                assertThat(failed.reason().display()).contains("larger than maxMessageSize");
              });
      asked.clear();
      archive.capture(limited);
      assertThat(asked).isNotEmpty().noneMatch(command -> command.contains("PEEK[]"));
      asked.clear();
      later(archive, limited);
      assertThat(asked).anyMatch(command -> command.startsWith("UID FETCH 2 "));
      assertThat(later(archive, TestArchive.limited("eve", server.source(), 21)).messages())
          .as("it waits for its turn under another limit, too")
          .isZero();
    }
  }
}
