package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.Substrings;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.SeenMarks;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.Subscriptions;
import org.muniment.server.config.ImapConfig;
import org.muniment.server.config.ImapConfig.UserFlags;
import org.muniment.server.view.ArchiveReadModels;
import org.muniment.server.view.AttachmentTexts;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;

/// A session over a real archive, while capture goes on observing the mailbox.
class CapturedMailboxIT {

  private static final AccountName ALICE = new AccountName("alice");
  private static final Instant TIME = Instant.parse("2024-02-29T12:00:00Z");

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Archive archive;
  private ArchiveWriter writer;
  private Catalogue catalogue;
  private StateDatabase state;
  private MailboxId inbox;
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
    inbox = writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
    for (int i = 1; i <= 5; i++) {
      message("m" + i);
    }
    follow(catalogue);
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

  private void message(String subject) throws IOException {
    writer.append(
        Octets.of(("Subject: " + subject + "\r\n\r\n").getBytes(StandardCharsets.UTF_8)),
        ALICE,
        inbox,
        new Event.SourceUid(new UidValidity(1), new Uid(++sourceUid)),
        TIME.plusSeconds(sourceUid),
        Set.of(),
        new Event.Provenance("imap", "mail.example", "alice"));
  }

  private void observe(String gone, String moved, String back, Event.FlagsOf... flags)
      throws IOException {
    writer.append(
        new Event.Observed(ALICE, inbox, uids(gone), uids(moved), uids(back), List.of(flags)));
    follow(catalogue);
  }

  private static UidRanges uids(String set) {
    return set.isEmpty() ? UidRanges.EMPTY : UidRanges.parse(set, 100);
  }

  private void follow(Catalogue catalogue) throws IOException {
    writer.commit();
    try (CatalogueFollower follower =
        new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
      follower.catchUp();
    }
  }

  private TestClient client(Shown shown, Catalogue catalogue, String index) throws IOException {
    FullTextIndex empty = opened(FullTextIndex.open(folder.resolve(index)));
    ArchiveReadModels models =
        new ArchiveReadModels(
            archive,
            catalogue,
            empty,
            new Search(archive, catalogue, empty, Clock.systemUTC()),
            new Substrings(catalogue, empty, null, true),
            new AccessPolicy(List.of(), user -> Set.of()),
            Map.of(),
            AttachmentTexts.NONE);
    ImapListener server =
        opened(
            ImapListener.open(
                new ImapConfig(
                    "127.0.0.1", 0, 0, null, 100, UserFlags.SEEN, ImapConfig.Gone.SHOW, true),
                TestTls.SERVER,
                Limits.DEFAULT,
                new Resources(
                    new FakeArchive(),
                    models,
                    SeenMarks.of(state),
                    Subscriptions.of(state),
                    shown)));
    return opened(TestClient.signedIn(server.address()));
  }

  private static long number(List<String> responses, String before) {
    String line = responses.stream().filter(one -> one.contains(before)).findFirst().orElseThrow();
    String rest = line.substring(line.indexOf(before) + before.length());
    return Long.parseLong(rest.substring(0, rest.indexOf(']')));
  }

