package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.capture.fixture.ScriptedPop3.CUT;
import static org.muniment.server.capture.fixture.ScriptedPop3.on;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.fixture.ScriptedPop3;

/// Capture from a POP3 server that does as it is told.
class Pop3CaptureIT {

  private static final Function<String, Optional<String>> WITHOUT_UIDL =
      on(Map.of("CAPA", "-ERR\r\n", "UIDL", "-ERR what?\r\n"));

  @TempDir Path data;

  @Test
  void everyMessageIsCapturedOnceAndNothingIsDeleted() throws Exception {
    try (ScriptedPop3 server =
        new ScriptedPop3()
            .with("a", "Received: from x; 7 Feb 2024 20:52:25 GMT\r\n\r\none\r\n")
            .with("b", "two\r\n")) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.complete()).isTrue();
      assertThat(receipt.source().uidValidity().value()).isZero();
      assertThat(receipt).extracting(Event.MailboxReceipt::listed).isEqualTo(2L);
      assertThat(receipt).extracting(Event.MailboxReceipt::added).isEqualTo(2L);
      Event.MailboxReceipt second = capture(server);
      assertThat(second.complete()).isTrue();
      assertThat(second.archived()).isEqualTo(2);
      assertThat(second.added()).isZero();
      assertThat(server.commands("RETR")).isEqualTo(2);
      assertThat(server.deleted()).isFalse();
      try (TestArchive archive = new TestArchive(data)) {
        assertThat(archive.events(Event.MailboxCreated.class))
            .singleElement()
            .satisfies(mailbox -> assertThat(mailbox.name().display()).isEqualTo("INBOX"));
        Event.Placement first = archive.events(Event.Placement.class).getFirst();
        assertThat(first.source()).isEqualTo(new Event.Uidl(SourceText.of("a")));
        assertThat(first.internalDate()).isEqualTo(Instant.parse("2024-02-07T20:52:25Z"));
        assertThat(first.provenance()).isEqualTo(new Event.Provenance("pop3", "127.0.0.1", "eve"));
        assertThat(archive.events(Event.Placement.class).getLast().internalDate())
            .isBetween(Instant.now().minusSeconds(100), Instant.now());
      }
    }
  }

  @Test
  void theOctetsAreThoseOfTheServer() throws Exception {
    List<String> messages =
        List.of(
            "",
            ".\r\n",
            "..\r\n.\r\n.a\r\n\r\n.\r\n",
            "lone\nLF\rand CR\n.\n\r\n",
            "NUL \0 and \u00e4\u00ff\r\n",
            "x".repeat(10_000_000) + "\r\n",
            ("." + "y".repeat(77) + "\r\n").repeat(10_000));
    try (ScriptedPop3 server = new ScriptedPop3()) {
      messages.forEach(message -> server.with("id" + message.hashCode(), message));
      assertThat(capture(server).complete()).isTrue();
    }
    assertThat(octets()).isEqualTo(messages);
  }

  @Test
  void aMessageWithoutALineEndGetsTheOneThatTheProtocolAdds() throws Exception {
    try (ScriptedPop3 server = new ScriptedPop3().with("a", "no line end")) {
      capture(server);
    }
    assertThat(octets()).containsExactly("no line end\r\n");
  }

  @Test
  void aConnectionThatIsCutAnywhereCostsNothing() throws Exception {
    List<String> messages = List.of("one\r\n", "..two\r\n\r\n.\r\n", "three\r\n");
    String reply =
        new String(
            ScriptedPop3.retrieved(messages.get(1).getBytes(StandardCharsets.ISO_8859_1)),
            StandardCharsets.ISO_8859_1);
    for (int cut = 0; cut < reply.length(); cut++) {
      AtomicBoolean done = new AtomicBoolean();
      String torn = reply.substring(0, cut) + CUT;
      Function<String, Optional<String>> script =
          command ->
              command.equals("RETR 2") && !done.getAndSet(true)
                  ? Optional.of(torn)
                  : Optional.empty();
      Path folder = data.resolve("cut" + cut);
      try (ScriptedPop3 server = new ScriptedPop3(script)) {
        messages.forEach(message -> server.with("id" + message.hashCode(), message));
        Event.MailboxReceipt receipt = capture(server, folder, Duration.ZERO);
        assertThat(receipt.complete()).as("cut at %d: %s", cut, receipt).isTrue();
        assertThat(receipt.added()).isEqualTo(3);
      }
      assertThat(octets(folder)).as("cut at %d", cut).isEqualTo(messages);
    }
  }

  @Test
  void aListingThatIsCutIsNoListing() throws Exception {

    try (ScriptedPop3 server = three()) {
      capture(server);
    }
    for (String command : List.of("LIST", "UIDL")) {
      try (ScriptedPop3 server = three(on(Map.of(command, "+OK\r\n1 1\r\n" + CUT)))) {
        CaptureOutcome.Finished outcome = run(server, data, Duration.ZERO);
        assertThat(outcome.complete()).isFalse();
        assertThat(server.commands("greeting")).isEqualTo(2);
      }
    }
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(archive.events(Event.Observed.class)).isEmpty();
    }
  }

  @Test
  void aMessageThatAlwaysEndsTheConnectionCostsNoOther() throws Exception {
    try (ScriptedPop3 server = three(on(Map.of("RETR 2", "+OK\r\nhalf" + CUT)))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.failed())
          .singleElement()
          .satisfies(
              failed -> {
                assertThat(failed.source()).isEqualTo(new Event.Uidl(SourceText.of("b")));
                assertThat(failed.reason().display()).isEqualTo("the server ended the connection");
              });
      assertThat(receipt.failure().display()).isEmpty();
    }
    try (ScriptedPop3 mended = three()) {
      Event.MailboxReceipt waiting = capture(mended, data, Duration.ofMinutes(1));
      assertThat(waiting.failed()).hasSize(1);
      assertThat(waiting.listed()).isEqualTo(3);
      assertThat(mended.commands("RETR")).isZero();
      Event.MailboxReceipt receipt = capture(mended, data, Duration.ofMinutes(16));
      assertThat(receipt.complete()).isTrue();
      assertThat(receipt.added()).isEqualTo(1);
    }
    assertThat(octets()).containsExactly("one\r\n", "three\r\n", "two\r\n");
  }

  @Test
  void aRefusedMessageThatIsStillListedHasFailed() throws Exception {
    try (ScriptedPop3 server = three(on(Map.of("RETR 2", "-ERR [SYS/PERM] block 17\r\n")))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.vanished()).isZero();
      assertThat(receipt.failed())
          .singleElement()
          .satisfies(
              failed -> assertThat(failed.reason().display()).isEqualTo("[SYS/PERM] block 17"));
    }
  }

  @Test
  void aMessageThatVanishesWhileItIsAskedForIsCountedAsVanished() throws Exception {
    ScriptedPop3[] other = new ScriptedPop3[1];
    Function<String, Optional<String>> script =
        command -> {
          if (!command.equals("RETR 2") || other[0].commands("RETR 2") > 1) {
            return Optional.empty();
          }
          other[0].remove("b");
          return Optional.of("-ERR no such message\r\n");
        };
    try (ScriptedPop3 server = three(script)) {
      other[0] = server;
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.complete()).as("%s", receipt).isTrue();
      assertThat(receipt.listed()).isEqualTo(3);
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.vanished()).isEqualTo(1);
    }
  }

  @Test
  void aServerThatWantsAPauseBetweenConnectionsCostsTheRefusedMessageOnly() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    Function<String, Optional<String>> script =
        command ->
            switch (command) {
              case "RETR 2" -> Optional.of("-ERR no\r\n");
              case "greeting" ->
                  connections.incrementAndGet() > 1
                      ? Optional.of("-ERR [LOGIN-DELAY] ten minutes\r\n" + CUT)
                      : Optional.empty();
              default -> Optional.empty();
            };
    try (ScriptedPop3 server = three(script)) {
      CaptureOutcome.Finished outcome = run(server, data, Duration.ZERO);
      Event.MailboxReceipt receipt = outcome.receipt().mailboxes().getFirst();
      assertThat(outcome.receipt().failure().display()).isEmpty();
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.failed()).hasSize(1);
    }
  }

  @Test
  void whatIsGoneIsObservedAndSoIsWhatComesBack() throws Exception {
    try (ScriptedPop3 server = three()) {
      capture(server);
      server.remove("b");
      capture(server);
      server.remove("a");
      server.remove("c");
      Event.MailboxReceipt empty = capture(server);
      assertThat(empty.complete()).isTrue();
      assertThat(empty.listed()).isZero();
      server.with("a", "one\r\n");
      assertThat(capture(server).added()).isZero();
    }
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(archive.events(Event.Observed.class))
          .extracting(observed -> observed.gone() + "/" + observed.moved() + "/" + observed.back())
          .containsExactly("2//", "1,3//", "//1");
      assertThat(archive.events(Event.Placement.class)).hasSize(3);
    }
  }

  @Test
  void otherUniqueIdsForTheSameMessagesBringNoOctets() throws Exception {
    try (ScriptedPop3 server = three()) {
      capture(server);
    }
    long size;
    try (TestArchive archive = new TestArchive(data)) {
      size = archive.journalSize();
    }
    try (ScriptedPop3 server =
        new ScriptedPop3().with("x", "one\r\n").with("y", "two\r\n").with("z", "three\r\n")) {
      assertThat(capture(server).complete()).isTrue();
    }
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(archive.events(Event.Placement.class)).hasSize(6);
      assertThat(archive.journalSize() - size).as("events only").isLessThan(20_000);
      assertThat(archive.events(Event.Observed.class))
          .singleElement()
          .satisfies(observed -> assertThat(observed.moved()).hasToString("1:3"));
    }
  }

  @Test
  void messagesThatShareAUniqueIdAreAllCaptured() throws Exception {
    String longId = "l".repeat(600);
    try (ScriptedPop3 server =
        new ScriptedPop3()
            .with("a", "one\r\n")
            .with("same", "two\r\n")
            .with("same", "three\r\n")
            .with("same", "two\r\n")
            .with("with space", "four\r\n")
            .with("", "five\r\n")
            .with(longId, "six\r\n")
            .with("z", "one\r\n")) {
      assertThat(capture(server).complete()).isTrue();
      assertThat(octets())
          .containsExactlyInAnyOrder(
              "one\r\n",
              "one\r\n",
              "two\r\n",
              "two\r\n",
              "three\r\n",
              "four\r\n",
              "five\r\n",
              "six\r\n");
      assertThat(capture(server).added()).isZero();
      server.with("z", "seven\r\n");
      Event.MailboxReceipt more = capture(server);
      assertThat(more.complete()).isTrue();
      assertThat(more.added()).isEqualTo(1);
      server.remove("same");
      assertThat(capture(server).complete()).isTrue();
    }
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(archive.events(Event.Observed.class))
          .singleElement()
          .satisfies(observed -> assertThat(observed.gone().size()).isEqualTo(3));
    }
  }

  @Test
  void withoutUniqueIdsTheOctetsTell() throws Exception {
    try (ScriptedPop3 server = three(WITHOUT_UIDL).with("", "one\r\n")) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.complete()).isTrue();
      assertThat(receipt.added()).isEqualTo(4);
      assertThat(capture(server).added()).as("after a restart").isZero();
      server.with("", "one\r\n").with("", "four\r\n");
      assertThat(capture(server).added()).isEqualTo(2);
      server.remove("a");
      assertThat(capture(server).complete()).isTrue();
    }
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(archive.events(Event.Observed.class))
          .singleElement()
          .satisfies(observed -> assertThat(observed.moved().size()).isEqualTo(1));
    }
    assertThat(octets())
        .containsExactly("one\r\n", "two\r\n", "three\r\n", "one\r\n", "one\r\n", "four\r\n");
  }

  @Test
  void withoutUniqueIdsAnUnchangedListingIsReadOnceADay() throws Exception {
    try (ScriptedPop3 server = three(WITHOUT_UIDL);
        TestArchive archive = new TestArchive(data)) {
      Instant start = Instant.now();
      AtomicInteger minutes = new AtomicInteger();
      Capture capture = archive.capture(clock(start, minutes));
      for (int poll = 0; poll < 10; poll++) {
        run(capture, server);
        minutes.addAndGet(15);
      }
      assertThat(server.commands("RETR")).isEqualTo(3);
      minutes.set(24 * 60);
      assertThat(run(capture, server).complete()).isTrue();
      assertThat(server.commands("RETR")).isEqualTo(6);
      assertThat(archive.events(Event.Placement.class)).hasSize(3);
    }
  }

  @Test
  void aMessageThatCannotBeReadIsNotTakenForGone() throws Exception {
    try (ScriptedPop3 server = three(WITHOUT_UIDL)) {
      capture(server);
    }
    Map<String, String> refusals =
        Map.of("CAPA", "-ERR\r\n", "UIDL", "-ERR what?\r\n", "RETR 2", "-ERR no\r\n");
    try (ScriptedPop3 server = three(on(refusals))) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.archived()).isEqualTo(2);
      assertThat(receipt.failed()).hasSize(1);
    }
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(archive.events(Event.Observed.class)).isEmpty();
    }
  }

  @Test
  void aServerThatLosesItsUniqueIdsForAWhileBringsNothingNew() throws Exception {
    try (ScriptedPop3 server = three()) {
      capture(server);
    }
    try (ScriptedPop3 server = three(WITHOUT_UIDL)) {
      Event.MailboxReceipt receipt = capture(server);
      assertThat(receipt.complete()).isTrue();
      assertThat(receipt.added()).isZero();
    }
    try (ScriptedPop3 server = three(on(Map.of("UIDL", "-ERR [SYS/TEMP] not now\r\n")))) {
      CaptureOutcome.Finished outcome = run(server, data, Duration.ZERO);
      assertThat(outcome.complete()).isFalse();
      assertThat(server.commands("RETR")).isZero();
      assertThat(CaptureReport.missing(outcome.receipt()))
          .contains("the server asks to come again later: [SYS/TEMP] not now");
    }
  }

  @Test
  void sizesThatAreLiesChangeNothing() throws Exception {
    String sizes = "+OK\r\n1 0\r\n2 99999999999999\r\n3 -5\r\n.\r\n";
    try (ScriptedPop3 server = three(on(Map.of("LIST", sizes)))) {
      assertThat(capture(server).complete()).isTrue();
    }
    assertThat(octets()).containsExactly("one\r\n", "two\r\n", "three\r\n");
  }

  private static ScriptedPop3 three() throws IOException {
    return three(command -> Optional.empty());
  }

  private static ScriptedPop3 three(Function<String, Optional<String>> script) throws IOException {
    return new ScriptedPop3(script)
        .with("a", "one\r\n")
        .with("b", "two\r\n")
        .with("c", "three\r\n");
  }

  private Event.MailboxReceipt capture(ScriptedPop3 server) throws IOException {
    return capture(server, data, Duration.ZERO);
  }

  private static Event.MailboxReceipt capture(ScriptedPop3 server, Path folder, Duration later)
      throws IOException {
    return run(server, folder, later).receipt().mailboxes().getFirst();
  }

  private static CaptureOutcome.Finished run(ScriptedPop3 server, Path folder, Duration later)
      throws IOException {
    try (TestArchive archive = new TestArchive(folder)) {
      return run(archive.capture(Clock.offset(Clock.systemUTC(), later)), server);
    }
  }

  private static CaptureOutcome.Finished run(Capture capture, ScriptedPop3 server) {
    CaptureOutcome outcome =
        capture.run(TestArchive.account("eve", server.source()), CaptureProgress.NONE, () -> false);
    if (outcome instanceof CaptureOutcome.Finished finished) {
      return finished;
    }
    throw new AssertionError(outcome);
  }

  private static Clock clock(Instant start, AtomicInteger minutes) {
    return new Clock() {
      @Override
      public Instant instant() {
        return start.plus(Duration.ofMinutes(minutes.get()));
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
  }

  private List<String> octets() throws IOException {
    return octets(data);
  }

  /// Of all placements, in the order of the log.
  private static List<String> octets(Path folder) throws IOException {
    List<String> octets = new ArrayList<>();
    Map<ContentId, String> known = new HashMap<>();
    try (TestArchive archive = new TestArchive(folder)) {
      for (Entry entry : archive.entries()) {
        if (entry.event() instanceof Event.Placement placement) {
          if (entry.location() != null) {
            String text = new String(archive.octets(entry), StandardCharsets.ISO_8859_1);
            known.put(placement.content(), text);
          }
          octets.add(Objects.requireNonNull(known.get(placement.content())));
        }
      }
    }
    return octets;
  }
}
