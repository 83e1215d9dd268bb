package org.muniment.server.capture;

import java.io.Closeable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.AccountConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the captures of all accounts: some at once, never two of one account. Safe for use by many
/// threads.
public final class CaptureService implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(CaptureService.class);

  /// Accounts captured at the same time; each holds one connection.
  static final int PARALLEL = 4;

  private final Capture capture;
  private final Clock clock;
  private final Map<AccountName, AccountConfig> accounts = new LinkedHashMap<>();
  private final Map<AccountName, Going> going = new ConcurrentHashMap<>();
  private final Map<AccountName, CaptureOutcome> last = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(PARALLEL);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean stopping;

  /// @param accounts those that can be captured
  public CaptureService(Capture capture, Collection<AccountConfig> accounts, Clock clock) {
    this.capture = capture;
    this.clock = clock;
    accounts.forEach(account -> this.accounts.put(account.name(), account));
  }

  /// Captures each of the accounts once and returns when all have ended. An account that is being
  /// captured already is not begun again: that run's outcome is the answer, and `listener` hears
  /// nothing of it.
  ///
  /// @param listener called from several threads
  /// @return one outcome per account, in the order of the configuration
  /// @throws IllegalArgumentException when there is no such account
  public List<CaptureOutcome> run(Set<AccountName> names, CaptureProgress listener) {
    for (AccountName name : names) {
      if (!accounts.containsKey(name)) {
        throw new IllegalArgumentException("no account \"" + name + "\" in the configuration");
      }
    }
    List<CompletableFuture<CaptureOutcome>> runs =
        accounts.values().stream()
            .filter(account -> names.contains(account.name()))
            .map(account -> start(account, listener))
            .toList();
    return runs.stream().map(CompletableFuture::join).toList();
  }

  /// The accounts, as they stand, in the order of the configuration.
  public List<Status> lastRuns() {
    List<Status> runs = new ArrayList<>();
    for (AccountName name : accounts.keySet()) {
      Going now = going.get(name);
      runs.add(new Status(name, now != null, now == null ? null : now.step, last.get(name)));
    }
    return runs;
  }

  private CompletableFuture<CaptureOutcome> start(AccountConfig account, CaptureProgress listener) {
    Going begun = new Going(listener);
    Going earlier = going.putIfAbsent(account.name(), begun);
    if (earlier != null) {
      return earlier.outcome;
    }
    threads.execute(() -> end(begun, runInPlace(account, begun)));
    return begun.outcome;
  }

  private void end(Going begun, CaptureOutcome outcome) {
    last.put(outcome.account(), outcome);
    going.remove(outcome.account());
    begun.outcome.complete(outcome);
  }

  private CaptureOutcome runInPlace(AccountConfig account, Going begun) {
    Instant asked = clock.instant();
    places.acquireUninterruptibly();
    try {
      if (stopping) {
        return new CaptureOutcome.Aborted(account.name(), asked, clock.instant(), "stopped");
      }
      return capture.run(account, begun, () -> stopping);
    } catch (RuntimeException | Error e) {
      // A defect of this program must not end the other accounts or leave this one running for
      // ever.
      LOG.error("capture of {} failed", account.name(), e);
      return new CaptureOutcome.Aborted(account.name(), asked, clock.instant(), e.toString());
    } finally {
      places.release();
    }
  }

  /// Stops the runs after the messages they are at, and waits for them.
  @Override
  public void close() {
    stopping = true;
    threads.close();
  }

  /// An account and its runs.
  ///
  /// @param running whether it is being captured now
  /// @param step where that run stands, null before its first word
  /// @param last how the last run since the start of the program ended, null when there was none
  public record Status(
      AccountName account,
      boolean running,
      CaptureProgress.@Nullable Step step,
      @Nullable CaptureOutcome last) {}

  /// A run that is going on.
  private static final class Going implements CaptureProgress {
    private final CaptureProgress listener;
    private final CompletableFuture<CaptureOutcome> outcome = new CompletableFuture<>();
    private volatile @Nullable Step step;

    Going(CaptureProgress listener) {
      this.listener = listener;
    }

    @Override
    public void at(Step now) {
      step = now;
      listener.at(now);
    }
  }
}
