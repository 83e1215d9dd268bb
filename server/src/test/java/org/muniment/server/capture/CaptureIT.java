package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.capture.fixture.ScriptedServer.CUT;
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
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;

/// Capture from a server that does not always behave.
class CaptureIT {

  private static final Event.SourceUid FIVE = new Event.SourceUid(new UidValidity(9), new Uid(5));

  @TempDir Path data;
  private final AccountConfig.Folders inboxOnly =
      new AccountConfig.Folders(List.of("INBOX"), List.of());
  private Path folder;

  @BeforeEach
  void folder() {
    folder = data.resolve("one");
  }

  private Event.MailboxReceipt capture(ScriptedServer server) throws IOException {
    return capture(server, Duration.ZERO);
  }

  private Event.MailboxReceipt capture(ScriptedServer server, Duration later) throws IOException {
    Clock clock = Clock.offset(Clock.systemUTC(), later);
    try (TestArchive archive = new TestArchive(folder)) {
      CaptureOutcome outcome =
          archive
              .capture(clock)
              .run(
                  TestArchive.account("eve", server.source(), inboxOnly),
                  CaptureProgress.NONE,
                  () -> false);
      return ((CaptureOutcome.Finished) outcome).receipt().mailboxes().getFirst();
    }
  }

  private static ScriptedServer server(Function<String, Optional<String>> script)
      throws IOException {
    return new ScriptedServer(script).with(1, "one").with(5, "five").with(9, "nine");
  }

