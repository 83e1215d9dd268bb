package org.muniment.server.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.server.Loopback;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.ScriptedPop3;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.AccountLimits;
import org.muniment.server.config.CaptureConfig;
import org.muniment.server.config.Hours;
import org.muniment.server.config.SourceConfig;

/// Capture as servers and owners want it: not more than they allow, and not when they do not.
@Timeout(120)
class MannersIT {

  private static final AccountName EVE = new AccountName("eve");
  private static final String THROTTLED =
      "BAD Request is throttled. Suggested Backoff Time: 300000 milliseconds";

  /// Noon; the catalogue and the receipts do not mind which day it is.
  private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

  @TempDir Path data;
  private final ManualClock clock = new ManualClock(NOON);
  private final AtomicInteger connections = new AtomicInteger();
  private TestArchive archive;

  @BeforeEach
  void open() throws Exception {
    archive = new TestArchive(data);
  }

  @AfterEach
  void close() throws Exception {
    archive.close();
  }

  private CaptureService service(SourceConfig source) throws IOException {
    return service(limited(source, AccountLimits.NONE));
  }

  private CaptureService service(AccountConfig... accounts) throws IOException {
    return archive.service(
        List.of(accounts), CaptureConfig.DEFAULT, clock, CaptureService.PATIENCE);
  }

  private static AccountConfig limited(SourceConfig source, AccountLimits limits) {
    return limited("eve", source, limits);
  }

  private static AccountConfig limited(String name, SourceConfig source, AccountLimits limits) {
    AccountConfig usual = TestArchive.account(name, source);
    return new AccountConfig(
            usual.name(),
            usual.title(),
            usual.owners(),
            usual.primary(),
            usual.source(),
            new AccountConfig.Folders(List.of("INBOX"), List.of()),
            usual.schedule(),
            usual.maxMessageSize())
        .within(limits);
  }

  private static CaptureOutcome run(CaptureService service) {
    return service.run(Set.of(EVE), CaptureProgress.NONE).getFirst();
  }

  private static CaptureOutcome.Finished finished(CaptureOutcome outcome) {
    assertThat(outcome).isInstanceOf(CaptureOutcome.Finished.class);
    return (CaptureOutcome.Finished) outcome;
  }

  private static CaptureOutcome.Postponed postponed(CaptureOutcome outcome) {
    assertThat(outcome).isInstanceOf(CaptureOutcome.Postponed.class);
    return (CaptureOutcome.Postponed) outcome;
  }

  private ScriptedServer server(Function<String, Optional<String>> script) throws IOException {
    return new ScriptedServer(
        command -> {
          if (command.startsWith("LOGIN") || command.startsWith("AUTHENTICATE")) {
            connections.incrementAndGet();
          }
          return script.apply(command);
        });
  }

  @Test
  void aThrottledFetchKeepsWhatCameFailsNoMessageAndGoesOnWhenTheServerIsReady() throws Exception {
    AtomicBoolean throttled = new AtomicBoolean(true);
    try (ScriptedServer server =
        server(
            command ->
                throttled.get() && command.contains("BODY.PEEK[]")
                    ? Optional.of(
                        "* 1 FETCH (UID 1 RFC822.SIZE 3 FLAGS () BODY[]<0> {3}\r\none)\r\n"
                            + THROTTLED)
                    : Optional.empty())) {
      server.with(1, "one").with(2, "two").with(3, "three");
      try (CaptureService service = service(server.source())) {
        CaptureOutcome.Finished first = finished(run(service));
        assertThat(first.messages()).isEqualTo(1);
        assertThat(first.receipt().mailboxes().getFirst().failed()).isEmpty();
        assertThat(first.receipt().mailboxes().getFirst().archived()).isEqualTo(1);
        assertThat(CaptureReport.missing(first.receipt())).contains("Request is throttled");
        int before = connections.get();

        CaptureOutcome.Postponed second = postponed(run(service));
        assertThat(second.reason()).contains("Request is throttled");
        assertThat(second.until())
            .isBetween(NOON.plus(Duration.ofMinutes(5)), NOON.plus(Duration.ofMinutes(7)));
        assertThat(connections).as("connections while it is left alone").hasValue(before);
        assertThat(service.lastRuns().getFirst().hold())
            .isEqualTo(
                new Pause(
                    Pause.Kind.LATER, second.until(), THROTTLED.substring("BAD ".length()), 1));

        throttled.set(false);
        clock.set(second.until());
        CaptureOutcome.Finished third = finished(run(service));
        assertThat(third.complete()).as(CaptureReport.missing(third.receipt())).isTrue();
        assertThat(third.messages()).isEqualTo(2);
        assertThat(service.lastRuns().getFirst().hold()).isNull();
      }
    }
    assertThat(archive.events(Event.Placement.class)).hasSize(3);
  }

