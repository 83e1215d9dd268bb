package org.muniment.server.access;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.config.Secret;

/// The local users with what was granted and given to them, kept in [StateDatabase]. Safe for use
/// by many threads and processes.
public final class Users implements Grants {

  private static final RowMapper<User> USER =
      (row, context) -> new User(row.getString("name"), Role.valueOf(row.getString("role")));
  private static final RowMapper<Token> TOKEN =
      (row, context) ->
          new Token(
              row.getString("id"),
              row.getString("user_name"),
              Instant.parse(row.getString("created")),
              instant(row.getString("revoked")));

  private final Jdbi jdbi;
  private final PasswordHash hash;
  private final InstantSource clock;

  /// @param hash computes what is kept of passwords
  Users(StateDatabase database, PasswordHash hash, InstantSource clock) {
    this.jdbi = database.jdbi();
    this.hash = hash;
    this.clock = clock;
  }

  /// The users of `database`.
  public static Users of(StateDatabase database) {
    return new Users(database, new PasswordHash(), InstantSource.system());
  }

  PasswordHash hash() {
    return hash;
  }

  /// By name.
  public List<User> list() {
    return jdbi.withHandle(
        handle ->
            handle.createQuery("select name, role from users order by name").map(USER).list());
  }

  /// The user of that name.
  public Optional<User> find(String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select name, role from users where name = :name")
                .bind("name", name)
                .map(USER)
                .findOne());
  }

  /// Adds a user.
  ///
  /// @throws AccessException when there is one of that name
  public void add(User user, Secret password) throws AccessException {
    String hashed = hashed(password);
    int added =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        insert into users (name, role, password, created)
                        values (:name, :role, :password, :now) on conflict do nothing
                        """)
                    .bind("name", user.name())
                    .bind("role", user.role().name())
                    .bind("password", hashed)
                    .bind("now", now())
                    .execute());
    if (added == 0) {
      throw new AccessException("there is a user \"" + user.name() + "\" already");
    }
  }

  /// Gives a user another password. Their tokens stay good.
  ///
  /// @throws AccessException when there is no such user
  public void changePassword(String name, Secret password) throws AccessException {
    String hashed = hashed(password);
    int changed =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate("update users set password = :password where name = :name")
                    .bind("name", name)
                    .bind("password", hashed)
                    .execute());
    if (changed == 0) {
      throw noUser(name);
    }
  }

  /// What is kept of the password of the user, null when there is none of that name.
  @Nullable String password(String name) {
    return jdbi.withHandle(
            handle ->
                handle
                    .createQuery("select password from users where name = :name")
                    .bind("name", name)
                    .mapTo(String.class)
                    .findOne())
        .orElse(null);
  }

  @Override
  public Set<AccountName> of(String user) {
    List<AccountName> accounts =
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery("select account from grants where user_name = :user")
                    .bind("user", user)
                    .map((row, context) -> new AccountName(row.getString("account")))
                    .list());
    return new TreeSet<>(accounts);
  }

  /// Lets an auditor read an account. To grant it again changes nothing.
  ///
  /// @throws AccessException when there is no such user, or it is no auditor
  public void grant(String name, AccountName account) throws AccessException {
    if (find(name).orElseThrow(() -> noUser(name)).role() != Role.AUDITOR) {
      throw new AccessException(
          "\""
              + name
              + "\" is no auditor: an auditor reads what is granted, a user what they own (owner: in"
              + " config.yml), an admin no content");
    }
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into grants (user_name, account, created)
                    values (:user, :account, :now) on conflict do nothing
                    """)
                .bind("user", name)
                .bind("account", account.value())
                .bind("now", now())
                .execute());
  }

  /// Takes a grant back.
  ///
  /// @throws AccessException when there is no such grant
  public void revokeGrant(String name, AccountName account) throws AccessException {
    int removed =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        "delete from grants where user_name = :user and account = :account")
                    .bind("user", name)
                    .bind("account", account.value())
                    .execute());
    if (removed == 0) {
      throw new AccessException("\"" + account + "\" is not granted to \"" + name + "\"");
    }
  }

  /// Gives a user a fresh token.
  ///
  /// @throws AccessException when there is no such user
  public Token.Issued issueToken(String name) throws AccessException {
    User user = find(name).orElseThrow(() -> noUser(name));
    Token.Issued token = Token.issue();
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into tokens (id, user_name, sha256, created)
                    values (:id, :user, :sha256, :now)
                    """)
                .bind("id", token.id())
                .bind("user", user.name())
                .bind("sha256", Token.sha256(token.secret()))
                .bind("now", now())
                .execute());
    return token;
  }

  /// The tokens of a user, oldest first.
  public List<Token> tokens(String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from tokens where user_name = :user order by created, id")
                .bind("user", name)
                .map(TOKEN)
                .list());
  }

  /// Makes a token worthless, for good.
  ///
  /// @throws AccessException when the user has no such token that is good
  public void revokeToken(String name, String id) throws AccessException {
    int revoked =
        jdbi.withHandle(
            handle ->
                handle
                    .createUpdate(
                        """
                        update tokens set revoked = :now
                        where id = :id and user_name = :user and revoked is null
                        """)
                    .bind("id", id)
                    .bind("user", name)
                    .bind("now", now())
                    .execute());
    if (revoked == 0) {
      throw new AccessException("\"" + name + "\" has no token \"" + id + "\" that is good");
    }
  }

  /// The user who holds the token.
  Optional<User> holder(Secret token) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select users.name, users.role from tokens join users on name = user_name
                    where sha256 = :sha256 and revoked is null
                    """)
                .bind("sha256", Token.sha256(token))
                .map(USER)
                .findOne());
  }

  private String hashed(Secret password) throws AccessException {
    if (password.value().isEmpty()) {
      throw new AccessException("the password is empty");
    }
    return hash.of(password).orElseThrow(() -> new AccessException("too busy, try again"));
  }

  private String now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS).toString();
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }

  private static AccessException noUser(String name) {
    return new AccessException("there is no user \"" + name + "\"");
  }
}