  @Test
  void aRefusedMessageCostsNoOtherAndIsTriedAgainAfterAWhile() throws Exception {
    Map<String, String> refusals =
        Map.of(
            "UID FETCH 1,5,9 ", "NO [SERVERBUG] disk",
            "UID FETCH 5 ", "NO [UNAVAILABLE] block 17 is gone");
    try (ScriptedServer server = server(on(refusals))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.failed())
          .singleElement()
          .satisfies(
              failed -> {
                assertThat(failed.source()).isEqualTo(FIVE);
                assertThat(failed.reason().display()).isEqualTo("[UNAVAILABLE] block 17 is gone");
              });
    }
    try (ScriptedServer mended = server(ScriptedServer.behave())) {
      Event.MailboxReceipt waiting = capture(mended);
      assertThat(waiting.added()).isZero();
      assertThat(waiting.archived()).isEqualTo(2);
      assertThat(waiting.failed()).hasSize(1);
      Event.MailboxReceipt receipt = capture(mended, Duration.ofMinutes(16));
      assertThat(receipt.added()).isEqualTo(1);
      assertThat(receipt.complete()).isTrue();
    }
  }

  @Test
  void aMessageThatEndsTheConnectionCostsNoOther() throws Exception {
    try (ScriptedServer server = server(on(Map.of("UID FETCH 1,5,9 ", CUT, "UID FETCH 5 ", CUT)))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.failed()).extracting(Event.FailedMessage::source).containsExactly(FIVE);
      assertThat(receipt.failure().display()).isEmpty();
    }
  }

  @Test
  void nilIsNoMessage() throws Exception {
    String nil = "* 2 FETCH (UID 5 RFC822.SIZE 4 FLAGS () BODY[]<0> NIL)\r\nOK";
    try (ScriptedServer server = server(on(Map.of("UID FETCH 1,5,9 ", nil, "UID FETCH 5 ", nil)))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.failed().getFirst().reason().display()).contains("NIL");
    }
  }

  @Test
  void whatTheServerListsButDoesNotSendHasFailed() throws Exception {
    try (ScriptedServer server =
        server(on(Map.of("UID FETCH 1,5,9 ", "OK", "UID FETCH 5 ", "OK")))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.failed()).extracting(Event.FailedMessage::source).containsExactly(FIVE);
      assertThat(receipt.vanished()).isZero();
    }
  }

  @Test
  void aMessageThatIsGoneHasVanished() throws Exception {
    int[] lists = {0};
    Function<String, Optional<String>> script =
        command ->
            command.equals("UID FETCH 1:* (UID)") && lists[0]++ == 0
                ? Optional.of("* 1 FETCH (UID 1)\r\n* 2 FETCH (UID 4)\r\n* 2 EXPUNGE\r\nOK")
                : Optional.empty();
    try (ScriptedServer server = server(script)) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.listed()).isEqualTo(2);
      assertThat(receipt.archived()).isEqualTo(1);
      assertThat(receipt.vanished()).isEqualTo(1);
      assertThat(receipt.complete()).isTrue();
    }
  }

  @Test
  void aSizeThatLiesChangesNothing() throws Exception {
    String large = "x".repeat((4 << 20) + 17);
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.behave()).with(3, large).with(4, "")) {
      assertThat(capture(server).complete()).isTrue();
    }
    try (TestArchive archive = new TestArchive(folder)) {
      for (Entry entry : archive.entries()) {
        if (entry.event() instanceof Event.Placement placement) {
          String octets = new String(archive.octets(entry), StandardCharsets.ISO_8859_1);
          assertThat(octets)
              .isEqualTo(TestArchive.source(placement).uid().value() == 3 ? large : "");
        }
      }
    }
  }

  @Test
  void unaskedAnswersAreNoMessages() throws Exception {
    String one = "* 1 FETCH (UID 1 RFC822.SIZE 3 FLAGS () BODY[]<0> {3}\r\none)";
    String noise =
        String.join(
            "\r\n",
            one,
            one,
            "* 7 FETCH (FLAGS (\\Seen))",
            "* 8 FETCH (UID 9 FLAGS (\\Seen))",
            "* 9 FETCH (UID 77 RFC822.SIZE 1 BODY[]<0> {1}\r\nz)",
            "* 12 EXISTS",
            "* 3 FETCH (((",
            "OK");
    try (ScriptedServer server = server(on(Map.of("UID FETCH 1,5,9 ", noise)))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.complete()).isTrue();
      assertThat(receipt.added()).isEqualTo(3);
    }
    try (TestArchive archive = new TestArchive(folder)) {
      assertThat(archive.events(Event.Placement.class)).hasSize(3);
    }
  }

  @Test
  void oneMailboxThatFailsCostsNoOther() throws Exception {
    try (ScriptedServer server = server(on(Map.of("EXAMINE INBOX", "NO [NOPERM] not today")));
        TestArchive archive = new TestArchive(folder)) {
      CaptureOutcome.Finished outcome =
          archive.capture(TestArchive.account("eve", server.source()));
      assertThat(outcome.messages()).isEqualTo(3);
      assertThat(outcome.complete()).isFalse();
      assertThat(outcome.receipt().mailboxes())
          .extracting(receipt -> receipt.failure().display())
          .containsExactly("[NOPERM] not today", "");
    }
  }

  @Test
  void aLiteralOfAnyLengthCostsNeitherMemoryNorOtherMessages() throws Exception {
    for (String length : List.of("40000000", "2000000000", "2147483647", "99999999999", "5+")) {
      folder = data.resolve("literal" + length);
      String huge = "* 2 FETCH (UID 5 BODY[]<0> {" + length + "}\r\nfive)\r\nOK";
      Map<String, String> lies = Map.of("UID FETCH 1,5,9 ", huge, "UID FETCH 5 ", huge);
      try (ScriptedServer server = server(on(lies))) {
        Event.MailboxReceipt receipt = capture(server);
        assertThat(receipt.archived()).as(length).isEqualTo(2);
        assertThat(receipt.failed())
            .as(length)
            .singleElement()
            .satisfies(
                failed -> {
                  assertThat(failed.source()).isEqualTo(FIVE);
                  assertThat(failed.reason().display())
                      .startsWith("the server sends ")
                      .containsAnyOf("40,0", "2,000,0", "2 GB", "99999999999 octets", "5 octets");
                });
      }
    }
  }

  @Test
  void aLineWithoutEndIsLeftAtTheLimit() throws Exception {
    String line = "* OK " + "x".repeat(32 << 20) + "\r\nOK";
    try (ScriptedServer server = server(on(Map.of("EXAMINE INBOX", line)));
        TestArchive archive = new TestArchive(folder)) {
      CaptureOutcome.Finished outcome =
          archive.capture(TestArchive.account("eve", server.source()));
      assertThat(outcome.messages()).isEqualTo(3);
      assertThat(outcome.receipt().mailboxes().getFirst().failure().display())
          .contains("at most 33,554,432 are taken");
    }
  }

  @Test
  void whatIsInALiteralIsNeverAnAnswer() throws Exception {
    String forged = "x {9}\r\nA1 OK\r\n* 7 FETCH (UID 9 RFC822.SIZE 1 BODY[]<0> {1}\r\nz)\r\n";
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.behave()).with(1, forged).with(9, "nine")) {
      assertThat(capture(server).complete()).isTrue();
    }
    try (TestArchive archive = new TestArchive(folder)) {
      List<String> octets = new ArrayList<>();
      for (Entry entry : archive.entries()) {
        if (entry.event() instanceof Event.Placement) {
          octets.add(new String(archive.octets(entry), StandardCharsets.ISO_8859_1));
        }
      }
      assertThat(octets).containsExactly(forged, "nine");
    }
  }

  @Test
  void moreThanAMailboxCanHoldIsListedWithoutHarm() throws Exception {
    Map<String, String> lies =
        Map.of(
            "CAPABILITY", "* CAPABILITY IMAP4rev1 ESEARCH\r\nOK",
            "UID SEARCH", "* ESEARCH (TAG \"x\") UID ALL 1:4294967295\r\nOK",
            "UID FETCH ", "OK");
    try (ScriptedServer server = server(on(lies))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.listed()).isEqualTo(Uid.MAX);
      assertThat(receipt.failure().display()).contains("did not come");
    }
  }

  @Test
  void wordsOfAServerAreCutWhereTheyFillTheLog() throws Exception {
    String words = "NO " + "w".repeat(5_000_000);
    try (ScriptedServer server = server(on(Map.of("EXAMINE INBOX", words)))) {
      assertThat(capture(server).failure().display()).hasSize(1_003);
    }
  }
}
