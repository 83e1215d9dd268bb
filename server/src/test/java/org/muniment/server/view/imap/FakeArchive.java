package org.muniment.server.view.imap;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Evidence;
import org.muniment.archive.Location;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.Shown;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.mail.KeptStructure;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.SentDate;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureJson;
import org.muniment.indexer.mail.StructureReader;
import org.muniment.indexer.text.AttachedTexts;
import org.muniment.indexer.text.OctetSource;
import org.muniment.indexer.text.SubstringMatcher;
import org.muniment.server.access.Relation;
import org.muniment.server.access.Role;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.User;
import org.muniment.server.config.Secret;
import org.muniment.server.view.AccountView;
import org.muniment.server.view.ConversationView;
import org.muniment.server.view.MailboxSummary;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.MessageView;
import org.muniment.server.view.ModSeq;
import org.muniment.server.view.PastMailbox;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.ReadModels;
import org.muniment.server.view.SearchPage;
import org.muniment.server.view.SearchRequest;
import org.muniment.server.view.TextKey;

/// A read model of messages in memory, with one user: `alice`, password `secret`.
final class FakeArchive implements ReadModels, ReadModel, SignIn {

  static final AccountName ALICE = new AccountName("alice");

  /// So few messages come with their structure, as where these are large.
  private static final int MAX_STRUCTURES = 3;

  private final Map<AccountName, Relation> accounts =
      new ConcurrentSkipListMap<>(Map.of(ALICE, Relation.PRIMARY));
  private final Map<MailboxId, Box> boxes = new ConcurrentHashMap<>();
  private final Map<ContentId, OctetSource> contents = new ConcurrentHashMap<>();

  private final AtomicLong leaf = new AtomicLong();

  private final int firstUid;
  private final int uidStep;

  /// With UIDs that are never mistaken for sequence numbers: 10, 12, 14.
  FakeArchive() {
    this(10, 2);
  }

  FakeArchive(int firstUid, int uidStep) {
    this.firstUid = firstUid;
    this.uidStep = uidStep;
  }

  /// What is in a mailbox: rows with their structure.
  private record Box(MailboxSummary start, List<MessageRow> rows, Map<Uid, MessageRow> left) {}

  void account(String name, Relation relation) {
    accounts.put(new AccountName(name), relation);
  }

  /// Takes an account away from the user, with its mailboxes.
  void revoke(String name) {
    accounts.remove(new AccountName(name));
  }

  MailboxId mailbox(String... path) {
    return mailbox(ALICE, Set.of(), List.of(path));
  }

  MailboxId mailbox(AccountName account, Set<String> attributes, List<String> path) {
    MailboxId id = new MailboxId("%016x".formatted(boxes.size() + 1));
    UidValidity validity = new UidValidity(1000 + boxes.size());
    boxes.put(
        id,
        new Box(
            new MailboxSummary(id, account, path, attributes, validity, 1, 0, 0, 0),
            new CopyOnWriteArrayList<>(),
            new ConcurrentHashMap<>()));
    return id;
  }

  void append(MailboxId mailbox, String message, String... flags) throws IOException {
    append(mailbox, message.getBytes(StandardCharsets.UTF_8), flags);
  }

  void append(MailboxId mailbox, byte[] message, String... flags) throws IOException {
    append(
        mailbox,
        offset -> new ByteArrayInputStream(message, (int) offset, message.length - (int) offset),
        Instant.parse("2017-07-20T08:09:10Z").plusSeconds(86_400L * box(mailbox).rows.size()),
        Set.of(flags));
  }

  void append(MailboxId mailbox, OctetSource octets, Instant internalDate, Set<String> flags)
      throws IOException {
    List<MessageRow> rows = box(mailbox).rows();
    Structure structure;
    try (InputStream in = octets.open(0)) {
      structure = StructureReader.read(in);
    }
    ContentId content = digest(octets);
    contents.put(content, octets);
    rows.add(
        new MessageRow(
            rows.size() + 1,
            new Uid(uidNext(box(mailbox))),
            content,
            structure.length(),
            new Location(""),
            internalDate,
            internalDate,
            sentDate(structure),
            flags,
            ModSeq.of(leaf.getAndIncrement()),
            new KeptStructure(StructureJson.write(structure))));
  }

  private long uidNext(Box box) {
    return firstUid + (long) uidStep * (box.rows.size() + box.left.size());
  }

  /// The messages of these UIDs leave the mailbox.
  void leave(MailboxId mailbox, long... uids) {
    Box box = box(mailbox);
    for (long uid : uids) {
      MessageRow row = row(box, uid);
      box.left.put(row.uid(), row.withModSeq(ModSeq.of(leaf.get())));
      box.rows.remove(row);
    }
    leaf.incrementAndGet();
  }