  // RFC 7162 sections 3.2.5.1 and 3.2.10
  @Test
  void whatMovesLeavesAndWhatIsGoneSaysSo() throws Exception {
    TestClient watching = client(Shown.NOT_MOVED, catalogue, "one");
    TestClient returning = client(Shown.NOT_MOVED, catalogue, "two");
    watching.command("ENABLE QRESYNC");
    returning.command("ENABLE QRESYNC");
    List<String> selected = watching.command("SELECT INBOX");
    assertThat(selected).contains("* 5 EXISTS");
    long validity = number(selected, "[UIDVALIDITY ");
    long known = number(selected, "[HIGHESTMODSEQ ");

    message("m6");
    observe("3", "2", "", new Event.FlagsOf(Set.of(SourceText.of("\\Flagged")), uids("4")));
    List<String> told = new ArrayList<>();
    // It looks at most once a second.
    for (int i = 0; i < 30 && told.stream().noneMatch(one -> one.contains("VANISHED")); i++) {
      Thread.sleep(100);
      told.addAll(watching.command("NOOP"));
    }
    assertThat(told).contains("* VANISHED 2", "* 5 EXISTS");
    assertThat(told).anyMatch(one -> one.contains("UID 3") && one.contains("$Gone"));
    assertThat(told).anyMatch(one -> one.contains("UID 4") && one.contains("\\Flagged"));

    List<String> again =
        returning.command("SELECT INBOX (QRESYNC (" + validity + " " + known + "))");
    assertThat(again).contains("* VANISHED (EARLIER) 2", "* 5 EXISTS");
    assertThat(again.stream().filter(one -> one.contains("FETCH (")).toList())
        .hasSize(3)
        .anyMatch(one -> one.contains("UID 3") && one.contains("$Gone"))
        .anyMatch(one -> one.contains("UID 4") && one.contains("\\Flagged"))
        .anyMatch(one -> one.contains("UID 6"));
    assertThat(number(again, "[HIGHESTMODSEQ ")).isGreaterThan(known);

    observe("", "", "2");
    assertThat(returning.command("SELECT INBOX")).contains("* 6 EXISTS");
    assertThat(
            returning.command(
                "UID FETCH 1:* (FLAGS) (CHANGEDSINCE " + number(again, "[HIGHESTMODSEQ ") + ")"))
        .anyMatch(one -> one.contains("UID 2"))
        .hasSize(2);
  }

  @Test
  void whatIsGoneLeavesWhereItIsHidden() throws Exception {
    observe("3", "2", "");
    TestClient client = client(Shown.THERE, catalogue, "index");
    assertThat(client.command("SELECT INBOX")).contains("* 3 EXISTS");
    assertThat(client.command("UID SEARCH ALL")).contains("* SEARCH 1 4 5");
  }

  @Test
  void aRebuiltCatalogueHasTheSameModSeqs() throws Exception {
    message("m6");
    observe("3", "2", "", new Event.FlagsOf(Set.of(SourceText.of("\\Seen")), uids("4")));
    observe("5", "", "2");
    List<String> before = modSeqs(catalogue, "one");
    Catalogue rebuilt = opened(Catalogue.open(folder.resolve("rebuilt.db")));
    follow(rebuilt);
    assertThat(before).hasSize(10);
    assertThat(modSeqs(rebuilt, "two")).isEqualTo(before);
  }

  private List<String> modSeqs(Catalogue catalogue, String index) throws IOException {
    TestClient client = client(Shown.NOT_MOVED, catalogue, index);
    List<String> all = new ArrayList<>();
    all.add(Long.toString(number(client.command("SELECT INBOX"), "[HIGHESTMODSEQ ")));
    all.addAll(client.command("FETCH 1:* (UID FLAGS MODSEQ)"));
    return all;
  }

  @Test
  void deletedMessagesAreCountedAndThoseOfAnEmailIdFound() throws Exception {
    observe("", "", "", new Event.FlagsOf(Set.of(SourceText.of("\\deleted")), uids("2,4")));
    TestClient client = client(Shown.NOT_MOVED, catalogue, "one");
    assertThat(client.command("STATUS INBOX (DELETED)")).contains("* STATUS \"INBOX\" (DELETED 2)");
    client.command("EXAMINE INBOX");
    String fetched = client.command("FETCH 3 EMAILID").getFirst();
    String id = fetched.substring(fetched.indexOf("(M") + 1, fetched.indexOf("))"));
    assertThat(client.command("SEARCH EMAILID " + id)).contains("* SEARCH 3");
    assertThat(client.command("SEARCH NOT EMAILID " + id)).contains("* SEARCH 1 2 4 5");
    assertThat(client.command("SEARCH OR EMAILID " + id + " DELETED")).contains("* SEARCH 2 3 4");
    assertThat(client.command("SEARCH EMAILID Mxyz")).contains("* SEARCH");
  }
}
