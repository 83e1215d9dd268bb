package org.muniment.server.view.rest;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.muniment.archive.Evidence;
import org.muniment.archive.Location;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.indexer.catalog.Shown;
import org.muniment.indexer.catalog.Totals;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.mail.KeptStructure;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureJson;
import org.muniment.indexer.mail.StructureReader;
import org.muniment.indexer.search.Facet;
import org.muniment.indexer.search.FacetCounts;
import org.muniment.indexer.search.Passage;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.Snippet;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.Relation;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.view.AccountView;
import org.muniment.server.view.ArchiveStatus;
import org.muniment.server.view.ConversationView;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.MessageView;
import org.muniment.server.view.PastMailbox;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.SearchPage;
import org.muniment.server.view.SearchRequest;
import org.muniment.server.view.SystemStatus;
import org.muniment.server.view.TextKey;

/// An archive in memory, under the real access policy. Its search finds octets as they stand; the
/// query `(` is wrong, `fault` fails.
final class FakeArchive implements ReadModels, SystemStatus {

  static final Instant TIME = Instant.parse("2024-02-29T12:00:00Z");
  static final String INSIDE = "something about the inside";

  /// So few messages come with their structure, as where these are large.
  private static final int MAX_STRUCTURES = 3;

  private final Map<MailboxId, Mailbox> mailboxes = new LinkedHashMap<>();
  private final List<Receipt> receipts = new ArrayList<>();
  private final AccessPolicy policy =
      new AccessPolicy(
          List.of(), user -> user.equals("auditor") ? Set.of(new AccountName("alice")) : Set.of());

  private record Message(ContentId id, Octets octets, Structure structure) {}

  private record Mailbox(AccountName account, List<String> path, List<Message> messages) {}

  MailboxId mailbox(String account, String... path) {
    MailboxId id = new MailboxId("%016x".formatted(mailboxes.size() + 1));
    mailboxes.put(id, new Mailbox(new AccountName(account), List.of(path), new ArrayList<>()));
    return id;
  }

  ContentId message(MailboxId mailbox, String octets) {
    return message(mailbox, octets.getBytes(StandardCharsets.UTF_8));
  }

  ContentId message(MailboxId mailbox, byte[] octets) {
    ContentId id = sha256(octets);
    Objects.requireNonNull(mailboxes.get(mailbox))
        .messages()
        .add(new Message(id, Octets.of(octets), read(octets)));
    return id;
  }

  void captured(String account, String failure) {
    Event.Poll poll =
        new Event.Poll(
            new AccountName(account),
            TIME,
            List.of(),
            List.of(new Event.Excluded(SourceText.of("Junk"), "exclude: Junk")),
            SourceText.of(failure),
            3);
    receipts.addFirst(new Receipt(receipts.size(), TIME.plusSeconds(1), poll));
  }