  /// A message is back.
  void comeBack(MailboxId mailbox, long uid) {
    Box box = box(mailbox);
    MessageRow row = Objects.requireNonNull(box.left.remove(new Uid(uid)));
    int before = (int) box.rows.stream().filter(other -> other.uid().value() < uid).count();
    box.rows.add(before, row.withModSeq(ModSeq.of(leaf.getAndIncrement())));
  }

  /// A message is observed as seen at the source.
  void observeSeen(MailboxId mailbox, long uid) {
    Box box = box(mailbox);
    MessageRow row = row(box, uid);
    box.rows.set(
        box.rows.indexOf(row), row.withSeen(true).withModSeq(ModSeq.of(leaf.getAndIncrement())));
  }

  private static MessageRow row(Box box, long uid) {
    return box.rows.stream().filter(row -> row.uid().value() == uid).findFirst().orElseThrow();
  }

  /// Makes the octets of a message unreadable.
  void lose(MailboxId mailbox, int sequence) {
    contents.remove(box(mailbox).rows().get(sequence - 1).content());
  }

  private Box box(MailboxId id) {
    Box box = boxes.get(id);
    if (box == null) {
      throw new IllegalArgumentException("no mailbox " + id);
    }
    return box;
  }

  private static @Nullable SentDate sentDate(Structure structure) {
    String date = structure.envelope().date();
    return date == null ? null : SentDate.parse(date).orElse(null);
  }

