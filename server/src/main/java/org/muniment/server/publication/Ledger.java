package org.muniment.server.publication;

import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.muniment.server.access.StateDatabase;

/// What each target confirmed last, kept in `state.db`. Safe for use by many threads and processes.
public final class Ledger {

  private static final RowMapper<Standing> STANDING =
      (row, context) -> {
        String confirmed = row.getString("confirmed");
        return new Standing(
            row.getString("target"),
            confirmed == null
                ? null
                : new Standing.Confirmation(row.getLong("size"), Instant.parse(confirmed)),
            row.getString("trouble"));
      };

  private final Jdbi jdbi;

  public Ledger(StateDatabase database) {
    this.jdbi = database.jdbi();
  }

  /// How things stand with each of `targets`, in that order.
  public List<Standing> standings(List<String> targets) {
    return targets.stream().map(this::standing).toList();
  }

  private Standing standing(String target) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from publication where target = :target")
                .bind("target", target)
                .map(STANDING)
                .findOne()
                .orElse(Standing.unknown(target)));
  }

  void confirmed(String target, Standing.Confirmation confirmation) {
    execute(
        """
        insert into publication (target, size, confirmed, trouble) values (?, ?, ?, '')
        on conflict (target) do update
        set size = excluded.size, confirmed = excluded.confirmed, trouble = ''
        """,
        target,
        confirmation.size(),
        confirmation.at().toString());
  }

  /// An attempt that gave no confirmation; the one before stands.
  void trouble(String target, String words) {
    execute(
        """
        insert into publication (target, trouble) values (?, ?)
        on conflict (target) do update set trouble = excluded.trouble
        """,
        target,
        words);
  }

  private void execute(String sql, Object... values) {
    jdbi.useHandle(handle -> handle.execute(sql, values));
  }
}
