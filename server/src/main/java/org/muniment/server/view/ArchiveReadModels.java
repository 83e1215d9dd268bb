package org.muniment.server.view;

import java.io.IOException;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.muniment.archive.Archive;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.indexer.index.SearchIndex;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.Substrings;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.Relation;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.User;
import org.muniment.server.access.VirtualNumbers;

/// The read model over the catalogue, the full-text index and the archive, under the access policy.
public final class ArchiveReadModels implements ReadModels, SystemStatus {

  private final Archive archive;
  private final Catalogue catalogue;
  private final SearchIndex index;
  private final Search search;
  private final Substrings substrings;
  private final AccessPolicy policy;
  private final Map<AccountName, String> titles;
  private final AttachmentTexts texts;

  /// @param titles of the accounts of config.yml
  public ArchiveReadModels(
      Archive archive,
      Catalogue catalogue,
      SearchIndex index,
      Search search,
      Substrings substrings,
      AccessPolicy policy,
      Map<AccountName, String> titles,
      AttachmentTexts texts) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.index = index;
    this.search = search;
    this.substrings = substrings;
    this.policy = policy;
    this.titles = Map.copyOf(titles);
    this.texts = texts;
  }

  @Override
  public ReadModel of(User user) {
    return personal(user);
  }

  private PersonalReadModel personal(User user) {
    return new PersonalReadModel(
        archive,
        catalogue,
        search,
        substrings,
        titles,
        texts,
        policy.visible(user),
        VirtualMailboxes.NONE);
  }

  /// The same with virtual mailboxes.
  public ReadModels withVirtual(SavedSearches searches, VirtualNumbers numbers) {
    VirtualMailboxes mailboxes =
        new VirtualMailboxes(archive, catalogue, search, substrings, searches, numbers);
    return user -> {
      Map<AccountName, Relation> visible = policy.visible(user);
      return new PersonalReadModel(
          archive,
          catalogue,
          search,
          substrings,
          titles,
          texts,
          visible,
          mailboxes.of(user.name(), visible));
    };
  }

  /// The numbers of all messages that a query finds among what `user` may see.
  ///
  /// @param zone when a day begins
  public BitSet numbers(User user, String query, ZoneId zone)
      throws IOException, QuerySyntaxException {
    return personal(user).numbers(query, zone);
  }

  @Override
  public List<Receipt> receipts(User user, AccountName account, long before, int limit) {
    return knows(user, account) ? catalogue.receipts(account, before, limit) : List.of();
  }

  @Override
  public List<Receipt> captures(User user, long before, int limit) {
    return known(user).stream()
        .flatMap(account -> catalogue.receipts(account, before, limit).stream())
        .sorted(Comparator.comparingLong(Receipt::leaf).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public boolean knows(User user, AccountName account) {
    return known(user).contains(account);
  }

  private Collection<AccountName> known(User user) {
    Collection<AccountName> existing = new TreeSet<>(titles.keySet());
    existing.addAll(catalogue.mailboxes().accounts());
    if (!policy.operates(user)) {
      existing.retainAll(policy.visible(user).keySet());
    }
    return existing;
  }

  @Override
  public ArchiveStatus archive(User user) throws IOException {
    return new ArchiveStatus(
        archive.size(),
        catalogue.position(),
        indexed(),
        policy.operates(user) ? catalogue.totals() : null,
        policy.operates(user) ? texts.waiting() : null);
  }

  private long indexed() throws IOException {
    try (SearchIndex.View view = index.view()) {
      return view.position();
    }
  }
}