  private static ContentId digest(OctetSource octets) throws IOException {
    try (InputStream in = octets.open(0)) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] piece = new byte[8192];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        sha256.update(piece, 0, count);
      }
      return ContentId.of(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Optional<User> withPassword(String name, Secret password, InetAddress peer) {
    return name.equals("alice") && password.value().equals("secret")
        ? Optional.of(new User(name, Role.USER))
        : Optional.empty();
  }

  @Override
  public Optional<User> withToken(Secret token) {
    return Optional.empty();
  }

  @Override
  public ReadModel of(User user) {
    return this;
  }

  @Override
  public List<AccountView> accounts() {
    return accounts.entrySet().stream()
        .map(entry -> new AccountView(entry.getKey(), "", entry.getValue(), 0, 0))
        .toList();
  }

  @Override
  public boolean reads(AccountName account) {
    return accounts.containsKey(account);
  }

  @Override
  public boolean owns(AccountName account) {
    return accounts.getOrDefault(account, Relation.OTHER) != Relation.OTHER;
  }

  @Override
  public List<MailboxSummary> mailboxes(AccountName account) {
    return boxes.values().stream()
        .map(box -> new View(box).summary())
        .filter(mailbox -> mailbox.account().equals(account))
        .sorted(Comparator.comparing(MailboxSummary::id))
        .toList();
  }

  @Override
  public Optional<MailboxView> mailbox(MailboxId id, Shown shown) {
    return Optional.ofNullable(boxes.get(id))
        .filter(box -> reads(box.start().account()))
        .map(View::new);
  }

  @Override
  public Optional<PastMailbox> past(MailboxId id, Instant asOf) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<MessageView> message(ContentId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Evidence evidence(ContentId id) throws IOException {
    throw new FileNotFoundException("no log here: " + id);
  }

  @Override
  public Map<PartPath, String> attachments(MessageView message) {
    return Map.of();
  }

  @Override
  public Optional<Extraction> attachmentText(MessageView message, PartPath path) {
    return Optional.empty();
  }

  @Override
  public InputStream octets(ContentId id, long offset) throws IOException {
    OctetSource octets = contents.get(id);
    if (octets == null) {
      throw new FileNotFoundException(id.toString());
    }
    return octets.open(offset);
  }

  @Override
  public SearchPage search(SearchRequest request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<ConversationView> conversation(ContentId id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<List<SearchPage.Hit>> similar(ContentId id, int limit) {
    throw new UnsupportedOperationException();
  }

  private final class View implements MailboxView {
    private final Box box;
    private final List<MessageRow> rows;
    private final long highest;

    View(Box box) {
      this(box, List.copyOf(box.rows()));
    }

    View(Box box, List<MessageRow> shown) {
      this.box = box;
      this.highest =
          Stream.concat(box.rows.stream(), box.left.values().stream())
              .mapToLong(MessageRow::modSeq)
              .max()
              .orElse(ModSeq.FIRST);
      this.rows = numbered(shown);
    }

    private static List<MessageRow> numbered(List<MessageRow> rows) {
      return IntStream.range(0, rows.size()).mapToObj(i -> numbered(i + 1, rows.get(i))).toList();
    }

    private static MessageRow numbered(int sequence, MessageRow row) {
      return new MessageRow(
          sequence,
          row.uid(),
          row.content(),
          row.length(),
          row.location(),
          row.internalDate(),
          row.saved(),
          row.sentDate(),
          row.flags(),
          row.modSeq(),
          row.kept());
    }

    @Override
    public MailboxSummary summary() {
      return new MailboxSummary(
          box.start.id(),
          box.start.account(),
          box.start.path(),
          box.start.attributes(),
          box.start.uidValidity(),
          uidNext(box) == firstUid ? firstUid : uidNext(box) - uidStep + 1,
          rows.size(),
          rows.stream().filter(row -> !row.flags().contains("\\Seen")).count(),
          rows.stream().mapToLong(MessageRow::length).sum());
    }

    @Override
    public UidSet uids() {
      return UidSet.of(uids(rows));
    }

    private static UidRanges uids(Collection<MessageRow> rows) {
      UidRanges.Builder uids = new UidRanges.Builder();
      rows.forEach(row -> uids.accept(row.uid().value()));
      return uids.build();
    }

    @Override
    public MailboxView with(UidSet messages) {
      return new View(
          box,
          Stream.concat(box.rows.stream(), box.left.values().stream())
              .filter(row -> messages.contains(row.uid().value()))
              .sorted(Comparator.comparingLong(row -> row.uid().value()))
              .toList());
    }

    @Override
    public long highestModSeq() {
      return highest;
    }

    @Override
    public Changes changedSince(long modSeq) {
      return new Changes(since(modSeq, box.rows), since(modSeq, box.left.values()));
    }

    private static UidRanges since(long modSeq, Collection<MessageRow> rows) {
      return uids(rows.stream().filter(row -> row.modSeq() > modSeq).toList());
    }

    @Override
    public long modSeqNow() {
      return ModSeq.before(leaf.get());
    }

    @Override
    public OptionalInt firstUnseen(int from) {
      return rows.subList(from - 1, rows.size()).stream()
          .filter(row -> !row.flags().contains("\\Seen"))
          .mapToInt(MessageRow::sequence)
          .findFirst();
    }

    @Override
    public long unseen(int from, int to) {
      return rows.subList(from - 1, to).stream().filter(row -> !row.isSeen()).count();
    }

    @Override
    public long deleted() {
      return rows.stream().filter(row -> row.flags().contains("\\Deleted")).count();
    }

    @Override
    public List<MessageRow> rows(int from, int to, boolean structure) {
      if (to - from >= MAX_ROWS) {
        throw new IllegalArgumentException("too many rows: " + from + " to " + to);
      }
      return rows.subList(from - 1, to).stream()
          .limit(structure ? MAX_STRUCTURES : MAX_ROWS)
          .map(this::asItIsNow)
          .map(row -> structure ? row : withoutStructure(row))
          .toList();
    }

    private MessageRow asItIsNow(MessageRow row) {
      return Stream.concat(box.rows.stream(), box.left.values().stream())
          .filter(now -> now.uid().equals(row.uid()))
          .findFirst()
          .map(now -> numbered(row.sequence(), now))
          .orElseThrow();
    }

    @Override
    public BitSet having(ContentId content) {
      BitSet found = new BitSet();
      rows.stream()
          .filter(row -> row.content().equals(content))
          .forEach(row -> found.set(row.sequence()));
      return found;
    }

    @Override
    public BitSet matching(TextKey key, BitSet candidates) throws IOException {
      BitSet found = new BitSet();
      for (MessageRow row : new ArrayList<>(rows)) {
        if (candidates.get(row.sequence()) && matches(key, row)) {
          found.set(row.sequence());
        }
      }
      return found;
    }

    private boolean matches(TextKey key, MessageRow row) throws IOException {
      var matcher =
          new SubstringMatcher(
              row.structure(),
              offset -> FakeArchive.this.octets(row.content(), offset),
              AttachedTexts.NONE);
      return switch (key) {
        case TextKey.Header(var field, var value) -> matcher.header(field, value);
        case TextKey.Body(var value) -> matcher.body(value);
        case TextKey.Text(var value) -> matcher.text(value);
      };
    }
  }

  private static MessageRow withoutStructure(MessageRow row) {
    return new MessageRow(
        row.sequence(),
        row.uid(),
        row.content(),
        row.length(),
        row.location(),
        row.internalDate(),
        row.saved(),
        row.sentDate(),
        row.flags(),
        row.modSeq(),
        null);
  }
}
