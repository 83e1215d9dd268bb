package org.muniment.server.view.imap;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.Shown;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.Substrings;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.Role;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.SavedSearches.SavedSearch;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.Subscriptions;
import org.muniment.server.access.User;
import org.muniment.server.access.VirtualNumbers;
import org.muniment.server.config.ImapConfig;
import org.muniment.server.config.ImapConfig.UserFlags;
import org.muniment.server.config.Secret;
import org.muniment.server.view.ArchiveReadModels;
import org.muniment.server.view.AttachmentTexts;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;

/// `Virtual/` over a real archive: an auditor with mail of their own and, where granted, of bob.
class VirtualMailboxIT {

  private static final AccountName OWN = new AccountName("alice");
  private static final AccountName BOB = new AccountName("bob");
  private static final Instant TIME = Instant.parse("2024-02-29T12:00:00Z");

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private final Set<AccountName> granted = new CopyOnWriteArraySet<>(Set.of(BOB));
  private final Map<String, Long> leaves = new HashMap<>();
  private Archive archive;
  private ArchiveWriter writer;
  private Catalogue catalogue;
  private FullTextIndex index;
  private KeptText kept;
  private StateDatabase state;
  private SavedSearches searches;
  private MailboxId inbox;
  private MailboxId work;
  private MailboxId bobs;
  private int sourceUid;

