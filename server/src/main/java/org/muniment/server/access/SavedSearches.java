package org.muniment.server.access;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Queries that users keep, each under a name of its own; kept in [StateDatabase]. Names differ by
/// case. Safe for use by many threads and processes.
public final class SavedSearches {

  /// Most searches of one user.
  public static final int MAX_SEARCHES = 200;

  /// Longest name, in characters.
  public static final int MAX_NAME = 100;

  private final Jdbi jdbi;

  private SavedSearches(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  /// Those in `database`.
  public static SavedSearches of(StateDatabase database) {
    return new SavedSearches(database.jdbi());
  }

  /// A query under a name.
  ///
  /// @param query in the query language
  public record SavedSearch(String name, String query) {}

  /// Whether a search can have this name: 1 to [#MAX_NAME] characters, none of them `/`, a control
  /// or a broken surrogate, and no space at the ends; no name that a path takes for another place.
  public static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME
        && name.equals(name.strip())
        && !name.equals(".")
        && !name.equals("..")
        && name.codePoints().noneMatch(SavedSearches::isForbidden);
  }

  private static boolean isForbidden(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> character == '/';
    };
  }

  /// The searches of a user, by name.
  public List<SavedSearch> all(String user) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select name, query from saved_search where user_name = :user order by name")
                .bind("user", user)
                .map((row, _) -> new SavedSearch(row.getString(1), row.getString(2)))
                .list());
  }

  /// The search of a user that has a name.
  public Optional<SavedSearch> find(String user, String name) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select query from saved_search where user_name = :user and name = :name")
                .bind("user", user)
                .bind("name", name)
                .mapTo(String.class)
                .findOne()
                .map(query -> new SavedSearch(name, query)));
  }

  /// Keeps a search, in place of the one that had its name.
  ///
  /// @param search its name is one by [#isName]
  /// @return whether there was none of that name before
  /// @throws AccessException when the user has [#MAX_SEARCHES] others
  public boolean put(String user, SavedSearch search) throws AccessException {
    if (!isName(search.name())) {
      throw new IllegalArgumentException(search.name());
    }
    return jdbi.inTransaction(
        handle -> {
          boolean isNew = remove(handle, user, search.name()) == 0;
          if (isNew && count(handle, user) >= MAX_SEARCHES) {
            throw new AccessException(
                "there are " + MAX_SEARCHES + " saved searches, which is the most there can be");
          }
          handle.execute(
              "insert into saved_search (user_name, name, query) values (?, ?, ?)",
              user,
              search.name(),
              search.query());
          return isNew;
        });
  }

  private static int count(Handle handle, String user) {
    return handle
        .select("select count(*) from saved_search where user_name = ?", user)
        .mapTo(Integer.class)
        .one();
  }

  /// Forgets a search.
  ///
  /// @return whether there was one of that name
  public boolean remove(String user, String name) {
    return jdbi.withHandle(handle -> remove(handle, user, name)) > 0;
  }

  private static int remove(Handle handle, String user, String name) {
    return handle.execute("delete from saved_search where user_name = ? and name = ?", user, name);
  }
}
