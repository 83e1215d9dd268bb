package org.muniment.server.command;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.server.access.AccessException;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.SavedSearches.SavedSearch;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.Users;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.CannotStartException;
import org.muniment.server.runtime.DataFolder;

/// What `search` does with the searches that a user keeps: `--save`, `--list` and `--remove`.
record SavedSearchOptions(Arguments arguments) {

  static final List<String> NAMES = List.of("--save NAME", "--list", "--remove NAME", "--user U");

  private static final String SAVE = "--save";
  private static final String LIST = "--list";
  private static final String REMOVE = "--remove";
  private static final String USER = "--user";

  /// Whether there is something to do here, and nothing to search.
  boolean isAny() {
    return Stream.of(SAVE, LIST, REMOVE, USER).anyMatch(arguments::has);
  }

  ExitCode run(Settings settings, Console console)
      throws UsageException, AccessException, CannotStartException, IOException {
    String user =
        arguments
            .value(USER)
            .orElseThrow(() -> new UsageException("--user says whose searches they are"));
    Work work = work(console);
    DataFolder.prepare(settings);
    try (StateDatabase database = StateDatabase.open(settings.stateFile())) {
      if (Users.of(database).find(user).isEmpty()) {
        throw new UsageException("there is no user " + user);
      }
      work.with(SavedSearches.of(database), user);
    }
    return ExitCode.DONE;
  }

  /// What is to be done once the database is open: the command line is checked before.
  private interface Work {
    void with(SavedSearches searches, String user) throws UsageException, AccessException;
  }

  private Work work(Console console) throws UsageException {
    if (Stream.of(SAVE, LIST, REMOVE).filter(arguments::has).count() != 1) {
      throw new UsageException("--user wants one of --save NAME, --list and --remove NAME");
    }
    if (arguments.has(SAVE)) {
      SavedSearch search = search(arguments.value(SAVE).orElseThrow());
      return (searches, user) -> searches.put(user, search);
    }
    arguments.exactly();
    return arguments.has(LIST)
        ? (searches, user) -> list(searches.all(user), console)
        : (searches, user) -> remove(searches, user, arguments.value(REMOVE).orElseThrow());
  }

  private SavedSearch search(String name) throws UsageException {
    if (!SavedSearches.isName(name)) {
      throw new UsageException(
          "a name has 1 to %d characters, no / and no space at the ends"
              .formatted(SavedSearches.MAX_NAME));
    }
    String query = SearchCommand.query(arguments);
    try {
      QueryParser.parse(query);
    } catch (QuerySyntaxException e) {
      throw new UsageException("the query is not understood: " + e.getMessage());
    }
    return new SavedSearch(name, query);
  }

  private static void list(List<SavedSearch> searches, Console console) {
    for (SavedSearch search : searches) {
      console.out().println(search.name() + "  " + SearchCommand.plain(search.query()));
    }
  }

  private static void remove(SavedSearches searches, String user, String name)
      throws UsageException {
    if (!searches.remove(user, name)) {
      throw new UsageException("there is no saved search of that name");
    }
  }
}
