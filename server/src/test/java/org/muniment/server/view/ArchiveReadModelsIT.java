package org.muniment.server.view;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.Receipt;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.search.Passage;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.SortOrder;
import org.muniment.indexer.search.Substrings;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.Role;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.User;
import org.muniment.server.access.VirtualNumbers;
import org.muniment.server.view.imap.message.Rows;

/// The read model over a real archive, catalogue and full-text index.
class ArchiveReadModelsIT {

  private static final AccountName ALICE = new AccountName("alice");
  private static final AccountName BOB = new AccountName("bob");
  private static final User ALICE_USER = new User("alice", Role.USER);
  private static final User BOB_USER = new User("bob", Role.USER);
  private static final User AUDITOR = new User("auditor", Role.AUDITOR);
  private static final User ADMIN = new User("admin", Role.ADMIN);
  private static final Instant TIME = Instant.parse("2024-02-29T12:00:00Z");

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Archive archive;
  private Catalogue catalogue;
  private ArchiveWriter writer;
  private CatalogueFollower catalogueFollower;
  private IndexFollower indexFollower;
  private ArchiveReadModels models;
  private long sourceUid;

  @BeforeEach
  void openAll() throws IOException {
    archive =
        opened(
            Archive.create(
                folder.resolve("archive"),
                "test.example/log",
                RootKeys.generate(new SecureRandom())));
    catalogue = opened(Catalogue.open(folder.resolve("catalogue.db")));
    writer = opened(archive.writer(catalogue));
    FullTextIndex index = opened(FullTextIndex.open(folder.resolve("index")));
    catalogueFollower = opened(new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {}));
    KeptText kept = opened(KeptText.open(folder.resolve("text"), RootKeys.NONE));
    indexFollower =
        opened(
            new IndexFollower(archive, catalogue, index, Attachments.of(kept, "1"), Progress.NONE));
    AccessPolicy policy =
        new AccessPolicy(List.of(), user -> user.equals("auditor") ? Set.of(ALICE) : Set.of());
    models =
        new ArchiveReadModels(
            archive,
            catalogue,
            index,
            new Search(archive, catalogue, index, Clock.systemUTC()),
            new Substrings(catalogue, index, kept, true),
            policy,
            Map.of(ALICE, "Alice's mail"),
            AttachmentTexts.NONE);
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.addFirst(part);
    return part;
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable part : open) {
      part.close();
    }
  }

  private MailboxId mailbox(AccountName account, String name) throws IOException {
    return writer.createMailbox(account, SourceText.of(name), "/", Set.of()).id();
  }

  private ContentId message(AccountName account, MailboxId mailbox, byte[] octets)
      throws IOException {
    return message(account, mailbox, octets, Set.of(SourceText.of("\\Seen")));
  }

  private ContentId message(
      AccountName account, MailboxId mailbox, byte[] octets, Set<SourceText> flags)
      throws IOException {
    return writer
        .append(
            Octets.of(octets),
            account,
            mailbox,
            new Event.SourceUid(new UidValidity(1), new Uid(++sourceUid)),
            TIME.plusSeconds(sourceUid),
            flags,
            new Event.Provenance("imap", "mail.example", "alice"))
        .content();
  }

  private ContentId message(AccountName account, MailboxId mailbox, String text)
      throws IOException {
    return message(account, mailbox, text.getBytes(StandardCharsets.UTF_8));
  }

  private void follow() throws IOException {
    writer.commit();
    catalogueFollower.catchUp();
    indexFollower.catchUp();
  }

  @Test
  void accountsAreThoseOfThePersonWithTheirCounts() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    mailbox(ALICE, "INBOX/Über/a");
    mailbox(BOB, "INBOX");
    message(ALICE, inbox, "Subject: one\r\n\r\n");
    follow();
    assertThat(models.of(ALICE_USER).accounts())
        .extracting(AccountView::title, AccountView::mailboxes, AccountView::messages)
        .containsExactly(tuple("Alice's mail", 2L, 1L));
    assertThat(models.of(AUDITOR).accounts()).extracting(AccountView::name).containsExactly(ALICE);
    assertThat(models.of(ADMIN).accounts()).isEmpty();
    assertThat(models.of(ALICE_USER).mailboxes(ALICE))
        .extracting(MailboxSummary::path)
        .containsExactly(List.of("INBOX"), List.of("INBOX", "Über", "a"));
    assertThat(models.of(ALICE_USER).mailboxes(BOB)).isEmpty();
  }

  @Test
  void anAccountThatIsNotCapturedYetIsThereAndEmpty() {
    assertThat(models.of(ALICE_USER).accounts())
        .extracting(AccountView::name)
        .containsExactly(ALICE);
    assertThat(models.of(BOB_USER).accounts()).isEmpty();
  }

  @Test
  void nobodySeesWhatIsNotTheirs() throws Exception {
    MailboxId alices = mailbox(ALICE, "INBOX");
    MailboxId bobs = mailbox(BOB, "INBOX");
    ContentId hers = message(ALICE, alices, "Subject: hers\r\n\r\nsecret word");
    ContentId both = message(ALICE, alices, "Subject: both\r\n\r\nshared word");
    message(BOB, bobs, "Subject: both\r\n\r\nshared word");
    follow();

    for (User stranger : List.of(BOB_USER, ADMIN)) {
      ReadModel model = models.of(stranger);
      assertThat(model.mailbox(alices)).isEmpty();
      assertThat(model.message(hers)).isEmpty();
      assertThatThrownBy(() -> model.octets(hers, 0)).isInstanceOf(FileNotFoundException.class);
      assertThat(found(model, "secret")).isZero();
    }
    for (User reader : List.of(ALICE_USER, AUDITOR)) {
      ReadModel model = models.of(reader);
      assertThat(model.mailbox(alices)).isPresent();
      assertThat(model.mailbox(bobs)).isEmpty();
      assertThat(model.message(hers)).isPresent();
      assertThat(found(model, "secret")).isEqualTo(1);
    }
    assertThat(places(BOB_USER, both)).containsExactly(bobs);
    assertThat(places(ALICE_USER, both)).containsExactly(alices);
    assertThat(search(models.of(BOB_USER), "word", 10, "").hits())
        .singleElement()
        .satisfies(
            hit ->
                assertThat(hit.mailboxes()).extracting(MailboxSummary::id).containsExactly(bobs));
  }

  private List<MailboxId> places(User user, ContentId id) {
    return models.of(user).message(id).stream()
        .flatMap(message -> message.places().stream())
        .map(place -> place.mailbox().id())
        .toList();
  }

  private static long found(ReadModel model, String query) throws Exception {
    return search(model, query, 10, "").total();
  }

  private static SearchPage search(ReadModel model, String query, int limit, String cursor)
      throws IOException, QuerySyntaxException {
    return model.search(
        new SearchRequest(query, limit, cursor.isEmpty() ? null : cursor, SortOrder.DATE));
  }

  @Test
  void searchIsPagedToTheEndAndShowsItsPassages() throws Exception {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    for (int i = 0; i < 23; i++) {
      message(ALICE, inbox, "Subject: n" + i + "\r\n\r\nfind the needle in " + i);
    }
    follow();
    ReadModel model = models.of(ALICE_USER);
    List<String> subjects = new ArrayList<>();
    String cursor = "";
    do {
      SearchPage page = search(model, "needle", 10, cursor);
      assertThat(page.total()).isEqualTo(23);
      assertThat(page.lag()).isZero();
      page.hits().forEach(hit -> subjects.add(hit.subject()));
      assertThat(page.hits().getFirst().snippets())
          .singleElement()
          .satisfies(
              snippet -> {
                assertThat(snippet.part()).hasToString("1");
                assertThat(snippet.passages()).contains(new Passage("needle", true));
              });
      cursor = Optional.ofNullable(page.next()).orElse("");
    } while (!cursor.isEmpty());
    assertThat(subjects).hasSize(23).doesNotHaveDuplicates().startsWith("n22", "n21");
    assertThatThrownBy(() -> search(model, "needle", 10, "AAAA"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> search(model, "(", 10, "")).isInstanceOf(QuerySyntaxException.class);
  }

  @Test
  void onlyTheFirstHitsOfALongPageAreReadForTheirPassages() throws Exception {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    for (int i = 0; i < SearchRequest.MAX_SNIPPETS + 3; i++) {
      message(ALICE, inbox, "Subject: n" + i + "\r\n\r\nneedle " + i);
    }
    follow();
    List<SearchPage.Hit> hits = search(models.of(ALICE_USER), "needle", 500, "").hits();
    assertThat(hits).hasSize(SearchRequest.MAX_SNIPPETS + 3);
    assertThat(hits.subList(0, SearchRequest.MAX_SNIPPETS))
        .allMatch(hit -> hit.snippets().size() == 1);
    assertThat(hits.subList(SearchRequest.MAX_SNIPPETS, hits.size()))
        .allMatch(hit -> hit.snippets().isEmpty());
  }

  @Test
  void conversationsAndWhatIsAlikeHaveOnlyWhatOneSees() throws Exception {
    MailboxId alices = mailbox(ALICE, "INBOX");
    MailboxId bobs = mailbox(BOB, "INBOX");
    String words = "\r\n\r\nthe zeppelin hangar needs canvas and rivets";
    ContentId question = message(ALICE, alices, "Message-ID: <q@x>\r\nSubject: hangar" + words);
    ContentId answer =
        message(
            BOB, bobs, "Message-ID: <a@x>\r\nIn-Reply-To: <q@x>\r\nSubject: Re: hangar" + words);
    String last = "Message-ID: <l@x>\r\nReferences: <q@x> <a@x>\r\nSubject: Re: hangar" + words;
    ContentId both = message(ALICE, alices, last);
    message(BOB, bobs, last);
    follow();
    ReadModel alice = models.of(ALICE_USER);
    ReadModel bob = models.of(BOB_USER);
    assertThat(thread(alice, both)).containsExactly("0 " + question, "1 " + both);
    assertThat(thread(bob, both)).containsExactly("0 " + answer, "1 " + both);
    assertThat(alice.conversation(answer)).isEmpty();
    assertThat(alike(alice, both)).containsExactly(question);
    assertThat(alike(bob, both)).containsExactly(answer);
    assertThat(bob.similar(question, 10)).isEmpty();
  }

  private static List<String> thread(ReadModel model, ContentId id) throws IOException {
    return model.conversation(id).orElseThrow().entries().stream()
        .map(
            entry -> entry.depth() + " " + (entry.message() == null ? "gap" : entry.message().id()))
        .toList();
  }

  private static List<ContentId> alike(ReadModel model, ContentId id) throws IOException {
    return model.similar(id, 10).orElseThrow().stream().map(SearchPage.Hit::id).toList();
  }

  @Test
  void aBeginningOfTooManyWordsIsRefusedWhereItStands() throws Exception {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    StringBuilder words = new StringBuilder("\r\n\r\n");
    for (int i = 0; i < 60_000; i++) {
      words.append("zq").append(Integer.toString(i, 36)).append(' ');
    }
    message(ALICE, inbox, words.toString());
    follow();
    ReadModel model = models.of(ALICE_USER);
    assertThatThrownBy(() -> search(model, "from:x OR zq*", 10, ""))
        .isInstanceOf(QuerySyntaxException.class)
        .hasMessageContaining("column 13")
        .hasMessageContaining("50000 words begin with");
    assertThat(search(model, "zqa*", 10, "").total()).isEqualTo(1);
  }

  @Test
  void octetsComeOutAsTheyWentIn() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    for (String hex : List.of("", "00", "0d", "0a", "ff00fe0d0a0d0a00")) {
      byte[] octets = HexFormat.of().parseHex(hex);
      ContentId id = message(ALICE, inbox, octets);
      follow();
      for (int offset = 0; offset <= octets.length; offset++) {
        try (InputStream in = models.of(ALICE_USER).octets(id, offset)) {
          assertThat(in.readAllBytes())
              .isEqualTo(Arrays.copyOfRange(octets, offset, octets.length));
        }
      }
    }
  }

  @Test
  void aMailboxIsNumberedByUidAndDoesNotChange() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    ContentId first = message(ALICE, inbox, "Subject: first\r\n\r\n");
    message(ALICE, inbox, "Subject: second\r\n\r\n");
    follow();
    MailboxView before = models.of(ALICE_USER).mailbox(inbox).orElseThrow();
    message(ALICE, inbox, "Subject: third\r\n\r\n");
    follow();
    MailboxView after = models.of(ALICE_USER).mailbox(inbox).orElseThrow();

    assertThat(before.exists()).isEqualTo(2);
    assertThat(after.exists()).isEqualTo(3);
    assertThat(after.firstFrom(Long.MAX_VALUE)).isEqualTo(4);
    assertThat(after.firstFrom(0)).isEqualTo(1);
    assertThat(after.firstFrom(after.uid(2).value())).isEqualTo(2);
    List<MessageRow> rows = after.rows(1, 3, true);
    assertThat(rows).extracting(MessageRow::sequence).containsExactly(1, 2, 3);
    assertThat(rows.getFirst().content()).isEqualTo(first);
    assertThat(rows.getFirst().internalDate()).isEqualTo(TIME.plusSeconds(1));
    assertThat(rows.getFirst().flags()).containsExactly("\\Seen");
    assertThat(rows.getFirst().structure().envelope().subject()).isEqualTo("first");
    assertThat(after.rows(2, 2, false).getFirst().kept()).isNull();
  }

  @Test
  void everyKindOfMailboxKnowsWhatIsKeptForLists() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    for (int i = 1; i <= 3; i++) {
      message(ALICE, inbox, "Subject: of message " + i + "\r\n\r\n");
    }
    follow();
    ReadModel model = virtualModel();
    List<MailboxView> views =
        List.of(
            model.mailbox(inbox).orElseThrow(),
            model.virtualMailbox(model.virtualMailboxes().getFirst().id()).orElseThrow(),
            model.pastView(inbox, Instant.now().plusSeconds(60)).orElseThrow());
    for (MailboxView view : views) {
      List<MessageRow> rows = view.rows(2, 3, false);
      Map<Uid, ListedFields> listed = view.listed(rows);
      assertThat(listed.keySet())
          .as(view.getClass().getSimpleName())
          .containsAll(rows.stream().map(MessageRow::uid).toList());
      for (MessageRow row : rows) {
        assertThat(
                new String(requireNonNull(listed.get(row.uid())).octets(), StandardCharsets.UTF_8))
            .contains("Subject: of message " + row.sequence());
      }
      assertThat(view.listed(List.of())).isEmpty();
    }
  }

  private ReadModel virtualModel() throws IOException {
    StateDatabase state = opened(StateDatabase.open(folder.resolve("state.db")));
    return models.withVirtual(SavedSearches.of(state), VirtualNumbers.of(state)).of(ALICE_USER);
  }

  @Test
  void messagesWithLargeStructuresComeFewAtATime() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    for (int i = 1; i <= 12; i++) {
      message(
          ALICE,
          inbox,
          "Subject: %d\r\nTo: %s\r\n\r\n".formatted(i, "to@b.example,".repeat(50_000)));
    }
    follow();
    ReadModel model = virtualModel();
    MailboxView captured = model.mailbox(inbox).orElseThrow();
    assertThat(captured.rows(1, 12, true)).hasSizeBetween(1, 11);
    assertThat(captured.rows(1, 12, false)).hasSize(12);
    assertThat(sequences(captured)).isEqualTo(IntStream.rangeClosed(1, 12).boxed().toList());

    MailboxView all = model.virtualMailbox(model.virtualMailboxes().getFirst().id()).orElseThrow();
    assertThat(all.rows(1, 12, true)).hasSizeBetween(1, 11);
    assertThat(sequences(all)).isEqualTo(IntStream.rangeClosed(1, 12).boxed().toList());

    PastMailbox past = model.past(inbox, Instant.now().plusSeconds(60)).orElseThrow();
    assertThat(past.before(Uid.MAX + 1, 12))
        .extracting(row -> row.uid().value())
        .isEqualTo(LongStream.rangeClosed(1, 12).boxed().toList().reversed());
  }

  private static List<Integer> sequences(MailboxView view) throws IOException {
    List<Integer> sequences = new ArrayList<>();
    BitSet all = new BitSet();
    all.set(1, view.exists() + 1);
    Rows.forEach(
        view,
        all,
        true,
        rows ->
            rows.forEach(
                row -> {
                  assertThat(row.kept()).isNotNull();
                  sequences.add(row.sequence());
                }));
    return sequences;
  }

  @Test
  void theFirstUnseenMessageIsFoundHoweverFarBack() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    for (int i = 0; i < 6_000; i++) {
      message(ALICE, inbox, "Subject: same\r\n\r\n");
    }
    follow();
    MailboxView seen = models.of(ALICE_USER).mailbox(inbox).orElseThrow();
    byte[] fresh = "Subject: fresh\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    message(ALICE, inbox, fresh, Set.of(SourceText.of("\\Flagged")));
    message(ALICE, inbox, fresh, Set.of(SourceText.of("\\SEEN")));
    message(ALICE, inbox, fresh, Set.of());
    follow();
    MailboxView now = models.of(ALICE_USER).mailbox(inbox).orElseThrow();
    assertThat(seen.firstUnseen(1)).isEmpty();
    assertThat(now.firstUnseen(1)).hasValue(6_001);
    assertThat(now.firstUnseen(6_002)).hasValue(6_003);
    assertThat(now.summary().unseen()).isEqualTo(2);
    assertThat(now.unseen(1, 6_003)).isEqualTo(2);
    assertThat(now.unseen(6_002, 6_003)).isEqualTo(1);
    assertThat(now.unseen(1, 6_000)).isZero();
    assertThat(now.rows(6_002, 6_002, false).getFirst().isSeen()).isTrue();
  }

  @Test
  void textIsLookedThroughExactly() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    for (int i = 1; i <= 120; i++) {
      String word = i % 40 == 0 ? "xneedLEx" : "hay";
      message(ALICE, inbox, "Subject: =?utf-8?q?=C3=9Cber_" + i + "?=\r\n\r\n" + word);
    }
    follow();
    MailboxView view = models.of(ALICE_USER).mailbox(inbox).orElseThrow();
    BitSet all = new BitSet();
    all.set(1, 121);
    assertThat(view.matching(new TextKey.Body("needle"), all).stream())
        .containsExactly(40, 80, 120);
    assertThat(view.matching(new TextKey.Text("über 1"), all).cardinality()).isEqualTo(32);
    assertThat(view.matching(new TextKey.Header("subject", "Über 77"), all).stream())
        .containsExactly(77);
    assertThat(view.matching(new TextKey.Header("X-None", ""), all).isEmpty()).isTrue();
    assertThat(all.cardinality()).isEqualTo(120);
    BitSet some = new BitSet();
    some.set(80);
    some.set(119);
    assertThat(view.matching(new TextKey.Body("needle"), some).stream()).containsExactly(80);
    assertThat(view.matching(new TextKey.Body("needle"), new BitSet()).isEmpty()).isTrue();
  }

  @Test
  void whatTheIndexAnswersIsWhatReadingAnswers() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    MailboxId other = mailbox(ALICE, "Other");
    for (int i = 1; i <= 150; i++) {
      String body = i % 7 == 0 ? "Straße, Nr. " + i : "x".repeat(i % 5) + "\r\ny" + i;
      message(ALICE, i % 3 == 0 ? other : inbox, "Subject: s" + i % 11 + "\r\n\r\n" + body);
      if (i == 120) {
        follow();
      }
    }
    // In the catalogue, and not in the index yet.
    writer.commit();
    catalogueFollower.catchUp();
    MailboxView view = models.of(ALICE_USER).mailbox(inbox).orElseThrow();
    BitSet all = new BitSet();
    all.set(1, view.exists() + 1);
    assertThat(all.cardinality()).isEqualTo(100);
    for (TextKey key :
        List.of(
            new TextKey.Body("STRAßE"),
            new TextKey.Body("xx\r\ny1"),
            new TextKey.Body("y"),
            new TextKey.Body("1"),
            new TextKey.Body(""),
            new TextKey.Text("s1\n"),
            new TextKey.Text(": S"),
            new TextKey.Header("Subject", "s1"),
            new TextKey.Header("SUBJECT", ""),
            new TextKey.Header("s1", ""))) {
      BitSet read = new BitSet();
      for (int i = 1; i <= view.exists(); i++) {
        BitSet one = new BitSet();
        one.set(i);
        read.or(view.matching(key, one));
      }
      assertThat(view.matching(key, all)).as(key.toString()).isEqualTo(read);
    }
    assertThat(view.matching(new TextKey.Body("STRAßE"), all).cardinality()).isPositive();
  }

  @Test
  void receiptsAreForReadersAndForWhoRunsTheSystem() throws IOException {
    mailbox(ALICE, "INBOX");
    mailbox(BOB, "INBOX");
    for (AccountName account : List.of(ALICE, BOB, ALICE)) {
      writer.append(new Event.Poll(account, TIME, List.of(), List.of(), SourceText.of(""), 0));
    }
    follow();
    assertThat(accounts(models.captures(ADMIN, Long.MAX_VALUE, 10)))
        .containsExactly(ALICE, BOB, ALICE);
    assertThat(accounts(models.captures(ADMIN, Long.MAX_VALUE, 2))).containsExactly(ALICE, BOB);
    assertThat(accounts(models.captures(BOB_USER, Long.MAX_VALUE, 10))).containsExactly(BOB);
    assertThat(models.receipts(BOB_USER, ALICE, Long.MAX_VALUE, 10)).isEmpty();
    assertThat(models.receipts(AUDITOR, ALICE, Long.MAX_VALUE, 10)).hasSize(2);
    assertThat(models.knows(BOB_USER, ALICE)).isFalse();
    assertThat(models.knows(ADMIN, BOB)).isTrue();
    assertThat(models.knows(ADMIN, new AccountName("nobody"))).isFalse();
  }

  private static List<AccountName> accounts(List<Receipt> receipts) {
    return receipts.stream().map(receipt -> receipt.poll().account()).toList();
  }

  @Test
  void positionsAreForAllAndSizesForWhoRunsTheSystem() throws IOException {
    MailboxId inbox = mailbox(ALICE, "INBOX");
    message(ALICE, inbox, "Subject: one\r\n\r\n");
    follow();
    assertThat(models.archive(ALICE_USER)).isEqualTo(new ArchiveStatus(2, 2, 2, null, null));
    assertThat(requireNonNull(models.archive(ADMIN).totals()).messages()).isEqualTo(1);
  }
}