  @BeforeEach
  void fill() throws IOException {
    archive =
        opened(
            Archive.create(
                folder.resolve("archive"),
                "test.example/log",
                RootKeys.generate(new SecureRandom())));
    catalogue = opened(Catalogue.open(folder.resolve("catalogue.db")));
    writer = opened(archive.writer(catalogue));
    state = opened(StateDatabase.open(folder.resolve("state.db")));
    index = opened(FullTextIndex.open(folder.resolve("index")));
    kept = opened(KeptText.open(folder.resolve("text"), RootKeys.NONE));
    searches = SavedSearches.of(state);
    inbox = writer.createMailbox(OWN, SourceText.of("INBOX"), "/", Set.of()).id();
    work = writer.createMailbox(OWN, SourceText.of("Work"), "/", Set.of()).id();
    bobs = writer.createMailbox(BOB, SourceText.of("INBOX"), "/", Set.of()).id();
    message(OWN, inbox, "first report", "\\Seen");
    message(BOB, bobs, "bob's report");
    message(OWN, inbox, "second");
    message(OWN, work, "second");
    follow();
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.addFirst(part);
    return part;
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open) {
      part.close();
    }
  }

  private void message(AccountName account, MailboxId mailbox, String subject, String... flags)
      throws IOException {
    writer.commit();
    leaves.putIfAbsent(subject, archive.size());
    writer.append(
        Octets.of(
            ("Subject: " + subject + "\r\n\r\nNeedle of " + subject + "\r\n")
                .getBytes(StandardCharsets.UTF_8)),
        account,
        mailbox,
        new Event.SourceUid(new UidValidity(1), new Uid(++sourceUid)),
        TIME.plusSeconds(sourceUid),
        Set.copyOf(List.of(flags).stream().map(SourceText::of).toList()),
        new Event.Provenance("imap", "mail.example", "alice"));
    writer.commit();
  }

  private void follow() throws IOException {
    writer.commit();
    follow(catalogue);
    try (IndexFollower indexing =
        new IndexFollower(archive, catalogue, index, Attachments.of(kept, "1"), Progress.NONE)) {
      indexing.catchUp();
    }
  }

  private void follow(Catalogue made) throws IOException {
    try (CatalogueFollower follower =
        new CatalogueFollower(archive, made, Progress.NONE, () -> {})) {
      follower.catchUp();
    }
  }

  /// UID = index of the message's first capture leaf + 1.
  private long uid(String subject) {
    return requireNonNull(leaves.get(subject)) + 1;
  }

  private ArchiveReadModels models() {
    return new ArchiveReadModels(
        archive,
        catalogue,
        index,
        new Search(archive, catalogue, index, Clock.systemUTC()),
        new Substrings(catalogue, index, kept, true),
        new AccessPolicy(List.of(), user -> granted),
        Map.of(),
        AttachmentTexts.NONE);
  }

  private ImapListener server() throws IOException {
    SignIn signIn =
        new SignIn() {
          @Override
          public Optional<User> withPassword(String name, Secret password, InetAddress peer) {
            return Optional.of(new User(name, Role.AUDITOR));
          }

          @Override
          public Optional<User> withToken(Secret token) {
            return Optional.empty();
          }
        };
    return opened(
        ImapListener.open(
            new ImapConfig(
                "127.0.0.1", 0, 0, null, 100, UserFlags.SEEN, ImapConfig.Gone.SHOW, true),
            TestTls.SERVER,
            Limits.DEFAULT,
            new Resources(
                signIn,
                models().withVirtual(searches, VirtualNumbers.of(state)),
                SeenMarks.of(state),
                Subscriptions.of(state),
                Shown.NOT_MOVED)));
  }

  private TestClient client() throws IOException {
    return opened(TestClient.signedIn(server().address()));
  }

  private static String select(TestClient client, String name) throws IOException {
    return String.join("\n", client.command("SELECT \"" + name + "\""));
  }

  private static long validity(String selected) {
    int at = selected.indexOf("[UIDVALIDITY ") + "[UIDVALIDITY ".length();
    return Long.parseLong(selected.substring(at, selected.indexOf(']', at)));
  }

  private static List<String> noop(TestClient client, String awaited) throws Exception {
    List<String> told = new ArrayList<>();
    // It looks at most once a second.
    for (int i = 0; i < 30 && told.stream().noneMatch(one -> one.contains(awaited)); i++) {
      Thread.sleep(100);
      told.addAll(client.command("NOOP"));
    }
    return told;
  }

  @Test
  void allMailHasEachMessageOnceUnderTheUidOfItsFirstCapture() throws Exception {
    TestClient client = client();
    assertThat(client.command("LIST \"\" \"Virtual/*\""))
        .contains("* LIST (\\HasNoChildren \\All) \"/\" \"Virtual/All Mail\"");
    String selected = select(client, "Virtual/All Mail");
    assertThat(selected)
        .contains("* 3 EXISTS")
        .contains("[NOMODSEQ]")
        .contains("[UIDNEXT " + (uid("second") + 1) + "]")
        .contains("OK [READ-WRITE]");
    assertThat(client.command("UID SEARCH ALL"))
        .contains(
            "* SEARCH " + uid("first report") + " " + uid("bob's report") + " " + uid("second"));
    assertThat(client.command("UID FETCH 1:* (FLAGS BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
        .anyMatch(one -> one.contains("UID " + uid("first report")) && one.contains("\\Seen"))
        .anyMatch(one -> one.contains("UID " + uid("bob's report")) && !one.contains("\\Seen"))
        .anyMatch(one -> one.contains("Subject: second"));
    assertThat(client.command("STATUS \"Virtual/All Mail\" (MESSAGES UNSEEN HIGHESTMODSEQ SIZE)"))
        .anyMatch(one -> one.contains("(MESSAGES 3 UNSEEN 2 HIGHESTMODSEQ 0 SIZE "));
    assertThat(client.command("UID SEARCH TEXT \"dle of bob\""))
        .contains("* SEARCH " + uid("bob's report"));
  }

  // RFC 7162 section 3.1.2.2
  @Test
  void commandsAboutModSeqAreRefused() throws Exception {
    TestClient client = client();
    select(client, "Virtual/All Mail");
    assertThat(client.command("FETCH 1 MODSEQ").getLast()).startsWith("BAD ");
    assertThat(client.command("FETCH 1 FLAGS (CHANGEDSINCE 1)").getLast()).startsWith("BAD ");
    assertThat(client.command("SEARCH MODSEQ 1").getLast()).startsWith("BAD ");
    assertThat(client.command("STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)").getLast())
        .startsWith("BAD ");
    assertThat(client.command("FETCH 1 FLAGS")).noneMatch(one -> one.contains("MODSEQ"));
  }

  @Test
  void seenIsKeptAndToldToOtherSessions() throws Exception {
    ImapListener server = server();
    TestClient one = opened(TestClient.signedIn(server.address()));
    TestClient other = opened(TestClient.signedIn(server.address()));
    select(one, "Virtual/All Mail");
    select(other, "Virtual/All Mail");
    assertThat(one.command("STORE 2 +FLAGS (\\Seen)").getLast()).startsWith("OK ");
    assertThat(noop(other, "FETCH")).anyMatch(told -> told.contains("2 FETCH (FLAGS (\\Seen"));
    assertThat(one.command("SEARCH UNSEEN")).contains("* SEARCH 3");
  }

  @Test
  void whatIsCapturedComesAtTheEnd() throws Exception {
    TestClient client = client();
    long validity = validity(select(client, "Virtual/All Mail"));
    message(BOB, bobs, "fresh");
    follow();
    assertThat(noop(client, "EXISTS")).contains("* 4 EXISTS");
    assertThat(client.command("UID SEARCH SUBJECT fresh")).contains("* SEARCH " + uid("fresh"));
    assertThat(validity(select(client, "Virtual/All Mail"))).isEqualTo(validity);
    // Also by a server that has begun anew.
    assertThat(validity(select(client(), "Virtual/All Mail"))).isEqualTo(validity);
  }

  @Test
  void uidValidityRisesWhenAMessageAppearsAmongThoseThatWereTold() throws Exception {
    granted.clear();
    TestClient client = client();
    String alone = select(client, "Virtual/All Mail");
    assertThat(alone).contains("* 2 EXISTS");
    granted.add(BOB);
    long both = validity(select(client(), "Virtual/All Mail"));
    assertThat(both).isGreaterThan(validity(alone));
    // To take away makes nothing appear, as long as the server remembers what there was.
    ImapListener server = server();
    TestClient last = opened(TestClient.signedIn(server.address()));
    assertThat(validity(select(last, "Virtual/All Mail"))).isEqualTo(both);
    granted.clear();
    last.send("x NOOP\r\n");
    assertThat(last.response()).startsWith("* BYE");
  }

  @Test
  void asLongAsTheCatalogueIsBehindNothingIsSaidToBeGone() throws Exception {
    Catalogue behind = opened(Catalogue.open(folder.resolve("behind.db")));
    follow(behind);
    message(OWN, inbox, "fresh");
    follow();
    long validity = validity(select(client(), "Virtual/All Mail"));
    catalogue = behind;
    TestClient client = client();
    assertThat(client.command("SELECT \"Virtual/All Mail\"").getLast())
        .startsWith("NO [UNAVAILABLE]");
    assertThat(client.command("STATUS \"Virtual/All Mail\" (MESSAGES)").getLast())
        .startsWith("NO [UNAVAILABLE]");
    assertThat(select(client, "INBOX")).contains("* 2 EXISTS");
    follow(behind);
    String selected = select(client, "Virtual/All Mail");
    assertThat(selected).contains("* 4 EXISTS");
    assertThat(validity(selected)).isEqualTo(validity);
  }

  @Test
  void aMailboxAsItWasIsReadOnlyAndNotListed() throws Exception {
    Instant before = Instant.now();
    Thread.sleep(20);
    writer.append(
        new Event.Observed(
            OWN,
            inbox,
            UidRanges.parse("1", 1),
            UidRanges.EMPTY,
            UidRanges.EMPTY,
            List.of(
                new Event.FlagsOf(Set.of(SourceText.of("\\Flagged")), UidRanges.parse("2", 1)))));
    message(OWN, inbox, "later");
    follow();

    MailboxView then = models().of(new User("alice", Role.USER)).pastView(inbox, before).get();
    assertThat(then.exists()).isEqualTo(2);
    assertThat(then.rows(1, 2, false))
        .extracting(MessageRow::flags)
        .containsExactly(Set.of("\\Seen"), Set.of());

    TestClient client = client();
    String today = LocalDate.now(ZoneOffset.UTC).toString();
    String selected = select(client, "Virtual/As of/" + today + "/inbox");
    assertThat(selected).contains("* 2 EXISTS").contains("[NOMODSEQ]").contains("OK [READ-ONLY]");
    assertThat(validity(selected)).isNotEqualTo(validity(select(client, "INBOX")));
    select(client, "Virtual/As of/" + today + "/INBOX");
    assertThat(client.command("UID FETCH 1:* FLAGS"))
        .containsExactly(
            "* 1 FETCH (UID 2 FLAGS (\\Flagged))", "* 2 FETCH (UID 3 FLAGS ())", "OK done");
    assertThat(client.command("STORE 1 +FLAGS (\\Seen)").getLast()).startsWith("NO ");
    assertThat(client.command("NOOP").getLast()).startsWith("OK ");
    assertThat(select(client, "Virtual/As of/2001-01-01/Work")).contains("* 0 EXISTS");
    assertThat(select(client, "Virtual/As of/2001-02-30/INBOX")).contains("NO [NONEXISTENT]");
    assertThat(select(client, "Virtual/As of/" + today + "/Virtual/All Mail"))
        .contains("NO [NONEXISTENT]");
    assertThat(String.join("", client.command("LIST \"\" *"))).doesNotContain("As of");
  }

  @Test
  void fewMailboxesAsTheyWereAreOpenAtOnce() throws Exception {
    ImapListener server = server();
    List<TestClient> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      clients.add(opened(TestClient.signedIn(server.address())));
    }
    for (TestClient client : clients.subList(0, 5)) {
      assertThat(select(client, "Virtual/As of/2001-01-01/INBOX")).contains("OK [READ-ONLY]");
    }
    TestClient last = clients.getLast();
    assertThat(select(last, "Virtual/As of/2001-01-01/INBOX")).contains("NO [LIMIT]");
    assertThat(clients.getFirst().command("UNSELECT").getLast()).startsWith("OK ");
    assertThat(select(last, "Virtual/As of/2001-01-01/INBOX")).contains("OK [READ-ONLY]");
  }

  @Test
  void savedSearchesAreMailboxesOfTheirOwner() throws Exception {
    searches.put("alice", new SavedSearch("Reports e\u0301", "report"));
    searches.put("alice", new SavedSearch("All Mail", "second"));
    searches.put("bob", new SavedSearch("hidden", "report"));
    TestClient client = client();
    client.command("ENABLE UTF8=ACCEPT");
    String listed = String.join("\n", client.command("LIST \"\" \"Virtual/%\""));
    assertThat(listed)
        .contains("\"Virtual/All Mail\"")
        .contains("\"Virtual/All Mail (")
        .contains("\"Virtual/Reports \u00c3\u00a9\"")
        .doesNotContain("hidden");
    String name = "Virtual/Reports \u00c3\u00a9";
    String selected = select(client, name);
    assertThat(selected).contains("* 2 EXISTS").contains("[NOMODSEQ]");
    assertThat(client.command("UID SEARCH ALL"))
        .contains("* SEARCH " + uid("first report") + " " + uid("bob's report"));
    message(OWN, inbox, "third report");
    follow();
    assertThat(noop(client, "EXISTS")).contains("* 3 EXISTS");
    assertThat(validity(select(client, name))).isEqualTo(validity(selected));
    searches.put("alice", new SavedSearch("Reports e\u0301", "second"));
    assertThat(validity(select(client, name))).isGreaterThan(validity(selected));
  }
}
