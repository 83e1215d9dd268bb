package org.muniment.server.capture.idle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.CaptureOutcome;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.credential.Credentials;

/// Watching at servers that behave, lie, drip, or say nothing.
class WatchingTest {

  private static final AccountName EVE = new AccountName("eve");
  private static final Pace FAST =
      new Pace(
          Duration.ofSeconds(20),
          Duration.ofMillis(20),
          Duration.ofMillis(300),
          Duration.ofMillis(100),
          Duration.ofMinutes(10),
          Duration.ofSeconds(20),
          Duration.ofMinutes(20));
  private static final ImapLimits LIMITS =
      new ImapLimits(1, Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofMillis(700));

  @TempDir Path folder;

  private final List<String> commands = Collections.synchronizedList(new ArrayList<>());
  private final List<Instant> runs = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void letServersEnd() {
    end.countDown();
  }

  private Function<String, Optional<String>> script(Function<String, Optional<String>> first) {
    return command -> {
      commands.add(command);
      Optional<String> answer = first.apply(command);
      if (answer.isPresent()) {
        return answer;
      } else if (command.startsWith("CAPABILITY")) {
        return Optional.of("* CAPABILITY IMAP4rev1 IDLE\r\nOK");
      } else if (command.equals("IDLE")) {
        return Optional.of("+ idling");
      }
      return Optional.empty();
    };
  }

  private Watching watching(ScriptedServer server, Pace pace, Watching.Runs run, String... names) {
    AccountConfig account =
        new AccountConfig(
                EVE,
                "eve",
                Set.of("eve"),
                true,
                server.source(),
                AccountConfig.Folders.ALL,
                "0 0 * * * ?",
                AccountConfig.DEFAULT_MAX_MESSAGE_SIZE)
            .watching(names.length == 0 ? List.of("INBOX") : List.of(names));
    return new Watching(
        List.of(account),
        new Credentials(folder.resolve("tokens"), InstantSource.system()),
        run,
        LIMITS,
        pace);
  }

  private CaptureOutcome ran(AccountName account) {
    Instant now = Instant.now();
    runs.add(now);
    return new CaptureOutcome.Aborted(account, now, now, "none of it matters");
  }

