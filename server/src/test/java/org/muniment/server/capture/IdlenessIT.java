package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.ScriptedPop3;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;

/// What polling costs the log when nothing happens.
class IdlenessIT {

  private static final int MOST_LEAVES_A_DAY = 100;

  private final SimulatedClock clock = new SimulatedClock();

  @TempDir private Path data;

  @ParameterizedTest
  @ValueSource(ints = {15, 1})
  void anIdleAccountAddsAtMostAHundredLeavesADay(int minutes) throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave())) {
      leavesOfADayAreFew(server.source(), minutes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 1})
  void anIdlePop3AccountAddsAtMostAHundredLeavesADay(int minutes) throws Exception {
    try (ScriptedPop3 server = new ScriptedPop3().with("a", "one").with("", "two")) {
      leavesOfADayAreFew(server.source(), minutes);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 1})
  void aSourceThatIsDownAddsAtMostAHundredLeavesADay(int minutes) throws Exception {
    leavesOfADayAreFew(Dovecot.source("eve", closedPort()), minutes);
  }

  @Test
  void aSourceThatPutsTheTimeIntoItsWordsAddsAtMostAHundredLeavesADay() throws Exception {
    AtomicInteger time = new AtomicInteger();
    Function<String, Optional<String>> script =
        command ->
            command.startsWith("EXAMINE INBOX")
                ? Optional.of("NO [SERVERBUG] Internal error [" + time.incrementAndGet() + "]")
                : Optional.empty();
    try (ScriptedServer server = server(script)) {
      leavesOfADayAreFew(server.source(), 1);
    }
  }

  private void leavesOfADayAreFew(SourceConfig source, int minutes) throws IOException {
    try (TestArchive archive = new TestArchive(data)) {
      Capture capture = archive.capture(clock);
      run(capture, source);
      int before = archive.entries().size();
      int polls = (int) (Duration.ofDays(1).toMinutes() / minutes);
      for (int i = 0; i < polls; i++) {
        clock.forward(Duration.ofMinutes(minutes));
        run(capture, source);
      }
      assertThat(archive.entries().size() - before).isBetween(23, MOST_LEAVES_A_DAY);
      List<Event.Poll> receipts = archive.events(Event.Poll.class);
      assertThat(receipts.stream().mapToLong(poll -> 1 + poll.unchanged()).sum())
          .as("every poll is counted")
          .isEqualTo(1 + polls);
    }
  }

  @Test
  void theFirstFailureAndTheFirstSuccessAfterItAreToldAtOnce() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave());
        TestArchive archive = new TestArchive(data)) {
      Capture capture = archive.capture(clock);
      SourceConfig down = Dovecot.source("eve", closedPort());
      for (SourceConfig source :
          List.of(server.source(), server.source(), down, down, down, server.source())) {
        clock.forward(Duration.ofMinutes(1));
        run(capture, source);
      }
      assertThat(archive.events(Event.Poll.class))
          .extracting(Event.Poll::complete, Event.Poll::unchanged)
          .containsExactly(tuple(true, 0L), tuple(false, 1L), tuple(true, 2L));
    }
  }

  @Test
  void otherWordsAreToldAtOnce() throws Exception {
    AtomicInteger runs = new AtomicInteger();
    Function<String, Optional<String>> script =
        command ->
            command.startsWith("EXAMINE INBOX")
                ? Optional.of(runs.incrementAndGet() < 3 ? "NO [NOPERM] no" : "NO [INUSE] locked")
                : Optional.empty();
    try (ScriptedServer server = server(script);
        TestArchive archive = new TestArchive(data)) {
      Capture capture = archive.capture(clock);
      for (int i = 0; i < 4; i++) {
        run(capture, server.source());
      }
      assertThat(archive.events(Event.Poll.class))
          .extracting(poll -> poll.mailboxes().getFirst().failure().display())
          .containsExactly("[NOPERM] no", "[INUSE] locked");
    }
  }

  @Test
  void aNewMessageIsToldAtOnce() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave());
        TestArchive archive = new TestArchive(data)) {
      Capture capture = archive.capture(clock);
      run(capture, server.source());
      run(capture, server.source());
      server.with(2, "two");
      run(capture, server.source());
      assertThat(archive.events(Event.Poll.class)).hasSize(2);
    }
  }

  @Test
  void aRestartCostsNoLeaf() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave())) {
      for (int i = 0; i < 5; i++) {
        clock.forward(Duration.ofMinutes(1));
        try (TestArchive archive = new TestArchive(data)) {
          run(archive.capture(clock), server.source());
          assertThat(archive.events(Event.Poll.class)).hasSize(1);
        }
      }
    }
  }

  @Test
  void aClockThatWasSetBackSilencesNobody() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave());
        TestArchive archive = new TestArchive(data)) {
      Capture capture = archive.capture(clock);
      run(capture, server.source());
      clock.forward(Duration.ofDays(-400));
      run(capture, server.source());
      run(capture, server.source());
      assertThat(archive.events(Event.Poll.class)).hasSize(2);
    }
  }

  @Test
  void mailboxesThatARuleLeavesOutStandInTheReceipt() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave());
        TestArchive archive = new TestArchive(data)) {
      AccountConfig account =
          TestArchive.account(
              "eve", server.source(), new AccountConfig.Folders(List.of("*"), List.of("Oth*")));
      archive.capture(account);
      assertThat(archive.events(Event.Poll.class))
          .singleElement()
          .satisfies(
              poll -> {
                assertThat(poll.excluded())
                    .containsExactly(new Event.Excluded(SourceText.of("Other"), "exclude: Oth*"));
                assertThat(poll.mailboxes()).hasSize(1);
                assertThat(poll.complete()).isTrue();
              });
    }
  }

  @Test
  void aRunThatIsStoppedSaysSoInItsReceipt() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave());
        TestArchive archive = new TestArchive(data)) {
      AtomicInteger asked = new AtomicInteger();
      CaptureOutcome outcome =
          run(archive.capture(clock), server.source(), () -> asked.incrementAndGet() > 1);
      assertThat(outcome.complete()).isFalse();
      assertThat(archive.events(Event.Placement.class)).hasSize(1);
      assertThat(archive.events(Event.Poll.class))
          .singleElement()
          .satisfies(
              poll -> {
                assertThat(poll.failure()).isEqualTo(SourceText.of("stopped"));
                assertThat(poll.mailboxes())
                    .singleElement()
                    .satisfies(
                        inbox -> {
                          assertThat(inbox.failure()).isEqualTo(SourceText.of("stopped"));
                          assertThat(inbox.listed()).isEqualTo(1);
                          assertThat(inbox.added()).isEqualTo(1);
                        });
              });
      assertThat(run(archive.capture(clock), server.source()).complete()).isTrue();
      assertThat(archive.events(Event.Poll.class)).hasSize(2);
    }
  }

  private static CaptureOutcome run(Capture capture, SourceConfig source) {
    return run(capture, source, () -> false);
  }

  private static CaptureOutcome run(Capture capture, SourceConfig source, BooleanSupplier stop) {
    CaptureOutcome outcome =
        capture.run(TestArchive.account("eve", source), CaptureProgress.NONE, stop::getAsBoolean);
    assertThat(outcome).isInstanceOf(CaptureOutcome.Finished.class);
    return outcome;
  }

  private static ScriptedServer server(Function<String, Optional<String>> script)
      throws IOException {
    return new ScriptedServer(script).with(1, "one");
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Stands until it is moved.
  private static final class SimulatedClock extends Clock {
    private Instant now = Instant.parse("2026-03-01T00:00:00Z");

    void forward(Duration duration) {
      now = now.plus(duration);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