  private static ContentId sha256(byte[] octets) {
    try {
      return ContentId.of(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Structure read(byte[] octets) {
    try {
      return StructureReader.read(new ByteArrayInputStream(octets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ReadModel of(User user) {
    return new Personal(policy.visible(user));
  }

  @Override
  public List<Receipt> receipts(User user, AccountName account, long before, int limit) {
    return captures(user, before, receipts.size()).stream()
        .filter(receipt -> receipt.poll().account().equals(account))
        .limit(limit)
        .toList();
  }

  @Override
  public List<Receipt> captures(User user, long before, int limit) {
    return receipts.stream()
        .filter(receipt -> knows(user, receipt.poll().account()) && receipt.leaf() < before)
        .limit(limit)
        .toList();
  }

  @Override
  public boolean knows(User user, AccountName account) {
    boolean exists = mailboxes.values().stream().anyMatch(box -> box.account().equals(account));
    return exists && (user.role() == Role.ADMIN || policy.visible(user).containsKey(account));
  }

  @Override
  public ArchiveStatus archive(User user) {
    return new ArchiveStatus(
        9,
        8,
        7,
        user.role() == Role.ADMIN ? new Totals(8, 1, 2, 3, 4, 5) : null,
        user.role() == Role.ADMIN ? new ArchiveStatus.Attachments(6, 1.5) : null);
  }

  private final class Personal implements ReadModel {
    private final Map<AccountName, Relation> visible;

    Personal(Map<AccountName, Relation> visible) {
      this.visible = visible;
    }

    private Collection<MailboxId> mailboxIds() {
      return mailboxes.entrySet().stream()
          .filter(entry -> visible.containsKey(entry.getValue().account()))
          .map(Map.Entry::getKey)
          .toList();
    }

    private Optional<Message> find(ContentId id) {
      return mailboxIds().stream()
          .flatMap(mailbox -> box(mailbox).messages().stream())
          .filter(message -> message.id().equals(id))
          .findFirst();
    }

    @Override
    public List<AccountView> accounts() {
      return visible.entrySet().stream()
          .filter(
              entry ->
                  mailboxes.values().stream().anyMatch(box -> box.account().equals(entry.getKey())))
          .map(entry -> account(entry.getKey(), entry.getValue()))
          .toList();
    }

    private AccountView account(AccountName name, Relation relation) {
      List<MailboxSummary> own = mailboxes(name);
      return new AccountView(
          name,
          name.value(),
          relation,
          own.size(),
          own.stream().mapToLong(MailboxSummary::messages).sum());
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
      return mailboxIds().stream()
          .map(FakeArchive.this::summary)
          .filter(summary -> summary.account().equals(account))
          .toList();
    }

    @Override
    public Optional<MailboxView> mailbox(MailboxId id, Shown shown) {
      return mailboxIds().contains(id)
          ? Optional.of(new View(summary(id), List.copyOf(box(id).messages())))
          : Optional.empty();
    }

    @Override
    public Optional<PastMailbox> past(MailboxId id, Instant asOf) {
      return Optional.empty();
    }

    @Override
    public Optional<MessageView> message(ContentId id) {
      return find(id).map(message -> new MessageView(id, message.structure(), places(id)));
    }

    private List<MessageView.Place> places(ContentId id) {
      return mailboxIds().stream()
          .filter(mailbox -> box(mailbox).messages().stream().anyMatch(m -> m.id().equals(id)))
          .map(
              mailbox ->
                  new MessageView.Place(
                      summary(mailbox),
                      new Uid(1),
                      new Event.SourceUid(new UidValidity(3), new Uid(4)),
                      TIME,
                      Set.of("\\Seen"),
                      new Event.Provenance("imap", "mail.example", "alice"),
                      TIME.plusSeconds(1),
                      null,
                      5))
          .toList();
    }

    @Override
    public Evidence evidence(ContentId id) throws IOException {
      throw new FileNotFoundException("no log here: " + id);
    }

    @Override
    public Map<PartPath, String> attachments(MessageView message) {
      return PartPath.parse("2")
          .filter(path -> path.find(message.structure().root()).isPresent())
          .map(path -> Map.of(path, "partial"))
          .orElse(Map.of());
    }

    @Override
    public Optional<Extraction> attachmentText(MessageView message, PartPath path) {
      return Optional.of(
          new Extraction(
              ExtractionStatus.PARTIAL, "", "application/pdf", List.of(), "", "inside the file"));
    }

    @Override
    public InputStream octets(ContentId id, long offset) throws IOException {
      InputStream octets =
          find(id).orElseThrow(() -> new FileNotFoundException(id.toString())).octets().open();
      octets.skipNBytes(offset);
      return octets;
    }

    @Override
    public SearchPage search(SearchRequest request) throws QuerySyntaxException {
      if (request.query().equals("(")) {
        throw new QuerySyntaxException(2, "a word");
      }
      if (request.query().equals("fault")) {
        throw new IllegalStateException(INSIDE);
      }
      List<SearchPage.Hit> all =
          mailboxIds().stream()
              .flatMap(
                  mailbox ->
                      box(mailbox).messages().stream()
                          .filter(message -> text(message).contains(request.query()))
                          .map(message -> hit(mailbox, message)))
              .toList();
      int from = request.cursor() == null ? 0 : Integer.parseInt(request.cursor());
      int to = Math.min(all.size(), from + request.limit());
      return new SearchPage(
          all.size(),
          all.subList(from, to),
          request.facets().stream().map(facet -> facet(facet, all.size())).toList(),
          to < all.size() ? "" + to : null,
          2,
          3);
    }

    private static FacetCounts facet(Facet facet, int hits) {
      return new FacetCounts(
          facet, List.of(new FacetCounts.Count("<v>", "<l>", hits, "from:x")), 7);
    }

    /// Every message is in a conversation with one that is not there, and answers it.
    @Override
    public Optional<ConversationView> conversation(ContentId id) {
      return found(id)
          .map(
              hit ->
                  new ConversationView(
                      List.of(
                          new ConversationView.Entry(0, null), new ConversationView.Entry(1, hit)),
                      true));
    }

    /// Every message is like itself only.
    @Override
    public Optional<List<SearchPage.Hit>> similar(ContentId id, int limit) {
      return found(id).map(List::of);
    }

    private Optional<SearchPage.Hit> found(ContentId id) {
      return mailboxIds().stream()
          .flatMap(
              mailbox ->
                  box(mailbox).messages().stream()
                      .filter(message -> message.id().equals(id))
                      .map(message -> hit(mailbox, message)))
          .findFirst();
    }

    private SearchPage.Hit hit(MailboxId mailbox, Message message) {
      return new SearchPage.Hit(
          message.id(),
          Objects.requireNonNullElse(message.structure().envelope().subject(), ""),
          "from",
          "to",
          TIME,
          message.octets().length(),
          false,
          List.of(summary(mailbox)),
          List.of(
              new Snippet(
                  new PartPath(List.of(1, 2)),
                  "a&b.pdf",
                  true,
                  List.of(new Passage("<b>before</b> ", false), new Passage("match", true)))));
    }
  }

  private static String text(Message message) {
    try (InputStream octets = message.octets().open()) {
      return new String(octets.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Mailbox box(MailboxId id) {
    return Objects.requireNonNull(mailboxes.get(id));
  }

  private MailboxSummary summary(MailboxId id) {
    Mailbox mailbox = box(id);
    return new MailboxSummary(
        id,
        mailbox.account(),
        mailbox.path(),
        Set.of(),
        new UidValidity(7),
        10L * mailbox.messages().size() + 1,
        mailbox.messages().size(),
        0,
        mailbox.messages().stream().mapToLong(message -> message.octets().length()).sum());
  }

  /// UIDs are 10, 20, 30 and so on.
  private record View(MailboxSummary summary, List<Message> messages) implements MailboxView {

    @Override
    public UidSet uids() {
      UidRanges.Builder uids = new UidRanges.Builder();
      IntStream.rangeClosed(1, messages.size()).forEach(number -> uids.accept(10L * number));
      return UidSet.of(uids.build());
    }

    @Override
    public MailboxView with(UidSet messages) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long highestModSeq() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Changes changedSince(long modSeq) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long modSeqNow() {
      throw new UnsupportedOperationException();
    }

    @Override
    public OptionalInt firstUnseen(int from) {
      return OptionalInt.empty();
    }

    @Override
    public long unseen(int from, int to) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long deleted() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<MessageRow> rows(int from, int to, boolean structure) {
      return IntStream.rangeClosed(from, to)
          .limit(structure ? MAX_STRUCTURES : MAX_ROWS)
          .mapToObj(this::row)
          .toList();
    }

    private MessageRow row(int sequence) {
      Message message = messages.get(sequence - 1);
      return new MessageRow(
          sequence,
          uid(sequence),
          message.id(),
          message.octets().length(),
          new Location(""),
          TIME,
          TIME.plusSeconds(1),
          null,
          Set.of("\\Seen"),
          1,
          new KeptStructure(StructureJson.write(message.structure())));
    }

    @Override
    public BitSet having(ContentId content) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BitSet matching(TextKey key, BitSet candidates) {
      throw new UnsupportedOperationException();
    }
  }
}