  /// Complete runs are not slowed down.
  private Watching.Runs counting() {
    return this::ran;
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long last = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean() && System.nanoTime() < last) {
      Thread.sleep(10);
    }
    assertThat(condition.getAsBoolean()).isTrue();
  }

  private long count(String command) {
    synchronized (commands) {
      return commands.stream().filter(said -> said.startsWith(command)).count();
    }
  }

  private static void closeQuickly(Watching watching) {
    long begun = System.nanoTime();
    watching.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(1));
    assertThat(watching.threads()).noneMatch(Thread::isAlive);
  }

  @Test
  void newsStartsARunAndSilenceDoesNot() throws Exception {
    AtomicReference<String> news = new AtomicReference<>("+ idling");
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command -> command.equals("IDLE") ? Optional.of(news.get()) : Optional.empty()))) {
      Watching watching = watching(server, FAST, counting());
      watching.start();
      await(() -> count("IDLE") == 1 && runs.size() == 1);
      assertThat(watching.watched())
          .containsExactly(new Watched(EVE, "INBOX", Watched.State.WATCHING, ""));
      Thread.sleep(800);
      assertThat(runs).hasSize(1);
      closeQuickly(watching);

      news.set("+ idling\r\n* OK Still here\r\n* 7 EXISTS");
      watching = watching(server, FAST, counting());
      watching.start();
      await(() -> runs.size() >= 3);
      closeQuickly(watching);
    }
  }

  @Test
  void aServerThatDripsNewsGetsNoRunForEach() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command ->
                    command.equals("IDLE")
                        ? Optional.of("+ idling\r\n* 7 EXISTS\r\n* 8 EXISTS\r\n* 1 EXPUNGE")
                        : Optional.empty()))) {
      Watching watching = watching(server, FAST, counting());
      watching.start();
      Thread.sleep(2_000);
      closeQuickly(watching);
      assertThat(count("IDLE")).isGreaterThan(10).isLessThan(110);
      assertThat(runs).hasSizeBetween(2, 7);
    }
  }

  @Test
  void runsThatStayIncompleteComeLessOften() throws Exception {
    Pace slow = FAST;
    assertThat(slow.after(slow.between(), 0)).isEqualTo(slow.between());
    assertThat(slow.after(slow.between(), 1)).isEqualTo(slow.between());
    assertThat(slow.after(slow.between(), 3)).isEqualTo(slow.between().multipliedBy(4));
    assertThat(slow.after(slow.between(), 1_000_000)).isEqualTo(slow.longest());
    assertThat(Pace.USUAL.between()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
    assertThat(Pace.USUAL.renewal()).isLessThan(Duration.ofMinutes(29));
    assertThat(Pace.USUAL.refused()).isGreaterThanOrEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void idleIsRenewedAndThatIsNoNews() throws Exception {
    Pace renewing =
        new Pace(
            Duration.ofMillis(150),
            FAST.settling(),
            FAST.between(),
            FAST.reconnect(),
            FAST.refused(),
            FAST.steady(),
            FAST.longest());
    try (ScriptedServer server = new ScriptedServer(script(command -> Optional.empty()))) {
      Watching watching = watching(server, renewing, counting());
      watching.start();
      await(() -> count("DONE") >= 5);
      closeQuickly(watching);
      assertThat(count("LOGIN")).isEqualTo(1);
      assertThat(runs).hasSize(1);
    }
  }

  @Test
  void aServerWithoutIdleIsLeftInPeace() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command ->
                    command.startsWith("CAPABILITY")
                        ? Optional.of("* CAPABILITY IMAP4rev1\r\nOK")
                        : Optional.empty()))) {
      Watching watching = watching(server, FAST, counting());
      watching.start();
      await(() -> watching.watched().getFirst().state() == Watched.State.NOT_OFFERED);
      Thread.sleep(500);
      assertThat(watching.watched().getFirst().words()).contains("does not offer IDLE");
      assertThat(count("LOGIN")).isEqualTo(1);
      assertThat(count("IDLE")).isZero();
      assertThat(runs).isEmpty();
      closeQuickly(watching);
    }
  }

  @Test
  void aWrongPasswordIsNotTriedAgainSoon() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command ->
                    command.startsWith("LOGIN")
                        ? Optional.of("NO [AUTHENTICATIONFAILED] no")
                        : Optional.empty()))) {
      Watching watching = watching(server, FAST, counting());
      watching.start();
      await(() -> watching.watched().getFirst().words().contains("AUTHENTICATIONFAILED"));
      Thread.sleep(1_000);
      assertThat(count("LOGIN")).isEqualTo(1);
      assertThat(runs).isEmpty();
      closeQuickly(watching);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+ idling\r\n* BYE not today\r\n" + ScriptedServer.CUT,
        "+ idling\r\n" + ScriptedServer.CUT,
        ScriptedServer.CUT,
        "NO not now",
        "BAD what",
        "OK and now",
        "+ idling\r\n* 5 FETCH (FLAGS (\\Seen",
        "+ idling\r\n* \0\1\2 ((((\r\n)))) {99999999999999999999}\r\n",
        "+ idling\r\n* EXISTS\r\n* -1 EXISTS\r\n* 99999999999999999999 EXISTS\r\n",
        "+ idling\r\n+ more\r\n+ and more\r\n"
      })
  void whateverIsSaidInIdleTheConnectionIsMadeAnewWithPausesAndEndsAtOnce(String said)
      throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            script(command -> command.equals("IDLE") ? Optional.of(said) : Optional.empty()))) {
      Watching watching = watching(server, FAST, counting());
      watching.start();
      Thread.sleep(1_500);
      assertThat(count("LOGIN")).isBetween(1L, 8L);
      assertThat(runs.size()).isBetween(1, 6);
      closeQuickly(watching);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAPABILITY", "LOGIN", "EXAMINE", "IDLE", "DONE"})
  void aServerThatNeverAnswersIsGivenUpAndTriedAgain(String silentAt) throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command -> {
                  if (command.equals("IDLE") && silentAt.equals("DONE")) {
                    return Optional.of("+ idling\r\n* 1 EXISTS");
                  }
                  if (command.startsWith(silentAt)) {
                    try {
                      end.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }
                  return Optional.empty();
                }))) {
      Watching watching = watching(server, FAST, counting());
      watching.start();
      await(() -> count(silentAt) >= 2);
      if (!Set.of("IDLE", "DONE").contains(silentAt)) {
        assertThat(watching.watched().getFirst().words()).contains("no answer in time");
      }
      closeQuickly(watching);
    }
  }

  @Test
  void closingWhileAServerIsSilentTakesNoTime() throws Exception {
    ImapLimits patient =
        new ImapLimits(1, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(1));
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command -> {
                  if (command.startsWith("LOGIN")) {
                    try {
                      end.await();
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }
                  return Optional.empty();
                }))) {
      AccountConfig account =
          new AccountConfig(
                  EVE,
                  "eve",
                  Set.of("eve"),
                  true,
                  server.source(),
                  AccountConfig.Folders.ALL,
                  "0 0 * * * ?",
                  AccountConfig.DEFAULT_MAX_MESSAGE_SIZE)
              .watching(List.of("INBOX"));
      Watching watching =
          new Watching(
              List.of(account),
              new Credentials(folder.resolve("tokens"), InstantSource.system()),
              counting(),
              patient,
              FAST);
      watching.start();
      await(() -> count("LOGIN") == 1);
      closeQuickly(watching);
    }
  }

  @Test
  void aRunThatWasGoingOnIsFollowedByAnother() throws Exception {
    try (ScriptedServer server = new ScriptedServer(script(command -> Optional.empty()))) {
      Instant before = Instant.now();
      Watching watching =
          watching(
              server,
              FAST,
              account -> {
                CaptureOutcome own = ran(account);
                return runs.size() == 1
                    ? new CaptureOutcome.Aborted(account, before, Instant.now(), "joined")
                    : own;
              });
      watching.start();
      await(() -> runs.size() == 2);
      Thread.sleep(800);
      assertThat(runs).hasSize(2);
      closeQuickly(watching);
    }
  }

  @Test
  void aRunThatBreaksIsNotTheLast() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command ->
                    command.equals("IDLE")
                        ? Optional.of("+ idling\r\n* 7 EXISTS")
                        : Optional.empty()))) {
      Watching watching =
          watching(
              server,
              FAST,
              account -> {
                ran(account);
                throw new IllegalStateException("broken by the test");
              });
      watching.start();
      await(() -> runs.size() >= 2);
      closeQuickly(watching);
    }
  }

  @Test
  void eachMailboxHasAConnectionOfItsOwnAndIsNamedAsItIsShown() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(
            script(
                command ->
                    command.startsWith("LIST")
                        ? Optional.of(
                            "* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"Entw&APw-rfe\"\r\nOK")
                        : Optional.empty()))) {
      Watching watching = watching(server, FAST, counting(), "inbox", "Entw\u00fcrfe", "None");
      watching.start();
      await(
          () ->
              watching.watched().get(1).state() == Watched.State.WATCHING
                  && watching.watched().get(2).words().contains("lists no mailbox None"));
      await(() -> watching.watched().getFirst().state() == Watched.State.WATCHING);
      assertThat(count("EXAMINE INBOX")).isEqualTo(1);
      assertThat(count("EXAMINE \"Entw&APw-rfe\"") + count("EXAMINE Entw&APw-rfe")).isEqualTo(1);
      closeQuickly(watching);
    }
  }

  @Test
  void anAccountThatDoesNotAskIsNotWatched() throws IOException {
    try (ScriptedServer server = new ScriptedServer(script(command -> Optional.empty()))) {
      AccountConfig account =
          new AccountConfig(
              EVE,
              "eve",
              Set.of("eve"),
              true,
              server.source(),
              AccountConfig.Folders.ALL,
              "0 0 * * * ?",
              AccountConfig.DEFAULT_MAX_MESSAGE_SIZE);
      try (Watching watching =
          new Watching(
              List.of(account),
              new Credentials(folder.resolve("tokens"), InstantSource.system()),
              counting())) {
        watching.start();
        assertThat(watching.watched()).isEmpty();
      }
      assertThat(commands).isEmpty();
    }
  }
}
