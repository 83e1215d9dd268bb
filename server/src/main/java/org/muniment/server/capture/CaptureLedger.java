package org.muniment.server.capture;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.AccountLimits;
import org.muniment.server.config.Hours;

/// How the last runs ended, and what came from each source in the last 24 hours; kept in `state.db`
/// so that a restart is no way around a pause or a limit. Safe for use by many threads and
/// processes.
public final class CaptureLedger {

  /// What counts as a day.
  static final Duration DAY = Duration.ofHours(24);

  private static final RowMapper<CaptureStanding> STANDING =
      (row, context) -> {
        String until = row.getString("pause_until");
        return new CaptureStanding(
            Instant.parse(row.getString("started")),
            Instant.parse(row.getString("ended")),
            row.getBoolean("complete"),
            row.getString("words"),
            until == null
                ? null
                : new Pause(
                    Pause.Kind.valueOf(row.getString("pause_kind")),
                    Instant.parse(until),
                    row.getString("pause_reason"),
                    row.getInt("pause_attempts")));
      };

  private final Jdbi jdbi;

  public CaptureLedger(StateDatabase database) {
    this.jdbi = database.jdbi();
  }

  /// How things stand with an account.
  public CaptureStanding standing(AccountName account) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from capture where account = :account")
                .bind("account", account.value())
                .map(STANDING)
                .findOne()
                .orElse(CaptureStanding.NEVER));
  }

  /// Why it is not the time to capture an account; empty when it is.
  public Optional<Pause> hold(AccountConfig account, Instant now) {
    return Optional.ofNullable(standing(account.name()).pause())
        .filter(pause -> pause.until().isAfter(now))
        .or(() -> limit(account, now));
  }

  /// The limit of an account that forbids a run.
  Optional<Pause> limit(AccountConfig account, Instant now) {
    AccountLimits limits = account.limits();
    Hours hours = limits.hours();
    if (hours != null && !hours.has(now)) {
      return Optional.of(
          new Pause(Pause.Kind.CLOSED, hours.next(now), "outside of its hours, " + hours, 0));
    }
    if (limits.perDay() == 0) {
      return Optional.empty();
    }
    Instant free = free(account.name(), limits.perDay(), now);
    return free.isAfter(now)
        ? Optional.of(
            new Pause(
                Pause.Kind.SPENT,
                free,
                "the %,d octets that it may fetch in 24 hours are fetched"
                    .formatted(limits.perDay()),
                0))
        : Optional.empty();
  }

  /// @param standing after a run
  void ended(AccountName account, CaptureStanding standing) {
    @Nullable Pause pause = standing.pause();
    execute(
        """
        insert into capture (account, started, ended, complete, words, pause_kind, pause_until,
          pause_reason, pause_attempts)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?)
        on conflict (account) do update set started = excluded.started, ended = excluded.ended,
          complete = excluded.complete, words = excluded.words, pause_kind = excluded.pause_kind,
          pause_until = excluded.pause_until, pause_reason = excluded.pause_reason,
          pause_attempts = excluded.pause_attempts
        """,
        account.value(),
        Objects.requireNonNull(standing.started()).toString(),
        Objects.requireNonNull(standing.ended()).toString(),
        standing.complete(),
        standing.words(),
        pause == null ? null : pause.kind().name(),
        pause == null ? null : pause.until().toString(),
        pause == null ? null : pause.reason(),
        pause == null ? null : pause.attempts());
  }

  /// Counts octets that came, and forgets those of before yesterday.
  void came(AccountName account, long octets, Instant now) {
    execute(
        """
        insert into capture_traffic (account, hour, octets) values (?, ?, ?)
        on conflict (account, hour) do update set octets = octets + excluded.octets
        """,
        account.value(),
        hour(now),
        octets);
    execute("delete from capture_traffic where hour < ?", hour(now.minus(DAY.multipliedBy(2))));
  }

  /// When so many octets may come again: `now` when fewer came in the 24 hours before.
  ///
  /// @param most in any 24 hours
  Instant free(AccountName account, long most, Instant now) {
    Map<Instant, Long> hours = traffic(account, now.minus(DAY));
    long sum = hours.values().stream().mapToLong(Long::longValue).sum();
    Instant free = now;
    for (Map.Entry<Instant, Long> hour : hours.entrySet()) {
      if (sum < most) {
        break;
      }
      sum -= hour.getValue();
      // The last octet of that hour came at its end at the latest.
      free = hour.getKey().plus(1, ChronoUnit.HOURS).plus(DAY);
    }
    return free;
  }

  /// By the hour in which they came, the oldest first.
  private Map<Instant, Long> traffic(AccountName account, Instant since) {
    Map<Instant, Long> hours = new LinkedHashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    "select hour, octets from capture_traffic where account = :account and hour >="
                        + " :since order by hour")
                .bind("account", account.value())
                .bind("since", hour(since))
                .map((row, context) -> Map.entry(row.getLong("hour"), row.getLong("octets")))
                .forEach(
                    row -> hours.put(Instant.ofEpochSecond(3600 * row.getKey()), row.getValue())));
    return hours;
  }

  private static long hour(Instant moment) {
    return Math.floorDiv(moment.getEpochSecond(), 3600);
  }

  private void execute(String sql, @Nullable Object... values) {
    jdbi.useHandle(handle -> handle.execute(sql, values));
  }
}
