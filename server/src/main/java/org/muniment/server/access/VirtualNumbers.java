package org.muniment.server.access;

import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.UidValidity;

/// By which numbers users know virtual mailboxes, whose messages no event gives a UID; kept in
/// [StateDatabase]. Safe for use by many threads and processes.
public final class VirtualNumbers {

  private final Jdbi jdbi;

  private VirtualNumbers(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /// Those in `database`.
  public static VirtualNumbers of(StateDatabase database) {
    return new VirtualNumbers(database.jdbi());
  }

  /// What a user was told of a virtual mailbox.
  ///
  /// @param uidNext no message has come with a UID from here on
  /// @param digest of the UIDs that it had below
  public record Announced(UidValidity uidValidity, long uidNext, String digest) {}

  /// What the user was told last.
  public Optional<Announced> find(String user, MailboxId mailbox) {
    return jdbi.withHandle(
        handle ->
            handle
                .select(
                    """
                    select uid_validity, uid_next, digest from virtual_mailbox
                    where user_name = ? and mailbox = ?
                    """,
                    user,
                    mailbox.value())
                .map(
                    (row, _) ->
                        new Announced(
                            new UidValidity(row.getLong(1)), row.getLong(2), row.getString(3)))
                .findOne());
  }

  /// The user is going to be told this.
  public void put(String user, MailboxId mailbox, Announced announced) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                insert into virtual_mailbox (user_name, mailbox, uid_validity, uid_next, digest)
                values (?, ?, ?, ?, ?)
                on conflict (user_name, mailbox) do update set uid_validity =
                  excluded.uid_validity, uid_next = excluded.uid_next, digest = excluded.digest
                """,
                user,
                mailbox.value(),
                announced.uidValidity().value(),
                announced.uidNext(),
                announced.digest()));
  }
}
