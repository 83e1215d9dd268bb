package org.muniment.server.access;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/// Of which root keys somebody has shown that they have a right copy, kept in [StateDatabase]. Safe
/// for use by many threads and processes.
public final class KeyConfirmations {

  private final Jdbi jdbi;
  private final InstantSource clock;

  KeyConfirmations(StateDatabase database, InstantSource clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /// Those of `database`.
  public static KeyConfirmations of(StateDatabase database) {
    return new KeyConfirmations(database, InstantSource.system());
  }

  /// A copy of the root key of that id was shown to be right, now.
  public void confirm(String rootKeyId) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into root_keys (id, confirmed) values (:id, :now)
                    on conflict (id) do update set confirmed = :now
                    """)
                .bind("id", rootKeyId)
                .bind("now", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .execute());
  }

  /// When that was last.
  public Optional<Instant> confirmed(String rootKeyId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select confirmed from root_keys where id = :id")
                .bind("id", rootKeyId)
                .mapTo(String.class)
                .findOne()
                .map(Instant::parse));
  }
}
