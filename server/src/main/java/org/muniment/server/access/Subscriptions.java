package org.muniment.server.access;

import java.util.Set;
import org.jdbi.v3.core.Jdbi;

/// Which mailboxes users want to see listed, by the names that they see; kept in [StateDatabase].
/// Every name is subscribed until somebody says otherwise. Safe for use by many threads and
/// processes.
public final class Subscriptions {

  private final Jdbi jdbi;

  private Subscriptions(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /// Those in `database`.
  public static Subscriptions of(StateDatabase database) {
    return new Subscriptions(database.jdbi());
  }

  /// The names that the user does not want.
  public Set<String> unsubscribed(String user) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select name from unsubscribed where user_name = :user")
                .bind("user", user)
                .mapTo(String.class)
                .set());
  }

  /// The user wants that name.
  public void subscribe(String user, String name) {
    change("delete from unsubscribed where user_name = :user and name = :name", user, name);
  }

  /// The user does not want that name.
  public void unsubscribe(String user, String name) {
    change(
        "insert into unsubscribed (user_name, name) values (:user, :name) on conflict do nothing",
        user,
        name);
  }

  private void change(String statement, String user, String name) {
    jdbi.useHandle(
        handle -> handle.createUpdate(statement).bind("user", user).bind("name", name).execute());
  }
}
