package org.muniment.server.publication;

import com.codahale.metrics.health.HealthCheck;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// Warns until a target outside has confirmed a checkpoint, and when none did for 24 hours. Says of
/// every target how things stand with it, also where one is enough to be healthy.
public final class PublicationHealth extends HealthCheck {

  private final List<String> targets;
  private final Ledger ledger;
  private final InstantSource clock;

  /// @param targets their names
  public PublicationHealth(List<String> targets, Ledger ledger, InstantSource clock) {
    this.targets = List.copyOf(targets);
    this.ledger = ledger;
    this.clock = clock;
  }

  @Override
  protected Result check() {
    if (targets.isEmpty()) {
      return Result.unhealthy(
          "no checkpoint has left this machine, so nobody could tell if the log were rewritten:"
              + " name a target under publish: in config.yml");
    }
    List<Standing> standings = ledger.standings(targets);
    Instant now = clock.instant();
    Optional<Standing> newest = newest(standings);
    String words = standings.stream().map(Standing::words).collect(Collectors.joining(" | "));
    if (newest.isEmpty()) {
      return Result.unhealthy("no target outside has confirmed a checkpoint yet: %s", words);
    }
    return newest.get().alive(now)
        ? Result.healthy("%s", words)
        : Result.unhealthy(
            "no target outside has confirmed a checkpoint for %d hours: %s",
            Standing.ALIVE.toHours(), words);
  }

  private static Optional<Standing> newest(List<Standing> standings) {
    return standings.stream()
        .filter(standing -> standing.confirmation() != null)
        .max(
            Comparator.comparing(standing -> Objects.requireNonNull(standing.confirmation()).at()));
  }
}
