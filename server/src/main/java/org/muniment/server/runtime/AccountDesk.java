package org.muniment.server.runtime;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.User;
import org.muniment.server.capture.CaptureProgress;
import org.muniment.server.capture.CaptureSchedule;
import org.muniment.server.capture.CaptureService;
import org.muniment.server.capture.CaptureStanding;
import org.muniment.server.capture.Pause;
import org.muniment.server.capture.check.AccountCheck;
import org.muniment.server.capture.check.Step;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.job.Job;
import org.muniment.server.job.Jobs;
import org.muniment.server.job.Jobs.BusyException;
import org.muniment.server.job.Jobs.JobException;
import org.muniment.server.view.AccountState;
import org.muniment.server.view.AccountWork;

/// The captures and checks of the running server, under the access policy.
final class AccountDesk implements AccountWork {

  /// Between two checks of an account: each of them signs in, and servers count that.
  static final Duration BETWEEN_CHECKS = Duration.ofSeconds(20);

  private final Map<AccountName, AccountConfig> accounts;
  private final AccessPolicy policy;
  private final CaptureService service;
  private final CaptureSchedule schedule;
  private final Credentials credentials;
  private final Jobs jobs;
  private final InstantSource clock;
  private final Map<AccountName, Instant> checked = new ConcurrentHashMap<>();

  AccountDesk(
      Map<AccountName, AccountConfig> accounts,
      AccessPolicy policy,
      CaptureService service,
      CaptureSchedule schedule,
      Credentials credentials,
      Jobs jobs,
      InstantSource clock) {
    this.accounts = Map.copyOf(accounts);
    this.policy = policy;
    this.service = service;
    this.schedule = schedule;
    this.credentials = credentials;
    this.jobs = jobs;
    this.clock = clock;
  }

  @Override
  public List<AccountState> states(User user) {
    Set<AccountName> visible = policy.visible(user).keySet();
    return service.lastRuns().stream()
        .filter(status -> policy.operates(user) || visible.contains(status.account()))
        .map(status -> state(status, policy.commands(user, status.account())))
        .toList();
  }

  private AccountState state(CaptureService.Status status, boolean startable) {
    CaptureStanding standing = status.standing();
    Pause hold = status.hold();
    return new AccountState(
        status.account(),
        account(status.account()).title(),
        standing.complete(),
        standing.words(),
        standing.started(),
        standing.ended(),
        status.running() ? run(status.step()) : null,
        hold == null
            ? null
            : new AccountState.Pause(
                hold.kind().name().toLowerCase(Locale.ROOT), hold.until(), hold.reason()),
        next(status.account(), hold),
        startable);
  }

  /// Times of the schedule that a pause has are no times.
  private @Nullable Instant next(AccountName account, @Nullable Pause hold) {
    return schedule
        .next(account)
        .map(next -> hold == null ? next : max(next, hold.until()))
        .orElse(hold == null ? null : hold.until());
  }

  private static Instant max(Instant one, Instant other) {
    return List.of(one, other).stream().max(Comparator.naturalOrder()).orElseThrow();
  }

  private static AccountState.Run run(CaptureProgress.@Nullable Step step) {
    return step == null
        ? new AccountState.Run("", 0, 0, 0, 0)
        : new AccountState.Run(
            step.mailbox(), step.done(), step.due(), step.messages(), step.octets());
  }

  private AccountConfig account(AccountName name) {
    AccountConfig account = accounts.get(name);
    if (account == null) {
      throw new IllegalArgumentException("no account " + name);
    }
    return account;
  }

  @Override
  public Job capture(User user, AccountName account, boolean evenSo) throws BusyException {
    account(account);
    return jobs.start(
        CaptureCalls.NAME,
        account.value(),
        user.name(),
        progress ->
            CaptureCalls.Result.of(
                service
                    .run(Set.of(account), step -> progress.accept(run(step)), evenSo)
                    .getFirst()));
  }

  @Override
  public Job check(User user, AccountName name) throws BusyException {
    AccountConfig account = account(name);
    Instant now = clock.instant();
    Instant earliest = checked.getOrDefault(name, Instant.MIN);
    if (now.isBefore(earliest)) {
      throw new BusyException("The account was checked just now: wait some seconds.");
    }
    return jobs.start("check", name.value(), user.name(), progress -> check(account, progress));
  }

  private CheckResult check(AccountConfig account, Consumer<Object> progress) throws JobException {
    try (CaptureService.Connection _ =
        service
            .connect(account.name())
            .orElseThrow(
                () ->
                    new JobException(
                        "all connections that the account may have are in use by its capture"))) {
      List<Step> steps = new ArrayList<>();
      AccountCheck.run(
          account,
          credentials,
          clock,
          step -> {
            steps.add(step);
            progress.accept(CheckResult.of(steps));
          });
      return CheckResult.of(steps);
    } finally {
      checked.put(account.name(), clock.instant().plus(BETWEEN_CHECKS));
    }
  }

  /// What a check found, so far.
  ///
  /// @param ok whether there is nothing to do
  public record CheckResult(boolean ok, List<Step> steps) {
    static CheckResult of(List<Step> steps) {
      return new CheckResult(steps.stream().noneMatch(Step::finding), List.copyOf(steps));
    }
  }
}
