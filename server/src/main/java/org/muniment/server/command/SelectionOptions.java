package org.muniment.server.command;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.runtime.Installation;
import org.muniment.server.selection.Selection;
import org.muniment.server.view.AsOf;

/// The options that say which mail: those of the commands that export and restore.
final class SelectionOptions {

  private static final User OPERATOR = new User("operator", Role.AUDITOR);

  private SelectionOptions() {}

  /// Null when none is named.
  static @Nullable AccountName account(Arguments arguments) throws UsageException {
    Optional<String> account = arguments.value("--account");
    if (account.isPresent() && !AccountName.isValid(account.get())) {
      throw new UsageException("\"" + account.get() + "\" is no account name");
    }
    return account.map(AccountName::new).orElse(null);
  }

  static Selection selection(Arguments arguments) throws UsageException {
    String asOf = arguments.value("--as-of").orElse(null);
    return new Selection(
        asOf == null ? null : moment(asOf),
        arguments.value("--mailbox").orElse(""),
        arguments.value("--query").orElse(null),
        arguments.has("--with-gone"));
  }

  private static Instant moment(String text) throws UsageException {
    try {
      return AsOf.parse(text);
    } catch (DateTimeException e) {
      throw new UsageException(
          "--as-of wants a day such as 2026-03-31 or a moment such as 2026-03-31T12:00:00Z");
    }
  }

  static void requireKnown(AccountName account, Installation installation) throws UsageException {
    List<AccountName> known = installation.catalogue().mailboxes().accounts();
    if (!known.contains(account)) {
      throw new UsageException("the archive has no account \"" + account + "\", it has " + known);
    }
  }

  /// The numbers of the messages that the query of a selection finds; null without one.
  static @Nullable BitSet numbers(Selection selection, Installation installation)
      throws UsageException, IOException {
    String query = selection.query();
    if (query == null) {
      return null;
    }
    Installation.SearchedIndex searched = installation.openSearchIndex();
    try {
      return installation
          .readModels(searched.index(), installation.everything(), searched.texts())
          .numbers(OPERATOR, query, ZoneOffset.UTC);
    } catch (QuerySyntaxException e) {
      throw new UsageException("the query is not understood: " + e.getMessage());
    }
  }
}
