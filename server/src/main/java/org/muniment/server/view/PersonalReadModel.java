package org.muniment.server.view;

import static java.util.stream.Collectors.groupingBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.muniment.archive.Archive;
import org.muniment.archive.Evidence;
import org.muniment.archive.Location;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Counts;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Past;
import org.muniment.indexer.catalog.Place;
import org.muniment.indexer.catalog.Shown;
import org.muniment.indexer.catalog.Snapshot;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.search.Conversation;
import org.muniment.indexer.search.Query;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.Question;
import org.muniment.indexer.search.Results;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.Snippet;
import org.muniment.indexer.search.Substrings;
import org.muniment.indexer.search.TooBroadException;
import org.muniment.server.access.Relation;

/// What one person may see: the part of the catalogue that lies in their accounts.
///
/// @param titles of the accounts of config.yml
/// @param visible the accounts that the person reads
/// @param virtual what stands below `Virtual/`
record PersonalReadModel(
    Archive archive,
    Catalogue catalogue,
    Search search,
    Substrings substrings,
    Map<AccountName, String> titles,
    AttachmentTexts texts,
    Map<AccountName, Relation> visible,
    VirtualMailboxes.Personal virtual)
    implements ReadModel {

  @Override
  public List<MailboxSummary> virtualMailboxes() {
    return virtual.all();
  }

  @Override
  public Optional<MailboxView> virtualMailbox(MailboxId id) throws IOException {
    return virtual.open(id);
  }

  @Override
  public List<AccountView> accounts() {
    Set<AccountName> existing = new HashSet<>(titles.keySet());
    existing.addAll(catalogue.mailboxes().accounts());
    Map<AccountName, List<Mailbox>> mailboxes =
        catalogue.mailboxes().of(visible.keySet()).stream().collect(groupingBy(Mailbox::account));
    return visible.keySet().stream()
        .filter(existing::contains)
        .map(name -> account(name, mailboxes.getOrDefault(name, List.of())))
        .sorted(Comparator.comparing(AccountView::relation).thenComparing(AccountView::name))
        .toList();
  }

  private AccountView account(AccountName name, List<Mailbox> mailboxes) {
    return new AccountView(
        name,
        titles.getOrDefault(name, name.value()),
        visible.getOrDefault(name, Relation.OTHER),
        mailboxes.size(),
        mailboxes.stream().mapToLong(Mailbox::messages).sum());
  }

  @Override
  public boolean reads(AccountName account) {
    return visible.containsKey(account);
  }

  @Override
  public boolean owns(AccountName account) {
    return visible.getOrDefault(account, Relation.OTHER) != Relation.OTHER;
  }

  @Override
  public List<MailboxSummary> mailboxes(AccountName account) {
    return reads(account)
        ? catalogue.mailboxes().of(account).stream().map(PersonalReadModel::summary).toList()
        : List.of();
  }

  @Override
  public Optional<MailboxView> mailbox(MailboxId id, Shown shown) {
    return catalogue
        .mailboxes()
        .snapshot(id, shown)
        .filter(snapshot -> visible(snapshot.mailbox()))
        .map(snapshot -> new CataloguedMailbox(archive, catalogue, substrings, snapshot));
  }

  @Override
  public Optional<MailboxView> pastView(MailboxId id, Instant moment) throws IOException {
    Optional<Snapshot> snapshot =
        catalogue.mailboxes().snapshot(id, Shown.ALL).filter(found -> visible(found.mailbox()));
    if (snapshot.isEmpty()) {
      return Optional.empty();
    }
    long position = Math.min(Past.position(archive, moment), catalogue.position());
    return Optional.of(
        PastView.of(
            new CataloguedMailbox(archive, catalogue, substrings, snapshot.get()),
            snapshot.get().mailbox(),
            catalogue,
            position));
  }

  @Override
  public Optional<PastMailbox> past(MailboxId id, Instant asOf) throws IOException {
    Optional<Mailbox> mailbox = catalogue.mailboxes().find(id).filter(this::visible);
    return mailbox.isEmpty()
        ? Optional.empty()
        : Optional.of(new CataloguedPast(catalogue, mailbox.get(), Past.position(archive, asOf)));
  }

  @Override
  public Optional<MessageView> message(ContentId id) {
    return catalogue.messages().find(id).flatMap(this::view);
  }

  private Optional<MessageView> view(Message message) {
    List<Place> places = places(message);
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new MessageView(
                message.content(),
                catalogue.messages().structure(message.number()),
                places.stream().map(PersonalReadModel::place).toList(),
                catalogue.transmissions().of(message.number(), visible.keySet())));
  }

  private List<Place> places(Message message) {
    return catalogue
        .messages()
        .places(List.of(message.number()))
        .getOrDefault(message.number(), List.of())
        .stream()
        .filter(place -> visible(place.mailbox()))
        .toList();
  }

  private boolean visible(Mailbox mailbox) {
    return reads(mailbox.account());
  }

  @Override
  public Map<PartPath, String> attachments(MessageView message) throws IOException {
    return texts.statuses(message.id(), message.structure());
  }

  @Override
  public Optional<Extraction> attachmentText(MessageView message, PartPath path)
      throws IOException {
    return texts.text(message.id(), path);
  }

  @Override
  public InputStream octets(ContentId id, long offset) throws IOException {
    Location location =
        catalogue
            .messages()
            .location(id, visible.keySet())
            .orElseThrow(() -> new FileNotFoundException("message " + id));
    return archive.open(id, location, offset);
  }

  @Override
  public InputStream octets(MessageRow row, long offset) throws IOException {
    return archive.open(row.content(), row.location(), offset);
  }

  @Override
  public Evidence evidence(ContentId id) throws IOException {
    long leaf =
        catalogue.messages().find(id).stream()
            .flatMap(message -> places(message).stream())
            .mapToLong(Place::leaf)
            .min()
            .orElseThrow(() -> new FileNotFoundException("message " + id));
    return archive.evidence(leaf);
  }

  @Override
  public SearchPage search(SearchRequest request) throws IOException, QuerySyntaxException {
    Query query = QueryParser.parse(request.query());
    Results found = search(query, request);
    List<Message> shown =
        found.hits().stream()
            .limit(request.snippets() ? SearchRequest.MAX_SNIPPETS : 0)
            .map(Results.Hit::message)
            .toList();
    Iterator<List<Snippet>> snippets = search.snippets(query, shown).iterator();
    List<SearchPage.Hit> hits = new ArrayList<>();
    for (Results.Hit hit : found.hits()) {
      hits.add(hit(hit, snippets.hasNext() ? snippets.next() : List.of()));
    }
    return new SearchPage(
        found.total(), hits, found.facets(), found.next(), found.lag(), found.pending());
  }

  private Results search(Query query, SearchRequest request)
      throws IOException, QuerySyntaxException {
    Question question =
        new Question(
            query,
            request.zone(),
            request.sort(),
            request.limit(),
            request.cursor(),
            request.facets());
    try {
      return search.search(question, visible.keySet());
    } catch (TooBroadException e) {
      throw tooBroad(request.query(), e);
    }
  }

  private static QuerySyntaxException tooBroad(String query, TooBroadException e) {
    int star = query.indexOf(e.beginning() + "*") + e.beginning().length() + 1;
    return new QuerySyntaxException(star, "more letters before *: " + e.getMessage());
  }

  /// The numbers of all messages that a query finds.
  BitSet numbers(String query, ZoneId zone) throws IOException, QuerySyntaxException {
    try {
      return search.numbers(QueryParser.parse(query), visible.keySet(), zone);
    } catch (TooBroadException e) {
      throw tooBroad(query, e);
    }
  }

  @Override
  public Optional<ConversationView> conversation(ContentId id) throws IOException {
    Optional<Message> message = find(id);
    return message.isEmpty()
        ? Optional.empty()
        : Optional.of(view(search.conversation(message.get(), visible.keySet())));
  }

  private static ConversationView view(Conversation conversation) {
    return new ConversationView(
        conversation.entries().stream()
            .map(
                entry ->
                    new ConversationView.Entry(
                        entry.depth(), entry.hit() == null ? null : hit(entry.hit(), List.of())))
            .toList(),
        conversation.cut());
  }

  @Override
  public Optional<List<SearchPage.Hit>> similar(ContentId id, int limit) throws IOException {
    Optional<Message> message = find(id);
    return message.isEmpty()
        ? Optional.empty()
        : Optional.of(
            search.similar(message.get(), visible.keySet(), limit).stream()
                .map(hit -> hit(hit, List.of()))
                .toList());
  }

  /// A message that has a place which the person sees.
  private Optional<Message> find(ContentId id) {
    return catalogue.messages().find(id).filter(message -> !places(message).isEmpty());
  }

  private static SearchPage.Hit hit(Results.Hit hit, List<Snippet> snippets) {
    Message message = hit.message();
    return new SearchPage.Hit(
        message.content(),
        message.subject(),
        message.from(),
        message.to(),
        message.internalDate(),
        message.length(),
        message.attachment(),
        hit.places().stream()
            .map(Place::mailbox)
            .distinct()
            .map(PersonalReadModel::summary)
            .toList(),
        snippets);
  }

  private static MessageView.Place place(Place place) {
    return new MessageView.Place(
        summary(place.mailbox()),
        place.uid(),
        place.source(),
        place.internalDate(),
        flags(place.flags()),
        place.provenance(),
        place.captured(),
        place.absence(),
        place.leaf());
  }

  static Set<String> flags(Collection<SourceText> flags) {
    return flags.stream().map(SourceText::display).collect(Collectors.toUnmodifiableSet());
  }

  static MailboxSummary summary(Mailbox mailbox) {
    return summary(mailbox, Shown.ALL);
  }

  static MailboxSummary summary(Mailbox mailbox, Shown shown) {
    Counts counts = mailbox.counts(shown);
    return new MailboxSummary(
        mailbox.id(),
        mailbox.account(),
        mailbox.path(),
        mailbox.attributes(),
        mailbox.uidValidity(),
        mailbox.uidNext(),
        counts.messages(),
        counts.unseen(),
        counts.octets());
  }
}