  @Test
  void whoeverAsksForItCapturesAllTheSame() throws Exception {
    AtomicBoolean throttled = new AtomicBoolean(true);
    try (ScriptedServer server =
            server(
                command ->
                    throttled.get() && command.startsWith("LIST")
                        ? Optional.of(THROTTLED)
                        : Optional.empty());
        CaptureService service = service(server.with(1, "one").source())) {
      run(service);
      throttled.set(false);
      postponed(run(service));
      assertThat(service.run(Set.of(EVE), CaptureProgress.NONE, true).getFirst().complete())
          .isTrue();
      finished(run(service));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EXAMINE;BAD Request is throttled. Suggested Backoff Time: 300000 milliseconds",
        "UID FETCH 1:* (UID);NO [OVERQUOTA] Account exceeded command or bandwidth limits.",
        "LOGIN;NO [ALERT] Too many simultaneous connections. (Failure)",
        "LOGIN;NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded",
        "EXAMINE;* BYE Too many simultaneous connections\r\n",
        "LOGIN;* BYE [UNAVAILABLE] come back later\r\n",
        "LIST;NO [LIMIT] LIST Rate limit hit.",
      })
  void whereverTheServerSaysLaterItIsLeftAloneAtOnce(String said) throws Exception {
    String[] script = said.split(";", 2);
    AtomicBoolean met = new AtomicBoolean();
    AtomicInteger after = new AtomicInteger();
    try (ScriptedServer server =
            server(
                command -> {
                  if (met.get() && !command.startsWith("LOGOUT")) {
                    after.incrementAndGet();
                  }
                  boolean now = command.startsWith(script[0]);
                  met.compareAndSet(false, now);
                  String end = script[1].endsWith("\r\n") ? ScriptedServer.CUT : "";
                  return now ? Optional.of(script[1] + end) : Optional.empty();
                });
        CaptureService service = service(server.with(1, "one").source())) {
      CaptureOutcome.Finished run = finished(run(service));
      assertThat(run.hindrance()).isNotNull();
      assertThat(after).as("commands after the refusal").hasValue(0);
      assertThat(postponed(run(service)).reason()).isNotEmpty();
      assertThat(connections).hasValue(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"NO [UNAVAILABLE] backend down", "NO [INUSE] locked"})
  void aMailboxThatIsNotAvailableCostsNoOther(String words) throws Exception {
    try (ScriptedServer server =
        server(ScriptedServer.on(Map.of("EXAMINE Other", words))).with(1, "one")) {
      AccountConfig both = TestArchive.account("eve", server.source());
      try (CaptureService service = service(both)) {
        CaptureOutcome.Finished run = finished(run(service));
        assertThat(run.messages()).isEqualTo(1);
        assertThat(run.hindrance()).isNull();
        finished(run(service));
      }
    }
  }

  @Test
  void aWrongPasswordIsNotTriedWithEveryTimeOfTheSchedule() throws Exception {
    try (ScriptedServer server =
            server(ScriptedServer.on(Map.of("LOGIN", "NO [AUTHENTICATIONFAILED] wrong")));
        CaptureService service = service(server.source())) {
      for (int minute = 0; minute < 24 * 60; minute++) {
        run(service);
        clock.forward(Duration.ofMinutes(1));
      }
      assertThat(connections.get()).as("attempts in a day").isBetween(3, 12);
      assertThat(service.lastRuns().getFirst().hold())
          .isNotNull()
          .extracting(Pause::kind)
          .isEqualTo(Pause.Kind.DENIED);
    }
  }

  @Test
  void aRestartIsNoWayAroundAPause() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.on(Map.of("LIST", THROTTLED)))) {
      try (CaptureService service = service(server.source())) {
        finished(run(service));
      }
      archive.close();
      archive = new TestArchive(data);
      try (CaptureService service = service(server.source())) {
        assertThat(postponed(run(service)).reason()).contains("Request is throttled");
        assertThat(connections).hasValue(1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PASS, -ERR [IN-USE] another session has it, LATER",
    "PASS, -ERR [SYS/TEMP] the disk is busy, LATER",
    "STAT, -ERR [LOGIN-DELAY] minimum time between logins is 5 minutes, LATER",
    "UIDL, -ERR [SYS/TEMP] the disk is busy, LATER",
    "RETR, -ERR Request is throttled. Suggested Backoff Time: 300000 milliseconds, LATER",
    "PASS, -ERR [AUTH] wrong, DENIED",
  })
  void aMaildropIsLeftAloneToo(String command, String said, Pause.Kind kind) throws Exception {
    AtomicBoolean met = new AtomicBoolean();
    try (ScriptedPop3 server =
            new ScriptedPop3(
                line -> {
                  boolean now =
                      line.startsWith(command) || (command.equals("STAT") && line.equals("LIST"));
                  met.compareAndSet(false, now);
                  return now ? Optional.of(said + "\r\n") : Optional.empty();
                });
        CaptureService service = service(server.with("a", "one\r\n").source())) {
      CaptureOutcome.Finished run = finished(run(service));
      assertThat(CaptureReport.missing(run.receipt())).contains(said.substring("-ERR ".length()));
      assertThat(run.receipt().mailboxes())
          .allSatisfy(mailbox -> assertThat(mailbox.failed()).isEmpty());
      postponed(run(service));
      assertThat(service.lastRuns().getFirst().hold())
          .isNotNull()
          .extracting(Pause::kind)
          .isEqualTo(kind);
      assertThat(server.commands("greeting")).as("connections").isEqualTo(1);
    }
  }

  @Test
  void oneMessageThatTheMaildropCannotGiveNowCostsNoOther() throws Exception {
    try (ScriptedPop3 server =
            new ScriptedPop3(ScriptedPop3.on(Map.of("RETR 1", "-ERR [SYS/TEMP] bad block\r\n")));
        CaptureService service =
            service(server.with("a", "one\r\n").with("b", "two\r\n").source())) {
      CaptureOutcome.Finished run = finished(run(service));
      assertThat(run.messages()).isEqualTo(1);
      assertThat(run.hindrance()).isNull();
    }
  }

  @Test
  void theScheduleGoesOnByItselfHoweverFarItsNextTimeIs() throws Exception {
    AtomicInteger lists = new AtomicInteger();
    archive.close();
    archive = new TestArchive(data);
    try (ScriptedServer server =
        server(
            command ->
                command.startsWith("LIST") && lists.incrementAndGet() < 3
                    ? Optional.of("NO Request is throttled. Suggested Backoff Time: 1 milliseconds")
                    : Optional.empty())) {
      AccountConfig yearly = yearly(server.with(1, "one").source());
      try (CaptureService service = archive.service(List.of(yearly));
          CaptureSchedule schedule = new CaptureSchedule(service, List.of(yearly))) {
        schedule.start();
        finished(run(service));
        assertThat(schedule.next(EVE)).get().satisfies(MannersIT::isSoon);
        awaitComplete(service);
        assertThat(lists.get()).isEqualTo(3);
      }
    }
    assertThat(archive.events(Event.Placement.class)).hasSize(1);
  }

  @Test
  void aPauseThatARestartFellIntoIsFollowedByARun() throws Exception {
    AtomicBoolean throttled = new AtomicBoolean(true);
    try (ScriptedServer server =
        server(
            command ->
                throttled.get() && command.startsWith("LIST")
                    ? Optional.of("NO Request is throttled. Suggested Backoff Time: 1 milliseconds")
                    : Optional.empty())) {
      AccountConfig yearly = yearly(server.with(1, "one").source());
      try (CaptureService service = archive.service(List.of(yearly))) {
        finished(run(service));
      }
      throttled.set(false);
      try (CaptureService service = archive.service(List.of(yearly));
          CaptureSchedule schedule = new CaptureSchedule(service, List.of(yearly))) {
        schedule.start();
        awaitComplete(service);
      }
    }
  }

  @Test
  void afterARestartARefusedPasswordIsTriedSoonButNotAtOnce() throws Exception {
    AccountConfig yearly = yearly(Dovecot.source("eve", 1));
    Instant now = Instant.now();
    Pause hours = new Pause(Pause.Kind.DENIED, now.plus(Duration.ofHours(5)), "no", 9);
    archive.ledger().ended(EVE, new CaptureStanding(now, now, false, "no", hours));
    try (CaptureService service = archive.service(List.of(yearly));
        CaptureSchedule schedule = new CaptureSchedule(service, List.of(yearly))) {
      schedule.start();
      assertThat(service.lastRuns().getFirst().hold())
          .isNotNull()
          .satisfies(
              pause -> {
                assertThat(pause.until())
                    .isBetween(now.plus(Duration.ofMinutes(4)), now.plus(Duration.ofMinutes(6)));
                assertThat(pause.attempts()).isEqualTo(9);
              });
      assertThat(schedule.next(EVE)).get().satisfies(next -> isAtMost(next, now));
    }
  }

  private static void isAtMost(Instant next, Instant now) {
    assertThat(next).isBefore(now.plus(Duration.ofMinutes(6)));
  }

  private static void isSoon(Instant next) {
    assertThat(next).isBefore(Instant.now().plusSeconds(5));
  }

  private static void awaitComplete(CaptureService service) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!service.lastRuns().getFirst().standing().complete() && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(service.lastRuns().getFirst().standing().complete()).isTrue();
  }

  private static AccountConfig yearly(SourceConfig source) {
    AccountConfig usual = limited(source, AccountLimits.NONE);
    return new AccountConfig(
        usual.name(),
        usual.title(),
        usual.owners(),
        usual.primary(),
        usual.source(),
        usual.folders(),
        "0 0 0 1 1 ?",
        usual.maxMessageSize());
  }

  private static AccountLimits limits(long perDay, @Nullable Hours hours) {
    return new AccountLimits(3, 0, perDay, hours);
  }

  @Test
  void outsideOfItsHoursAnAccountIsNotCapturedAndARunThatMeetsTheirEndStopsAtAMessage()
      throws Exception {
    Hours nights = new Hours(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneOffset.UTC);
    Instant end = Instant.parse("2026-01-06T06:00:00Z");
    try (ScriptedServer server =
        server(
            command -> {
              if (command.startsWith("UID FETCH 1:250 (UID RFC822.SIZE FLAGS")) {
                clock.set(end);
              }
              return Optional.empty();
            })) {
      for (int uid = 1; uid <= 300; uid++) {
        server.with(uid, "message " + uid);
      }
      try (CaptureService service = service(limited(server.source(), limits(0, nights)))) {
        CaptureOutcome.Postponed day = postponed(run(service));
        assertThat(day.until()).isEqualTo(Instant.parse("2026-01-05T22:00:00Z"));
        assertThat(day.reason()).contains("22:00-06:00");
        assertThat(connections).hasValue(0);

        clock.set(day.until());
        CaptureOutcome.Finished night = finished(run(service));
        assertThat(night.messages()).isEqualTo(250);
        assertThat(CaptureReport.missing(night.receipt())).contains("outside of its hours");
        assertThat(night.receipt().mailboxes().getFirst().failed()).isEmpty();
        CaptureOutcome.Postponed morning = postponed(run(service));
        assertThat(morning.until()).isEqualTo(Instant.parse("2026-01-06T22:00:00Z"));

        clock.set(morning.until());
        CaptureOutcome.Finished next = finished(run(service));
        assertThat(next.complete()).isTrue();
        assertThat(next.messages()).isEqualTo(50);
      }
    }
  }

  @Test
  void whatADayAllowsIsFetchedAndTheRestWhenThereIsRoom() throws Exception {
    try (ScriptedPop3 server = new ScriptedPop3()) {
      for (int i = 0; i < 8; i++) {
        server.with("m" + i, ("x".repeat(998) + "\r\n").repeat(300) + i + "\r\n");
      }
      AccountConfig account = limited(server.source(), limits(1_000_000, null));
      long first;
      try (CaptureService service = service(account)) {
        CaptureOutcome.Finished run = finished(run(service));
        first = run.messages();
        assertThat(first).isBetween(3L, 5L);
        assertThat(CaptureReport.missing(run.receipt())).contains("1,000,000 octets");
      }
      clock.forward(Duration.ofHours(5));
      try (CaptureService service = service(account)) { // a restart forgets nothing
        CaptureOutcome.Postponed waits = postponed(run(service));
        assertThat(waits.until())
            .isBetween(NOON.plus(Duration.ofHours(24)), NOON.plus(Duration.ofHours(26)));
        clock.set(waits.until());
        CaptureOutcome.Finished run = finished(run(service));
        assertThat(run.messages()).isEqualTo(Math.min(8 - first, first));
      }
    }
  }

  private static void request(CaptureService service, AccountName account) {
    CompletableFuture<CaptureOutcome> _ = service.request(account);
  }

  @Test
  void aRunThatIsAskedForWhileOneGoesOnFollowsIt() throws Exception {
    AtomicInteger lists = new AtomicInteger();
    AtomicBoolean asked = new AtomicBoolean();
    CaptureService[] running = new CaptureService[1];
    try (ScriptedServer server =
        server(
            command -> {
              if (command.startsWith("LIST")) {
                lists.incrementAndGet();
                if (asked.compareAndSet(false, true)) {
                  for (int i = 0; i < 5; i++) {
                    request(running[0], EVE);
                  }
                }
              }
              return Optional.empty();
            })) {
      try (CaptureService service = service(server.with(1, "one").source())) {
        running[0] = service;
        service.request(EVE).get(30, TimeUnit.SECONDS);
        while (lists.get() < 2 || service.lastRuns().getFirst().running()) {
          Thread.sleep(10);
        }
        assertThat(lists).hasValue(2);
      }
    }
  }

  @Test
  void afterTheCloseNothingIsBegunAndNothingGoesOn() throws Exception {
    try (ScriptedServer server = server(ScriptedServer.behave())) {
      CaptureService service = service(server.source());
      service.close();
      assertThat(run(service)).isInstanceOf(CaptureOutcome.Aborted.class);
      assertThat(service.lastRuns()).noneMatch(CaptureService.Status::running);
      assertThat(connections).hasValue(0);
    }
  }

  @Test
  void serversThatNeverAnswerKeepNobodyElseWaiting() throws Exception {
    try (Loopback silent = new Loopback((in, out) -> in.readLine());
        ScriptedServer server = server(ScriptedServer.behave())) {
      server.with(1, "one");
      AccountConfig eve = limited(server.source(), AccountLimits.NONE);
      List<AccountConfig> accounts =
          List.of(
              limited("dead1", Dovecot.source("dead", silent.port()), AccountLimits.NONE),
              limited("dead2", Dovecot.source("dead", silent.port()), AccountLimits.NONE),
              eve);
      // The dead ones take both places, until the watchdog ends them.
      try (CaptureService service =
          archive.service(accounts, new CaptureConfig(2, 2), clock, Duration.ofMillis(600))) {
        request(service, new AccountName("dead1"));
        request(service, new AccountName("dead2"));
        assertThat(service.request(EVE).get(30, TimeUnit.SECONDS).complete()).isTrue();
      }
    }
  }

  @Test
  void aRunThatComesNoFurtherIsEndedAndTheNextOneIsFree() throws Exception {
    AtomicBoolean drips = new AtomicBoolean(true);
    try (Loopback server =
            new Loopback(
                (in, out) -> {
                  out.write("* OK ready\r\n".getBytes(US_ASCII));
                  for (String line = in.readLine(); line != null; line = in.readLine()) {
                    String tag = line.substring(0, line.indexOf(' '));
                    while (drips.get() && line.contains("LIST")) {
                      out.write("* OK still here\r\n".getBytes(US_ASCII));
                      pause();
                    }
                    String answer =
                        line.contains("LIST")
                            ? "* LIST () \"/\" INBOX\r\n"
                            : line.contains("CAPABILITY") ? "* CAPABILITY IMAP4rev1\r\n" : "";
                    out.write((answer + tag + " OK\r\n").getBytes(US_ASCII));
                  }
                });
        CaptureService service =
            archive.service(
                List.of(limited(Dovecot.source("eve", server.port()), AccountLimits.NONE)),
                CaptureConfig.DEFAULT,
                clock,
                Duration.ofMillis(800))) {
      CaptureOutcome.Finished stuck = finished(run(service));
      assertThat(CaptureReport.missing(stuck.receipt())).contains("stuck at the beginning");
      drips.set(false);
      assertThat(finished(run(service)).receipt().failure().display()).doesNotContain("stuck");
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aRunThatIsStuckElsewhereIsGivenUpAndTouchesTheArchiveNoMore() throws Exception {
    CountDownLatch hook = new CountDownLatch(1);
    AtomicBoolean blocks = new AtomicBoolean(true);
    try (ScriptedServer server = server(ScriptedServer.behave()).with(1, "one").with(2, "two");
        CaptureService service =
            archive.service(
                List.of(limited(server.source(), AccountLimits.NONE)),
                new CaptureConfig(1, 1),
                clock,
                Duration.ofMillis(500))) {
      CaptureOutcome outcome =
          service
              .run(
                  Set.of(EVE),
                  step -> {
                    if (blocks.compareAndSet(true, false)) {
                      await(hook);
                    }
                  })
              .getFirst();
      assertThat(outcome)
          .isInstanceOfSatisfying(
              CaptureOutcome.Aborted.class,
              aborted -> assertThat(aborted.reason()).contains("stuck at INBOX"));
      assertThat(run(service).complete()).isTrue();
      long size = archive.size();
      hook.countDown();
      pause();
      assertThat(archive.size()).isEqualTo(size);
      assertThat(archive.events(Event.Placement.class)).hasSize(2);
    }
  }
}
