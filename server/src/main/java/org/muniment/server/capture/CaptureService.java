package org.muniment.server.capture;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.CaptureConfig;
import org.muniment.server.config.SourceConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the captures of all accounts: some at once, never two of one account, none when it is not
/// the time for it. Safe for use by many threads.
public final class CaptureService implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureService.class);

  /// A run that comes no further for so long is stuck, although every command has its deadline.
  static final Duration PATIENCE = Duration.ofMinutes(30);

  /// Looks of the watchdog in the time of its patience.
  private static final int LOOKS = 30;

  private final Capture capture;
  private final CaptureLedger ledger;
  private final Clock clock;
  private final Duration patience;
  private final BackOff backOff = new BackOff(RandomGenerator.getDefault());
  private final Map<AccountName, AccountConfig> accounts = new LinkedHashMap<>();
  private final Map<AccountName, Semaphore> connections = new LinkedHashMap<>();
  private final Map<AccountName, GoingRun> going = new ConcurrentHashMap<>();
  private final Map<AccountName, CaptureOutcome> last = new ConcurrentHashMap<>();
  private final Places places;

  /// Of runs that wait for a place.
  private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

  /// Of runs that have one: a virtual thread waits for octets of a socket with a timer and two
  /// changes of threads each time, which costs a run a tenth of the processors.
  private final ExecutorService working =
      Executors.newThreadPerTaskExecutor(
          Thread.ofPlatform().name("capture-", 1).daemon().factory());

  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile BiConsumer<AccountName, Instant> onHold = (account, until) -> {};

  /// @param accounts those that can be captured
  public CaptureService(
      Capture capture,
      Collection<AccountConfig> accounts,
      CaptureConfig config,
      CaptureLedger ledger,
      Clock clock) {
    this(capture, accounts, config, ledger, clock, PATIENCE);
  }

  /// @param patience with a run that comes no further
  CaptureService(
      Capture capture,
      Collection<AccountConfig> accounts,
      CaptureConfig config,
      CaptureLedger ledger,
      Clock clock,
      Duration patience) {
    this.capture = capture;
    this.ledger = ledger;
    this.clock = clock;
    this.patience = patience;
    this.places = new Places(config.parallel(), config.perHost());
    for (AccountConfig account : accounts) {
      this.accounts.put(account.name(), account);
      connections.put(account.name(), new Semaphore(account.limits().connections()));
    }
    Thread.ofVirtual().name("capture watchdog").start(this::watch);
  }

  /// Captures each of the accounts once and returns when all have ended. An account that is being
  /// captured already is not begun again: that run's outcome is the answer. One for which it is not
  /// the time is postponed.
  ///
  /// @param listener called from several threads
  /// @return one outcome per account, in the order of the configuration
  /// @throws IllegalArgumentException when there is no such account
  public List<CaptureOutcome> run(Set<AccountName> names, CaptureProgress listener) {
    return run(names, listener, false);
  }

  /// Captures each of the accounts once and returns when all have ended.
  ///
  /// @param evenSo also those for which it is not the time
  public List<CaptureOutcome> run(
      Set<AccountName> names, CaptureProgress listener, boolean evenSo) {
    names.forEach(this::account);
    List<CompletableFuture<CaptureOutcome>> runs =
        accounts.values().stream()
            .filter(account -> names.contains(account.name()))
            .map(account -> start(account, listener, evenSo).outcome())
            .toList();
    return runs.stream().map(CompletableFuture::join).toList();
  }

  /// Captures an account when there is a place: once more after the run that goes on, which may be
  /// past what is new. One for which it is not the time is postponed.
  ///
  /// @return how this run, or the one that goes on, ends
  /// @throws IllegalArgumentException when there is no such account
  public CompletableFuture<CaptureOutcome> request(AccountName name) {
    AccountConfig account = account(name);
    GoingRun earlier = going.get(name);
    if (earlier != null) {
      earlier.wantAnother();
      if (!earlier.outcome().isDone()) { // else it may not have heard it
        return earlier.outcome();
      }
    }
    return start(account, CaptureProgress.NONE, false).outcome();
  }

  /// A password that was refused may have been mended with the restart: it is tried soon, though
  /// not at once, lest a server that ends and starts again and again have the account locked.
  void restarted() {
    Instant soon = clock.instant().plus(BackOff.FIRST_DENIED);
    for (AccountName name : accounts.keySet()) {
      CaptureStanding standing = ledger.standing(name);
      Pause pause = standing.pause();
      if (pause != null && pause.kind() == Pause.Kind.DENIED && pause.until().isAfter(soon)) {
        ledger.ended(
            name,
            new CaptureStanding(
                standing.started(),
                standing.ended(),
                standing.complete(),
                standing.words(),
                new Pause(pause.kind(), soon, pause.reason(), pause.attempts())));
      }
    }
  }

  /// @param listener told of an account that was postponed, and until when; called from several
  ///   threads
  void onHold(BiConsumer<AccountName, Instant> listener) {
    onHold = listener;
  }

  /// The accounts, as they stand, in the order of the configuration.
  public List<Status> lastRuns() {
    List<Status> runs = new ArrayList<>();
    for (AccountConfig account : accounts.values()) {
      AccountName name = account.name();
      GoingRun now = going.get(name);
      runs.add(
          new Status(
              name,
              now != null,
              now == null ? null : now.step(),
              last.get(name),
              ledger.standing(name),
              ledger.hold(account, clock.instant()).orElse(null)));
    }
    return runs;
  }

  /// Takes one of the connections that an account may have at a time; to be closed.
  ///
  /// @return empty when all are in use
  public Optional<Connection> connect(AccountName name) {
    account(name);
    Semaphore free = Objects.requireNonNull(connections.get(name));
    return free.tryAcquire() ? Optional.of(free::release) : Optional.empty();
  }

  /// The right to connect to the source of an account. Closed once.
  public interface Connection extends AutoCloseable {
    @Override
    void close();
  }

  private AccountConfig account(AccountName name) {
    AccountConfig account = accounts.get(name);
    if (account == null) {
      throw new IllegalArgumentException("no account \"" + name + "\" in the configuration");
    }
    return account;
  }

  private GoingRun start(AccountConfig account, CaptureProgress listener, boolean evenSo) {
    AccountName name = account.name();
    GoingRun begun = new GoingRun(this, account, ledger, clock, patience, evenSo);
    GoingRun earlier = going.putIfAbsent(name, begun);
    GoingRun run = earlier == null ? begun : earlier;
    run.tell(listener);
    if (earlier == null) {
      begin(begun, evenSo);
    }
    return run;
  }

  private void begin(GoingRun begun, boolean evenSo) {
    AccountConfig account = begun.account();
    try {
      Optional<Pause> hold = evenSo ? Optional.empty() : ledger.hold(account, clock.instant());
      if (hold.isPresent()) {
        postpone(begun, hold.get());
      } else {
        execute(begun);
      }
    } catch (RuntimeException e) {
      LOG.error("capture of {} is not begun", account.name(), e);
      going.remove(account.name(), begun);
      begun.outcome().complete(aborted(begun, clock.instant(), e.toString()));
    }
  }

  private void postpone(GoingRun begun, Pause hold) {
    AccountName name = begun.account().name();
    going.remove(name, begun);
    begun
        .outcome()
        .complete(new CaptureOutcome.Postponed(name, clock.instant(), hold.until(), hold.reason()));
    onHold.accept(name, hold.until());
  }

  private void execute(GoingRun begun) {
    try {
      waiting.execute(() -> end(begun, runInPlace(begun)));
    } catch (RejectedExecutionException closed) {
      going.remove(begun.account().name(), begun);
      begun.outcome().complete(aborted(begun, clock.instant(), AccountRun.STOPPED.display()));
    }
  }

  private CaptureOutcome runInPlace(GoingRun begun) {
    Instant asked = clock.instant();
    AccountConfig account = begun.account();
    Semaphore free = Objects.requireNonNull(connections.get(account.name()));
    free.acquireUninterruptibly();
    Places.Place place = places.enter(host(account), cameToNothing(account.name()));
    begun.holds(
        () -> {
          place.leave();
          free.release();
        });
    try {
      if (isStopping()) {
        return aborted(begun, asked, AccountRun.STOPPED.display());
      }
      begun.begin();
      return work(begun);
    } catch (CompletionException e) {
      return failed(begun, asked, Objects.requireNonNull(e.getCause()));
    } catch (RuntimeException | Error e) {
      return failed(begun, asked, e);
    } finally {
      begun.giveBack();
    }
  }

  private CaptureOutcome work(GoingRun begun) {
    return CompletableFuture.supplyAsync(() -> capture.run(begun.account(), begun, begun), working)
        .join();
  }

  /// A defect of this program must not end the other accounts or leave this one running for ever.
  private CaptureOutcome failed(GoingRun run, Instant asked, Throwable why) {
    LOG.error("capture of {} failed", run.account().name(), why);
    return aborted(run, asked, why.toString());
  }

  private CaptureOutcome aborted(GoingRun run, Instant started, String reason) {
    return new CaptureOutcome.Aborted(run.account().name(), started, clock.instant(), reason);
  }

  private static String host(AccountConfig account) {
    return switch (account.source()) {
      case SourceConfig.Imap imap -> imap.host();
      case SourceConfig.Pop3 pop3 -> pop3.host();
      case SourceConfig.Unusable unusable -> "";
    };
  }

  private boolean cameToNothing(AccountName name) {
    return last.get(name) instanceof CaptureOutcome.Finished finished
        && finished.messages() == 0
        && !finished.receipt().failure().octets().isEmpty();
  }

  /// Makes durable whatever runs appended.
  void settle() throws IOException {
    capture.settle();
  }

  /// Takes note of the end of a run, unless it was given up before.
  void end(GoingRun run, CaptureOutcome outcome) {
    AccountName name = outcome.account();
    if (!run.close()) {
      return;
    }
    try {
      Pause pause = pause(run, outcome).orElse(null);
      ledger.ended(name, standing(outcome, pause));
      log(outcome, pause);
      if (pause != null) {
        onHold.accept(name, pause.until());
      }
    } catch (RuntimeException e) {
      LOG.error("the end of the capture of {} is not kept", name, e);
    } finally {
      last.put(name, outcome);
      going.remove(name, run);
      run.outcome().complete(outcome);
    }
    if (run.isAnotherWanted() && !isStopping()) {
      start(run.account(), CaptureProgress.NONE, false);
    }
  }

  /// When the next run is to be, where that is not for the schedule alone.
  private Optional<Pause> pause(GoingRun run, CaptureOutcome outcome) {
    Hindrance hindrance =
        outcome instanceof CaptureOutcome.Finished finished ? finished.hindrance() : null;
    if (hindrance == null) {
      return run.endedBy();
    }
    boolean fruitful =
        outcome instanceof CaptureOutcome.Finished finished && finished.messages() > 0;
    Pause before = ledger.standing(outcome.account()).pause();
    return Optional.of(backOff.after(hindrance, before, fruitful, clock.instant()));
  }

  private static CaptureStanding standing(CaptureOutcome outcome, @Nullable Pause pause) {
    String words =
        switch (outcome) {
          case CaptureOutcome.Finished finished -> CaptureReport.missing(finished.receipt());
          case CaptureOutcome.Aborted aborted -> aborted.reason();
          case CaptureOutcome.Postponed postponed -> postponed.reason();
        };
    return new CaptureStanding(
        outcome.started().truncatedTo(ChronoUnit.MILLIS),
        outcome.ended().truncatedTo(ChronoUnit.MILLIS),
        outcome.complete(),
        words,
        pause);
  }

  private static void log(CaptureOutcome outcome, @Nullable Pause pause) {
    switch (outcome) {
      case CaptureOutcome.Finished finished when finished.complete() ->
          LOG.info("{}: complete, {} new", finished.account(), finished.messages());
      case CaptureOutcome.Finished finished ->
          LOG.warn(
              "{}: incomplete, {} new; {}{}",
              finished.account(),
              finished.messages(),
              CaptureReport.missing(finished.receipt()),
              pause == null ? "" : "; next try at " + pause.until());
      case CaptureOutcome.Aborted aborted ->
          LOG.warn("{}: not captured: {}", aborted.account(), aborted.reason());
      case CaptureOutcome.Postponed postponed ->
          LOG.info("{}: not before {}: {}", postponed.account(), postponed.until(), postponed);
    }
  }

  private void watch() {
    try {
      while (!stopped.await(patience.toMillis() / LOOKS, TimeUnit.MILLISECONDS)) {
        going.values().forEach(GoingRun::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether all runs are to end.
  boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /// Stops the runs after the messages they are at, and waits for them, as long as they are not
  /// given up.
  @Override
  public void close() {
    stopping.countDown();
    waiting.shutdown();
    going.values().forEach(run -> run.outcome().join());
    working.shutdown();
    stopped.countDown();
  }

  /// An account and its runs.
  ///
  /// @param running whether it is being captured now
  /// @param step where that run stands, null before its first word
  /// @param last how the last run since the start of the program ended, null when there was none
  /// @param standing how the last run of all ended
  /// @param hold why it is not the time to capture it, null when it is
  public record Status(
      AccountName account,
      boolean running,
      CaptureProgress.@Nullable Step step,
      @Nullable CaptureOutcome last,
      CaptureStanding standing,
      @Nullable Pause hold) {}
}
