package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.BOB;
import static org.muniment.indexer.LiveArchive.DAY;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.MessageSets;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.CommittedIndex;
import org.muniment.indexer.index.Fields;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.index.SearchIndex;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.PartPath;

class SearchTest {

  private static final Clock NOW = Clock.fixed(DAY.plus(Duration.ofDays(40)), ZoneOffset.UTC);
  private static final Set<AccountName> ALL = Set.of(ALICE, BOB);

  /// Characters that are indexed of a message.
  private static final int MOST = 8 << 20;

  @TempDir Path directory;
  private LiveArchive live;
  private FullTextIndex index;
  private MailboxId inbox;
  private MailboxId bobs;

  @BeforeEach
  void open() throws IOException {
    live = new LiveArchive(directory);
    index = FullTextIndex.open(directory.resolve("index"));
    inbox = live.mailbox(ALICE, "INBOX");
    bobs = live.mailbox(BOB, "Archive/2024");
  }

  @AfterEach
  void close() throws IOException {
    index.close();
    live.close();
  }

  private void settle() throws IOException {
    live.settle();
    follow(index);
  }

  private void follow(FullTextIndex following) throws IOException {
    try (IndexFollower follower =
        new IndexFollower(live.archive(), live.catalogue(), following, Progress.NONE)) {
      follower.catchUp();
    }
  }

  private Search search(SearchIndex searched) {
    return new Search(live.archive(), live.catalogue(), searched, NOW);
  }

  private Results results(String query, Set<AccountName> visible) throws IOException {
    try {
      return search(index)
          .search(new Question(QueryParser.parse(query), SortOrder.DATE, 100, null), visible);
    } catch (QuerySyntaxException | TooBroadException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private List<String> subjects(String query) throws IOException {
    return subjects(query, ALL);
  }

  private List<String> subjects(String query, Set<AccountName> visible) throws IOException {
    Results results = results(query, visible);
    assertThat(results.total()).isEqualTo(results.hits().size());
    return results.hits().stream().map(hit -> hit.message().subject()).sorted().toList();
  }

  private static Event.Recipient recipient(Event.Addressed addressed, String address) {
    return new Event.Recipient(addressed, address, "", "");
  }

  /// What anna@example.com sent to a list and, hidden, to dora, as a journal report tells it.
  private static Event.Transmission transmission(String cut) {
    return new Event.Transmission(
        "anna.berg@example.com",
        "boss@example.com",
        List.of(
            new Event.Recipient(Event.Addressed.TO, "ben@member.example", "team@example.org", ""),
            recipient(Event.Addressed.CC, "carla@example.org"),
            recipient(Event.Addressed.BCC, "dora@hidden.example"),
            new Event.Recipient(
                Event.Addressed.UNKNOWN, "ed@other.example", "", "fay@other.example")),
        cut);
  }

  @Test
  void aBounceIsFoundByTheRecipientThatItNames() throws IOException {
    live.add(
        inbox,
        """
        From: mailer-daemon@example.com
        Subject: returned
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b

        It did not arrive.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.com

        Original-Recipient: rfc822;carol@lost.example
        Final-Recipient: rfc822; carol.white@moved.example
        Action: failed
        Status: 5.1.1
        --b--
        """);
    settle();
    for (String query :
        List.of("carol@lost.example", "@lost.example", "carol.white", "moved.example")) {
      assertThat(subjects("recipient:" + query)).as(query).containsExactly("returned");
    }
    assertThat(subjects("to:carol")).isEmpty();
  }

  @Test
  void whomAJournalReportNamesFindsTheMessageThatItHeld() throws IOException {
    MailboxId into = live.mailbox(ALICE, "INBOX (journaled)");
    Event.Placement report = live.add(inbox, mail("x@example.com", "report", "wrapped"));
    live.unwrapped(report, into, mail("a@example.com", "held", "inside"), transmission(""));
    settle();
    for (String query :
        List.of(
            "bcc:dora@hidden.example",
            "bcc:hidden.example",
            "bcc:@hidden.example",
            "bcc:dora",
            "bcc:dor*",
            "BCC:\"Dora@Hidden.Example\"",
            "to:ben@member.example",
            "to:team@example.org subject:held",
            "cc:carla",
            "recipient:dora",
            "recipient:ben@member.example",
            "recipient:carla@example.org",
            "recipient:ed",
            "recipient:fay@other.example",
            "sender:anna.berg@example.com",
            "sender:berg",
            "sender:boss",
            "dora",
            "dora@hidden.example",
            "inside bcc:dora -cc:dora")) {
      assertThat(subjects(query)).as(query).containsExactly("held");
    }
    for (String query :
        List.of(
            "bcc:carla",
            "bcc:ed",
            "to:dora",
            "cc:ben",
            "from:anna.berg@example.com",
            "recipient:anna.berg@example.com",
            "sender:dora",
            "subject:dora",
            "body:dora",
            "status:cut-report",
            "status:no-report")) {
      assertThat(subjects(query)).as(query).isEmpty();
    }
    assertThat(subjects("-recipient:dora")).containsExactly("report");
    assertThat(subjects("")).containsExactly("held", "report");
  }

  @Test
  void whatTheJournalOfAHiddenAccountTellsIsNotToldOfMailThatIsSeenElsewhere() throws IOException {
    String same = mail("a@example.com", "same", "inside");
    live.add(bobs, same);
    MailboxId into = live.mailbox(ALICE, "INBOX (journaled)");
    Event.Placement report = live.add(inbox, mail("x@example.com", "report", "wrapped"));
    live.unwrapped(report, into, same, transmission("2 recipients are left out"));
    settle();
    for (String query : List.of("bcc:dora", "recipient:dora", "dora", "status:cut-report")) {
      assertThat(subjects(query, Set.of(ALICE))).as(query).containsExactly("same");
      assertThat(subjects(query, Set.of(BOB))).as(query).isEmpty();
    }
    assertThat(subjects("inside -bcc:dora", Set.of(BOB))).containsExactly("same");
    assertThat(subjects("inside -bcc:dora", ALL)).isEmpty();
  }

  @Test
  void whatIsNoReportInAJournalMailboxIsFoundByItsStatus() throws IOException {
    live.unwrapped(
        live.add(inbox, mail("x@example.com", "ordinary", "a")), new Event.OrdinaryMail());
    live.unwrapped(
        live.add(inbox, mail("x@example.com", "broken", "b")), new Event.BrokenReport("is odd"));
    live.add(inbox, mail("x@example.com", "not looked at", "c"));
    settle();
    assertThat(subjects("status:no-report")).containsExactly("ordinary");
    assertThat(subjects("status:broken-report")).containsExactly("broken");
    assertThat(subjects("-status:no-report -status:broken-report"))
        .containsExactly("not looked at");
  }

  @Test
  void aTransmissionThatIsToldLaterIsFoundLater() throws IOException {
    Event.Placement held = live.add(bobs, mail("a@example.com", "held", "inside"));
    Event.Placement report = live.add(bobs, mail("x@example.com", "report", "wrapped"));
    settle();
    assertThat(subjects("bcc:dora")).isEmpty();
    live.unwrapped(
        report, new Event.JournalReport(held.content(), held.mailbox(), transmission("")));
    settle();
    assertThat(subjects("bcc:dora")).containsExactly("held");
    live.add(bobs, mail("a@example.com", "more", "dora"));
    settle();
    assertThat(subjects("dora")).containsExactly("held", "more");
  }

  @Test
  void thousandsOfRecipientsAreFoundWithTheOneMessage() throws IOException {
    MailboxId into = live.mailbox(ALICE, "INBOX (journaled)");
    List<Event.Recipient> many = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      many.add(recipient(Event.Addressed.BCC, "user" + i + "@example.org"));
    }
    for (int i = 0; i < 3; i++) {
      Event.Placement report = live.add(inbox, mail("x@example.com", "report " + i, "wrapped"));
      live.unwrapped(
          report,
          into,
          mail("a@example.com", "held " + i, "inside"),
          new Event.Transmission("anna@example.com", "", many, ""));
    }
    settle();
    assertThat(subjects("bcc:user2999@example.org bcc:user0@example.org"))
        .containsExactly("held 0", "held 1", "held 2");
    assertThat(subjects("bcc:user3000@example.org")).isEmpty();
  }

  /// Sentences that tell the language, with the word and with another of its stem.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          en | running     | they have been %s for the train which was late and would not have been there | run
          de | Häuser      | wir haben die %s gesehen und sind dann nicht mehr mit der Bahn gefahren     | Haus
          fr | généralement| nous avons %s dans les bureaux une réunion avec vous et pour les autres    | général
          es | hablando    | ellos estaban %s con los vecinos que no tienen una casa para las fiestas    | hablar
          it | amici       | ho visto gli %s che sono arrivati con la macchina di una persona non sono    | amico
          nl | boeken      | wij hebben de %s gezien en het is niet van de buren maar ook voor een kind | boek
          sv | bilarna     | jag har sett %s och det är inte så att vi kan köra med dem som var här      | bilar
          """)
  void aWordFindsOthersOfItsStemAndInQuotesItselfOnly(
      String language, String word, String sentence, String other) throws IOException {
    live.add(inbox, mail("a@example.com", "1", sentence.formatted(word)));
    live.add(inbox, mail("a@example.com", "2", sentence.formatted(other)));
    settle();
    assertThat(subjects("lang:" + language)).hasSize(2);
    assertThat(subjects(word)).containsExactlyInAnyOrder("1", "2");
    assertThat(subjects(other)).containsExactlyInAnyOrder("1", "2");
    assertThat(subjects("\"" + word + "\"")).containsExactly("1");
    assertThat(subjects("body:\"" + other + "\"")).containsExactly("2");
    assertThat(subjects("-" + word)).containsExactly("2");
  }

  @Test
  void theWordItselfCountsMoreThanOthersOfItsStem() throws Exception {
    String sentence = "they have been %s for the train which was late and would not be there";
    live.add(inbox, mail("a@example.com", "other", sentence.formatted("run")));
    live.add(inbox, mail("a@example.com", "same", sentence.formatted("running")));
    settle();
    Question question = new Question(QueryParser.parse("running"), SortOrder.RELEVANCE, 10, null);
    assertThat(search(index).search(question, ALL).hits())
        .extracting(hit -> hit.message().subject())
        .containsExactly("same", "other");
    Message other = search(index).search(question, ALL).hits().getLast().message();
    assertThat(search(index).snippets(QueryParser.parse("running"), List.of(other)).getFirst())
        .singleElement()
        .satisfies(snippet -> assertThat(snippet.passages()).contains(new Passage("run", true)));
  }

  @Test
  void namesHaveNoStem() throws IOException {
    String sentence = "they have been there for the train which was late and would not be there";
    live.add(inbox, mail("Carla Waters <c@example.com>", "1", sentence));
    live.add(inbox, mail("Carla Water <d@example.com>", "2", sentence));
    settle();
    assertThat(subjects("from:waters")).containsExactly("1");
    assertThat(subjects("from:water")).containsExactly("2");
  }

  @Test
  void scoresTellNothingOfTheMailOfOthers() throws Exception {
    live.add(bobs, mail("a@example.com", "1", "merger of two"));
    live.add(bobs, mail("a@example.com", "2", "merger merger of others"));
    settle();
    String before = firstOfTwo("merger");
    for (int i = 0; i < 20; i++) {
      live.add(inbox, mail("a@example.com", "x" + i, "merger " + "of companies ".repeat(i)));
    }
    settle();
    assertThat(firstOfTwo("merger")).isEqualTo(before);
  }

  /// The cursor after the first of two hits has the score of the first.
  private String firstOfTwo(String word) throws Exception {
    Query query = new Query.Words(Query.Field.ANY, word, false, false);
    Results first =
        search(index).search(new Question(query, SortOrder.RELEVANCE, 1, null), Set.of(BOB));
    assertThat(first.total()).isEqualTo(2);
    assertThat(first.hits()).singleElement().matches(h -> h.message().subject().equals("2"));
    return Objects.requireNonNull(first.next());
  }

  @Test
  void reportsOfDeliveryAreFound() throws IOException {
    live.add(
        inbox,
        """
        Subject: bounce
        Content-Type: multipart/report; boundary=b

        --b
        Content-Type: message/delivery-status

        Diagnostic-Code: mailboxfull
        --b--
        """);
    settle();
    assertThat(subjects("mailboxfull")).containsExactly("bounce");
  }

  @Test
  void textBeyondTheMostIsToldToBeCut() throws IOException {
    String most = "word ".repeat(MOST / 5) + "x".repeat(MOST % 5);
    live.add(
        inbox,
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
            + most
            + "\r\n--b\r\n\r\nbeyond\r\n--b--\r\n");
    settle();
    try (SearchIndex.View view = index.view()) {
      assertThat(view.searcher().count(new TermQuery(new Term(Fields.STATUS, "cut")))).isOne();
    }
  }

  @Test
  void aHitHasTheDateOfAPlaceThatTheCallerSees() throws IOException {
    byte[] octets = mail("a@example.com", "same", "x").getBytes(StandardCharsets.UTF_8);
    live.add(inbox, octets, DAY);
    live.add(bobs, octets, DAY.plusSeconds(77));
    settle();
    assertThat(results("same", Set.of(BOB)).hits())
        .singleElement()
        .matches(hit -> hit.message().internalDate().equals(DAY.plusSeconds(77)));
    assertThat(results("same", ALL).hits())
        .singleElement()
        .matches(hit -> hit.message().internalDate().equals(DAY));
  }

  @Test
  void everyLanguageIsFound() throws IOException {
    live.add(inbox, mail("a@example.com", "de", "Die Stra\u00dfe nach M\u00dcNCHEN"));
    live.add(
        inbox,
        mail(
            "a@example.com",
            "ja",
            "\u6771\u4eac\u90fd\u306b\u4f4f\u3093\u3067\u3044\u307e\u3059\u3002\u30ab\u30e1\u30e9"));
    live.add(inbox, mail("a@example.com", "zh", "\u6211\u4eec\u660e\u5929\u5f00\u4f1a"));
    live.add(inbox, mail("a@example.com", "ko", "\ud55c\uad6d\uc5b4\ub97c \ubc30\uc6b0\ub2e4"));
    live.add(
        inbox,
        mail(
            "a@example.com",
            "ar",
            "\u0645\u0631\u062d\u0628\u0627\u064b \u0628\u0627\u0644\u0639\u0627\u0644\u0645"));
    live.add(
        inbox,
        mail(
            "a@example.com",
            "th",
            "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01"));
    settle();
    assertThat(subjects("munchen")).containsExactly("de");
    assertThat(subjects("STRASSE")).containsExactly("de");
    assertThat(subjects("\u6771\u4eac")).containsExactly("ja");
    assertThat(subjects("\u4eac\u90fd")).containsExactly("ja");
    assertThat(subjects("\u4f4f")).containsExactly("ja");
    assertThat(subjects("\uff76\uff92\uff97")).containsExactly("ja");
    assertThat(subjects("\u660e\u5929\u5f00\u4f1a")).containsExactly("zh");
    assertThat(subjects("\u5929\u660e")).isEmpty();
    assertThat(subjects("\ud55c\uad6d\uc5b4")).containsExactly("ko");
    assertThat(subjects("\u0645\u0631\u062d\u0628\u0627")).containsExactly("ar");
    assertThat(subjects("\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01")).containsExactly("th");
  }

  @Test
  void fieldsFindWhatStandsInThem() throws IOException {
    live.add(inbox, mail("Ann Lee <ann.lee@mail.example.com>", "Quarterly report", "see you"));
    live.add(bobs, mail("Bob <bob@example.net>", "Lunch", "the quarterly report of Ann"));
    settle();
    assertThat(subjects("quarterly report")).hasSize(2);
    assertThat(subjects("subject:\"quarterly report\"")).containsExactly("Quarterly report");
    assertThat(subjects("body:quarterly")).containsExactly("Lunch");
    assertThat(subjects("from:ann")).containsExactly("Quarterly report");
    assertThat(subjects("from:ann.lee@mail.example.com")).containsExactly("Quarterly report");
    assertThat(subjects("from:@mail.example.com")).containsExactly("Quarterly report");
    assertThat(subjects("from:example")).hasSize(2);
    assertThat(subjects("to:team@example.org -from:bob")).containsExactly("Quarterly report");
    assertThat(subjects("quart* NOT lunch")).containsExactly("Quarterly report");
    assertThat(subjects("lunch OR \"see you\"")).hasSize(2);
    assertThat(subjects("\"report quarterly\"")).isEmpty();
    assertThat(subjects("in:2024")).containsExactly("Lunch");
    assertThat(subjects("in:archive/2024")).containsExactly("Lunch");
    assertThat(subjects("account:alice")).containsExactly("Quarterly report");
    assertThat(subjects("type:text/plain")).hasSize(2);
    assertThat(subjects("& !")).isEmpty();
  }

  @Test
  void attachmentsFlagsSizesAndDates() throws IOException {
    live.add(inbox, multipart("Plan_2024.final.pdf"), DAY, "\\Flagged", "$Later");
    live.add(
        bobs,
        mail("b@example.net", "old", "x").getBytes(StandardCharsets.UTF_8),
        DAY.minus(Duration.ofDays(400)));
    settle();
    assertThat(subjects("has:attachment")).containsExactly("multi");
    assertThat(subjects("filename:plan")).containsExactly("multi");
    assertThat(subjects("filename:plan_2024.final.pdf")).containsExactly("multi");
    assertThat(subjects("type:pdf")).containsExactly("multi");
    assertThat(subjects("flag:flagged flag:$later")).containsExactly("multi");
    assertThat(subjects("-flag:flagged")).containsExactly("old");
    assertThat(subjects("smaller:10")).isEmpty();
    assertThat(subjects("larger:10")).hasSize(2);
    assertThat(subjects("after:2024-03-05")).containsExactly("multi");
    assertThat(subjects("after:2024-03-06")).isEmpty();
    assertThat(subjects("before:2024")).containsExactly("old");
    assertThat(subjects("on:2024-03")).containsExactly("multi");
    assertThat(subjects("newer:41d")).containsExactly("multi");
    assertThat(subjects("older:40d")).hasSize(2);
    assertThat(subjects("older:41d")).containsExactly("old");
    assertThat(subjects("id:m1@example.com")).containsExactly("multi");
    assertThat(subjects("list:dev")).containsExactly("multi");
    String id = results("has:attachment", ALL).hits().getFirst().message().content().toString();
    assertThat(subjects("id:" + id)).containsExactly("multi");
  }

  private static byte[] multipart(String name) {
    return ("Subject: multi\r\nMessage-ID: <m1@example.com>\r\nList-Id: Dev list <dev.example.com>\r\n"
            + "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\nContent-Type: text/plain\r\n\r\nbody\r\n--b\r\nContent-Type: application/pdf\r\n"
            + "Content-Disposition: attachment; filename=\""
            + name
            + "\"\r\n\r\nxyz\r\n--b--\r\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void nobodyFindsOrCountsWhatOthersHave() throws IOException {
    String shared = mail("a@example.com", "shared", "secret");
    live.add(inbox, shared);
    live.add(bobs, shared, "\\Flagged");
    live.add(bobs, mail("a@example.com", "bob only", "secret"));
    settle();
    assertThat(subjects("secret", Set.of(ALICE))).containsExactly("shared");
    assertThat(subjects("", Set.of(ALICE))).containsExactly("shared");
    assertThat(subjects("", Set.of())).isEmpty();
    assertThat(subjects("in:2024", Set.of(ALICE))).isEmpty();
    assertThat(subjects("account:bob", Set.of(ALICE))).isEmpty();
    assertThat(subjects("flag:flagged", Set.of(ALICE))).isEmpty();
    assertThat(subjects("NOT account:bob", Set.of(ALICE))).containsExactly("shared");
    assertThat(subjects("secret", Set.of(BOB))).hasSize(2);
    assertThat(results("shared", Set.of(ALICE)).hits().getFirst().places())
        .extracting(place -> place.mailbox().account())
        .containsExactly(ALICE);
  }

  @ParameterizedTest
  @EnumSource
  void pagesReachEveryHitOnceAndTheTotalIsExact(SortOrder order) throws Exception {
    int count = 3_000;
    Random random = new Random(7);
    for (int i = 0; i < count; i++) {
      byte[] message =
          mail("a@example.com", "n" + i, "common " + (i % 3 == 0 ? "third" : ""))
              .getBytes(StandardCharsets.UTF_8);
      live.add(inbox, message, DAY.plusSeconds(random.nextInt(100)));
    }
    settle();
    assertThat(page("common", order, 170)).hasSize(count);
    assertThat(page("third", order, 400)).hasSize(count / 3);
    assertThat(page("", order, 500)).hasSize(count);
  }

  private Set<Integer> page(String text, SortOrder order, int limit) throws Exception {
    Set<Integer> seen = new HashSet<>();
    Query query = QueryParser.parse(text);
    @Nullable String cursor = null;
    Instant last = order == SortOrder.OLDEST ? Instant.MIN : Instant.MAX;
    do {
      Results page = search(index).search(new Question(query, order, limit, cursor), ALL);
      for (Results.Hit hit : page.hits()) {
        assertThat(seen.add(hit.message().number())).isTrue();
        if (order == SortOrder.OLDEST) {
          assertThat(hit.message().internalDate()).isAfterOrEqualTo(last);
          last = hit.message().internalDate();
        }
        if (order == SortOrder.DATE) {
          assertThat(hit.message().internalDate()).isBeforeOrEqualTo(last);
          last = hit.message().internalDate();
        }
      }
      cursor = page.next();
      assertThat(page.total()).isEqualTo(text.equals("third") ? 1_000 : 3_000);
    } while (cursor != null);
    return seen;
  }

  @Test
  void cursorServesItsOwnSearchOnly() throws Exception {
    for (int i = 0; i < 3; i++) {
      live.add(inbox, mail("a@example.com", "n" + i, "word"));
    }
    settle();
    Query query = QueryParser.parse("word");
    Search search = search(index);
    String cursor = search.search(new Question(query, SortOrder.DATE, 2, null), ALL).next();
    assertThat(cursor).isNotNull();
    assertThat(search.search(new Question(query, SortOrder.DATE, 2, cursor), ALL).hits())
        .hasSize(1);
    for (String wrong : List.of("", "x", "!!", cursor + "AAAA", "A".repeat(cursor.length()))) {
      assertThatThrownBy(() -> search.search(new Question(query, SortOrder.DATE, 2, wrong), ALL))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> search.search(new Question(query, SortOrder.RELEVANCE, 2, cursor), ALL))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> search.search(new Question(query, SortOrder.DATE, 2, cursor), Set.of(ALICE)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> search.search(new Question(new Query.All(), SortOrder.DATE, 2, cursor), ALL))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void snippetsMarkTheMatches() throws Exception {
    String filler = "Nothing of interest stands in this sentence. ".repeat(50);
    live.add(
        inbox,
        mail("a@example.com", "s", filler + "The Budget for \u6771\u4eac is approved. " + filler));
    settle();
    assertThat(marked("budget")).containsExactly("Budget");
    assertThat(marked("\u6771\u4eac -other")).containsExactly("\u6771\u4eac");
    assertThat(marked("budg*")).containsExactly("Budget");
    assertThat(marked("from:a")).isEmpty();
    List<Passage> beginning = snippet("from:a");
    assertThat(beginning.getFirst().text()).startsWith("Nothing of interest");
    assertThat(beginning.stream().mapToInt(passage -> passage.text().length()).sum())
        .isLessThan(600);
  }

  private List<Passage> snippet(String text) throws Exception {
    return snippets(text).stream().flatMap(snippet -> snippet.passages().stream()).toList();
  }

  private List<Snippet> snippets(String text) throws Exception {
    Query query = QueryParser.parse(text);
    Search search = search(index);
    Results results = search.search(new Question(query, SortOrder.DATE, 1, null), ALL);
    return search.snippets(query, List.of(results.hits().getFirst().message())).getFirst();
  }

  private List<String> marked(String text) throws Exception {
    return snippet(text).stream().filter(Passage::match).map(Passage::text).toList();
  }

  @Test
  void snippetsNameTheirPart() throws Exception {
    live.add(
        inbox,
        """
        Subject: s
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain

        nothing here
        --b
        Content-Type: text/plain; name=notes.txt
        Content-Disposition: attachment; filename=notes.txt

        the needle & <pin>
        --b
        Content-Type: text/html

        <p>the needle &amp; &lt;pin&gt;</p>
        --b--
        """
            .replace("\n", "\r\n"));
    settle();
    assertThat(snippets("needl*"))
        .singleElement()
        .satisfies(
            snippet -> {
              assertThat(snippet.part()).hasToString("2");
              assertThat(snippet.filename()).isEqualTo("notes.txt");
              assertThat(snippet.passages()).contains(new Passage("needle", true));
            });
    assertThat(snippets("subject:s").getFirst().part()).hasToString("1");
  }

  @Test
  void snippetsOfAttachmentsNameTheirFile() throws Exception {
    Event.Placement placed =
        live.add(inbox, new String(multipart("a.pdf"), StandardCharsets.UTF_8));
    ContentId document = placed.content();
    try (KeptText kept = KeptText.open(directory.resolve("kept"), RootKeys.NONE)) {
      live.settle();
      Attachments attachments = Attachments.of(kept, "1");
      kept.put(
          new KeptDocument(
              document,
              "1",
              new Extraction(
                  ExtractionStatus.OK,
                  "",
                  "application/pdf",
                  List.of(),
                  "",
                  "the rare <turnover>")));
      kept.link(placed.content(), new PartPath(List.of(2)), 0, document);
      try (IndexFollower follower =
          new IndexFollower(live.archive(), live.catalogue(), index, attachments, Progress.NONE)) {
        follower.catchUp();
      }
      Search search = new Search(live.archive(), live.catalogue(), index, kept, NOW);
      for (String text : List.of("turnover", "attachment:turn*", "rare -nothing")) {
        Query query = QueryParser.parse(text);
        Results found = search.search(new Question(query, SortOrder.RELEVANCE, 9, null), ALL);
        assertThat(found.total()).as(text).isEqualTo(1);
        assertThat(found.pending()).isZero();
        Snippet snippet =
            search
                .snippets(query, List.of(found.hits().getFirst().message()))
                .getFirst()
                .getFirst();
        assertThat(snippet.filename()).isEqualTo("a.pdf");
        assertThat(snippet.attachment()).isTrue();
        assertThat(snippet.matches()).isTrue();
      }
      assertThat(subjects("body:turnover")).isEmpty();
    }
  }

  @Test
  void attachmentsThatAreNotReadAreCountedForThoseWhoSeeThem() throws Exception {
    live.add(inbox, multipart("a.pdf"), DAY);
    live.settle();
    try (KeptText kept = KeptText.open(directory.resolve("kept"), RootKeys.NONE);
        IndexFollower follower =
            new IndexFollower(
                live.archive(),
                live.catalogue(),
                index,
                Attachments.of(kept, "1"),
                Progress.NONE)) {
      follower.catchUp();
    }
    assertThat(results("", Set.of(ALICE)).pending()).isEqualTo(1);
    assertThat(results("", Set.of(BOB)).pending()).isZero();
    assertThat(subjects("status:pending")).hasSize(1);
  }

  private List<FacetCounts> facets(String text, Set<AccountName> visible) throws Exception {
    Question question =
        new Question(
            QueryParser.parse(text),
            ZoneOffset.UTC,
            SortOrder.DATE,
            1,
            null,
            EnumSet.allOf(Facet.class));
    return search(index).search(question, visible).facets();
  }

  /// Label and number of each value of a facet.
  private static List<String> told(List<FacetCounts> facets, Facet facet) {
    return facets.stream()
        .filter(counts -> counts.facet() == facet)
        .flatMap(counts -> counts.counts().stream())
        .map(count -> count.label() + " " + count.hits())
        .toList();
  }

  @Test
  void facetsCountAllHitsAndTheirQueriesFindAsMany() throws Exception {
    live.add(inbox, multipart("a.pdf"), DAY);
    live.add(inbox, multipart("b.docx"), DAY.plus(Duration.ofDays(60)));
    for (int i = 0; i < 30; i++) {
      String sender = "\"N, " + i + "\" <n" + i % 25 + "@Example.com>";
      live.add(i % 2 == 0 ? inbox : bobs, mail(sender, "s" + i, "the word is for you and this"));
    }
    settle();
    List<FacetCounts> facets = facets("", ALL);
    assertThat(told(facets, Facet.SENDER)).hasSize(20).startsWith("n0@example.com 2");
    assertThat(facets.getFirst().other()).isEqualTo(5);
    assertThat(told(facets, Facet.DOMAIN)).containsExactly("example.com 30");
    assertThat(told(facets, Facet.MONTH)).containsExactly("2024-05 1", "2024-03 31");
    assertThat(told(facets, Facet.ACCOUNT)).containsExactly("alice 17", "bob 15");
    assertThat(told(facets, Facet.MAILBOX))
        .containsExactly("alice: INBOX 17", "bob: Archive/2024 15");
    assertThat(told(facets, Facet.TYPE)).containsExactly("pdf 2");
    assertThat(told(facets, Facet.LANGUAGE)).containsExactly("en 30", "und 2");
    for (FacetCounts facet : facets) {
      for (FacetCounts.Count count : facet.counts()) {
        assertThat(results(count.query(), ALL).total()).as(count.query()).isEqualTo(count.hits());
      }
    }
    assertThat(told(facets("lang:en account:bob", ALL), Facet.ACCOUNT)).containsExactly("bob 15");
  }

  @Test
  void manyMailboxesAreCountedAsFewAre() throws Exception {
    for (int i = 0; i < 140; i++) {
      MailboxId mailbox = live.mailbox(i % 2 == 0 ? ALICE : BOB, "M" + i);
      for (int j = 0; j <= i % 3; j++) {
        live.add(mailbox, mail("a@example.com", "s" + i + "." + j, "needle"));
        live.add(mailbox, mail("a@example.com", "s" + i + "." + j, "needle"));
      }
      live.add(mailbox, mail("a@example.com", "other", "nothing"));
    }
    settle();
    for (Set<AccountName> visible : List.of(Set.of(ALICE), ALL)) {
      BitSet hits = new BitSet();
      results("needle", visible).hits().forEach(hit -> hits.set(hit.message().number()));
      Map<Integer, Integer> expected = new HashMap<>();
      for (Mailbox mailbox : live.catalogue().mailboxes().of(visible)) {
        BitSet common =
            live.catalogue()
                .sets()
                .union(Set.of(new MessageSets.Scope.InMailbox(mailbox.number())));
        common.and(hits);
        if (!common.isEmpty()) {
          expected.put(mailbox.number(), common.cardinality());
        }
      }
      assertThat(expected).hasSizeGreaterThan(30);
      Set<Integer> all =
          live.catalogue().mailboxes().of(visible).stream()
              .map(Mailbox::number)
              .collect(Collectors.toSet());
      assertThat(live.catalogue().sets().perMailbox(all, hits)).isEqualTo(expected);
    }
  }

  @Test
  void aFileInsideATextIsAnAttachment() throws IOException {
    live.add(
        inbox,
        mail("a@example.com", "uuencoded", "see\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\n"));
    live.add(inbox, mail("a@example.com", "none", "begin to see the end"));
    settle();
    assertThat(subjects("has:attachment")).containsExactly("uuencoded");
    assertThat(subjects("-has:attachment")).containsExactly("none");
  }

  @Test
  void allBeginningsOfAQueryShareTheirMost() throws Exception {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < Beginnings.MAX_WORDS / 2 + 10; i++) {
      words.append("ab").append(Integer.toString(i, 36)).append('\n');
    }
    live.add(inbox, mail("a@example.com", "many", words.toString()));
    settle();
    assertThat(results("body:ab*", ALL).total()).isEqualTo(1);
    assertThatThrownBy(() -> results("body:ab* OR body:ab*", ALL))
        .hasCauseInstanceOf(TooBroadException.class);
  }

  @Test
  void facetsOfWhatOthersHaveAreNotTold() throws Exception {
    String shared = mail("a@example.com", "shared", "secret");
    live.add(inbox, shared);
    live.add(bobs, shared);
    live.add(bobs, mail("b@example.net", "bob only", "secret"));
    settle();
    List<FacetCounts> alices = facets("secret", Set.of(ALICE));
    assertThat(told(alices, Facet.SENDER)).containsExactly("a@example.com 1");
    assertThat(told(alices, Facet.ACCOUNT)).containsExactly("alice 1");
    assertThat(told(alices, Facet.MAILBOX)).containsExactly("alice: INBOX 1");
    assertThat(told(alices, Facet.MONTH)).containsExactly("2024-03 1");
    List<FacetCounts> bob = facets("secret", Set.of(BOB));
    assertThat(told(bob, Facet.ACCOUNT)).containsExactly("bob 2");
    assertThat(told(bob, Facet.MAILBOX)).containsExactly("bob: Archive/2024 2");
    assertThat(facets("secret", Set.of())).allMatch(facet -> facet.counts().isEmpty());
  }

  @Test
  void fieldsOfTheHeaderAreFoundByTheirName() throws Exception {
    live.add(inbox, "X-Mailer: NeoMutt 2024 (dev)\r\nOrganization: Acme\r\nSubject: a\r\n\r\nx");
    live.add(
        inbox,
        "User-Agent: Thunderbird\r\nX-Note: NeoMutt\r\nReply-To: Dora <dora@x.example>\r\n"
            + "Sender: clerk@office.example\r\nSubject: b\r\nDKIM-Signature: b=qqqqq\r\n\r\nx");
    settle();
    assertThat(subjects("x-mailer:neomutt")).containsExactly("a");
    assertThat(subjects("x-mailer:\"neomutt 2024\"")).containsExactly("a");
    assertThat(subjects("x-mailer:neo*")).containsExactly("a");
    assertThat(subjects("x-mailer:acme")).isEmpty();
    assertThat(subjects("header:neomutt")).containsExactly("a", "b");
    assertThat(subjects("header:\"organization: acme\"")).containsExactly("a");
    assertThat(subjects("header:\"organization:\"")).containsExactly("a");
    assertThat(subjects("reply-to:dora@x.example")).containsExactly("b");
    assertThat(subjects("user-agent:thunderbird -x-mailer:neomutt")).containsExactly("b");
    assertThat(subjects("sender:@office.example")).containsExactly("b");
    assertThat(subjects("header:qqqqq")).isEmpty();
    assertThat(subjects("neomutt")).isEmpty();
  }

  @Test
  void daysBeginWhereTheCallerIs() throws Exception {
    byte[] night = mail("a@example.com", "night", "x").getBytes(StandardCharsets.UTF_8);
    live.add(inbox, night, Instant.parse("2024-03-05T23:30:00Z"));
    settle();
    for (String zone : List.of("UTC", "Europe/Berlin")) {
      Question question =
          new Question(
              QueryParser.parse("on:2024-03-05"),
              ZoneId.of(zone),
              SortOrder.DATE,
              9,
              null,
              Set.of(Facet.MONTH));
      assertThat(search(index).search(question, ALL).total())
          .as(zone)
          .isEqualTo(zone.equals("UTC") ? 1 : 0);
    }
  }

  @Test
  void agesCountFromTheFirstPageWhilePagesAreRead() throws Exception {
    for (int i = 0; i < 3; i++) {
      live.add(inbox, mail("a@example.com", "n" + i, "word"));
    }
    settle();
    Query query = QueryParser.parse("newer:1d on:today");
    Set<AccountName> alice = Set.of(ALICE);
    Search then = searchAt(DAY.plusSeconds(60));
    String cursor = then.search(new Question(query, SortOrder.DATE, 2, null), alice).next();
    Search later = searchAt(DAY.plus(Duration.ofDays(3)));
    assertThat(later.search(new Question(query, SortOrder.DATE, 2, cursor), alice).hits())
        .hasSize(1);
    assertThat(later.search(new Question(query, SortOrder.DATE, 2, null), alice).total()).isZero();
  }

  private Search searchAt(Instant now) {
    return new Search(live.archive(), live.catalogue(), index, Clock.fixed(now, ZoneOffset.UTC));
  }

  @Test
  void mailThatArrivesBetweenPagesMovesNothing() throws Exception {
    for (int i = 0; i < 6; i++) {
      live.add(inbox, mail("a@example.com", "n" + i, "word"));
    }
    settle();
    Query query = QueryParser.parse("word");
    Results first = search(index).search(new Question(query, SortOrder.DATE, 3, null), ALL);
    live.add(inbox, mail("a@example.com", "new", "word"));
    settle();
    Results second =
        search(index).search(new Question(query, SortOrder.DATE, 9, first.next()), ALL);
    assertThat(second.total()).isEqualTo(7);
    assertThat(second.hits())
        .extracting(hit -> hit.message().subject())
        .containsExactly("n2", "n1", "n0");
  }

  @Test
  void aWordCountsMoreInTheSubject() throws Exception {
    live.add(inbox, mail("a@example.com", "other", "zeppelin zeppelin zeppelin"));
    live.add(inbox, mail("a@example.com", "zeppelin", "nothing"));
    live.add(inbox, mail("a@example.com", "none", "zeppelin"));
    settle();
    Question question = new Question(QueryParser.parse("zeppelin"), SortOrder.RELEVANCE, 9, null);
    assertThat(search(index).search(question, ALL).hits())
        .extracting(hit -> hit.message().subject())
        .containsExactly("zeppelin", "other", "none");
  }

  private static String reply(String id, String subject, String references) {
    return "Message-ID: <"
        + id
        + ">\r\nReferences: "
        + references
        + "\r\nSubject: "
        + subject
        + "\r\n\r\nx "
        + id;
  }

  private List<String> conversation(String subject, Set<AccountName> visible) throws Exception {
    Results found = results("subject:\"" + subject + "\"", visible);
    return search(index).conversation(found.hits().getFirst().message(), visible).entries().stream()
        .map(entry -> entry.depth() + (entry.hit() == null ? "" : entry.hit().message().subject()))
        .toList();
  }

  @Test
  void conversationsHoldWhatNamesTheSameIds() throws Exception {
    live.add(inbox, reply("a@x", "start", ""));
    live.add(inbox, reply("b@x", "Re: start one", "<a@x>"));
    live.add(bobs, reply("c@x", "Re: start two", "<a@x> <b@x>"));
    live.add(inbox, reply("d@x", "Re: start three", "<a@x> <b@x> <c@x>"));
    live.add(inbox, reply("e@x", "elsewhere", "<z@x>"));
    live.add(inbox, reply("f@x", "Re: elsewhere", "<z@x>"));
    settle();
    assertThat(conversation("start three", ALL))
        .containsExactly("0start", "1Re: start one", "2Re: start two", "3Re: start three");
    assertThat(conversation("start one", Set.of(ALICE)))
        .containsExactly("0start", "1Re: start one", "2Re: start three");
    assertThat(conversation("start two", Set.of(BOB))).containsExactly("0Re: start two");
    assertThat(conversation("Re: elsewhere", ALL))
        .containsExactly("0", "1elsewhere", "1Re: elsewhere");
  }

  @Test
  void repliesWithoutReferencesJoinBySubjectWhenTheyAreNear() throws Exception {
    live.add(inbox, "Message-ID: <a@x>\r\nSubject: Plan\r\n\r\n1");
    live.add(inbox, "Message-ID: <b@x>\r\nSubject: AW: Re: Plan\r\n\r\n2");
    live.add(inbox, "Message-ID: <c@x>\r\nSubject: Re: plan\r\n\r\n3");
    byte[] late =
        "Message-ID: <d@x>\r\nSubject: Re: Plan\r\n\r\n4".getBytes(StandardCharsets.UTF_8);
    live.add(inbox, late, DAY.plus(Duration.ofDays(99)));
    live.add(inbox, "Message-ID: <e@x>\r\nSubject: Plan\r\n\r\n5");
    settle();
    Message first = results("id:a@x", ALL).hits().getFirst().message();
    assertThat(search(index).conversation(first, ALL).entries())
        .extracting(
            entry -> entry.depth() + Objects.requireNonNull(entry.hit()).message().subject())
        .containsExactly("0Plan", "1Re: plan");
    Message reply = results("id:c@x", ALL).hits().getFirst().message();
    assertThat(search(index).conversation(reply, ALL).entries()).hasSize(2);
  }

  @Test
  void aConversationOfManyIsCutAtTheLatest() throws Exception {
    for (int i = 0; i < Gathering.MAX_MESSAGES + 20; i++) {
      byte[] one = reply("m" + i + "@x", "s" + i, "<root@x>").getBytes(StandardCharsets.UTF_8);
      live.add(inbox, one, DAY.plusSeconds(i));
    }
    settle();
    Message first = results("id:m0@x", ALL).hits().getFirst().message();
    Conversation conversation = search(index).conversation(first, ALL);
    assertThat(conversation.cut()).isTrue();
    List<String> subjects =
        conversation.entries().stream()
            .filter(entry -> entry.hit() != null)
            .map(entry -> Objects.requireNonNull(entry.hit()).message().subject())
            .toList();
    assertThat(subjects)
        .hasSize(Gathering.MAX_MESSAGES)
        .contains("s0", "s" + (Gathering.MAX_MESSAGES + 19))
        .doesNotContain("s1");
  }

  @Test
  void whatIsAlikeSharesTellingWords() throws Exception {
    live.add(inbox, mail("a@example.com", "one", "the zeppelin hangar needs canvas and rivets"));
    live.add(inbox, mail("b@example.com", "two", "canvas for the hangar of the zeppelin is here"));
    live.add(inbox, mail("c@example.com", "three", "the lunch is here and the soup needs salt"));
    live.add(bobs, mail("d@example.com", "four", "zeppelin hangar canvas rivets"));
    settle();
    Message one = results("subject:one", ALL).hits().getFirst().message();
    assertThat(search(index).similar(one, Set.of(ALICE), 10))
        .extracting(hit -> hit.message().subject())
        .startsWith("two")
        .doesNotContain("one", "four");
    assertThat(search(index).similar(one, ALL, 1))
        .extracting(hit -> hit.message().subject())
        .containsExactly("four");
  }

  @Test
  void whateverIsTypedFindsSomethingNothingOrIsRefused() throws Exception {
    live.add(inbox, multipart("Plan.pdf"), DAY, "\\Seen");
    live.add(bobs, mail("Ann <ann@example.com>", "s", "the word"));
    settle();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] pieces = {
      "word",
      "an*",
      "(",
      ")",
      "\"",
      "-",
      "NOT ",
      "OR ",
      " ",
      "from:",
      "to:@",
      "x-a:",
      "header:b:",
      "in:",
      "flag:",
      "%",
      "_",
      "'",
      ";",
      "\\",
      "\0",
      "\u6771",
      "\ud83d",
      "\u202e",
      "type:",
      "/",
      "[",
      "{",
      "~2",
      "^9",
      "on:last-week",
      "sent:2024..",
      "id:<",
      "ref:",
      "lang:de",
      "larger:1",
      "has:attachment",
      "*",
      "&&",
      "."
    };
    for (int i = 0; i < 3_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = random.nextInt(8); j >= 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        Query query = QueryParser.parse(text.toString());
        Question question = new Question(query, SortOrder.RELEVANCE, 9, null);
        Results found = search(index).search(question, Set.of(BOB));
        assertThat(found.total()).as("seed %d: %s", seed, text).isBetween(0L, 1L);
        for (Results.Hit hit : found.hits()) {
          assertThat(search(index).snippets(query, List.of(hit.message()))).hasSize(1);
        }
      } catch (QuerySyntaxException e) {
        assertThat(e.column()).as("seed %d: %s", seed, text).isBetween(1, text.length() + 1);
      }
    }
  }

  @Test
  void lagIsWhatIsArchivedAndNotYetSearchable() throws IOException {
    live.add(inbox, mail("a@example.com", "s", "x"));
    settle();
    assertThat(results("", ALL).lag()).isZero();
    live.add(inbox, mail("a@example.com", "t", "x"));
    live.settle();
    assertThat(results("", ALL).lag()).isEqualTo(1);
    follow(index);
    assertThat(results("", ALL).lag()).isZero();
  }

  @Test
  void anyMessageIsIndexed() throws IOException {
    byte[] big = new byte[30 << 20];
    java.util.Arrays.fill(big, (byte) 'a');
    byte[] head = "Subject: big\r\n\r\nneedle \0 stack ".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(head, 0, big, 0, head.length);
    byte[] noise = new byte[100_000];
    new Random(1).nextBytes(noise);
    live.add(inbox, new byte[0], DAY);
    live.add(inbox, noise, DAY);
    live.add(inbox, big, DAY);
    live.add(inbox, "Message-ID: <" + "x".repeat(60_000) + ">\r\nSubject: long id\r\n\r\n");
    settle();
    assertThat(results("", ALL).total()).isEqualTo(4);
    assertThat(subjects("needle stack")).containsExactly("big");
  }

  @Test
  void indexFollowedInPiecesEqualsOneMadeAgain() throws IOException {
    Random random = new Random(3);
    List<String> words = List.of("apple", "pear", "plum", "fig");
    for (int i = 0; i < 40; i++) {
      live.add(
          i % 3 == 0 ? bobs : inbox, mail("a@example.com", "s" + i, words.get(random.nextInt(4))));
      if (i % 7 == 0) {
        settle();
        index.close();
        index = FullTextIndex.open(directory.resolve("index"));
      }
    }
    settle();
    try (FullTextIndex again = FullTextIndex.open(directory.resolve("again"))) {
      follow(again);
      for (String word : words) {
        assertThat(found(again, word)).isEqualTo(found(index, word)).isNotEmpty();
      }
      assertThat(again.position()).isEqualTo(index.position()).isEqualTo(live.archive().size());
    }
    index.close();
    try (CommittedIndex reading = CommittedIndex.open(directory.resolve("index"))) {
      assertThat(found(reading, "")).hasSize(40);
    }
    index = FullTextIndex.open(directory.resolve("index"));
  }

  private Set<Integer> found(SearchIndex searched, String word) throws IOException {
    try {
      return search(searched)
          .search(new Question(QueryParser.parse(word), SortOrder.DATE, 100, null), ALL)
          .hits()
          .stream()
          .map(hit -> hit.message().number())
          .collect(Collectors.toSet());
    } catch (QuerySyntaxException | TooBroadException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void whatWasNotCommittedIsFollowedAgainAfterACrash() throws IOException {
    live.add(inbox, mail("a@example.com", "kept", "x"));
    settle();
    Path copy = directory.resolve("copy");
    index.close();
    index = FullTextIndex.open(directory.resolve("index"));
    live.add(inbox, mail("a@example.com", "lost", "x"));
    settle();
    copyFolder(directory.resolve("index"), copy);
    try (FullTextIndex crashed = FullTextIndex.open(copy)) {
      assertThat(crashed.position()).isLessThan(live.archive().size());
      follow(crashed);
      assertThat(found(crashed, "x")).hasSize(2);
    }
  }

  private static void copyFolder(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
  }

  @Test
  void damagedIndexIsMadeAgain() throws IOException {
    live.add(inbox, mail("a@example.com", "s", "x"));
    settle();
    index.close();
    List<Path> segments = new ArrayList<>();
    try (var files = Files.list(directory.resolve("index"))) {
      files
          .filter(file -> file.getFileName().toString().startsWith("segments_"))
          .forEach(segments::add);
    }
    for (Path segment : segments) {
      Files.write(segment, new byte[] {1, 2, 3});
    }
    index = FullTextIndex.open(directory.resolve("index"));
    assertThat(index.position()).isZero();
    follow(index);
    assertThat(subjects("x")).containsExactly("s");
  }

  @Test
  void indexOfAnotherArchiveIsMadeAgain() throws IOException {
    Path folder = directory.resolve("foreign");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    for (int messages : new int[] {1, 9}) {
      Path place = Files.createDirectory(elsewhere.resolve("n" + messages));
      try (LiveArchive other = new LiveArchive(place);
          FullTextIndex foreign = FullTextIndex.open(folder)) {
        MailboxId mailbox = other.mailbox(ALICE, "INBOX");
        for (int i = 0; i < messages; i++) {
          other.add(mailbox, mail("a@example.com", "foreign " + i, "x"));
        }
        other.settle();
        try (IndexFollower follower =
            new IndexFollower(other.archive(), other.catalogue(), foreign, Progress.NONE)) {
          follower.catchUp();
        }
      }
      live.add(inbox, mail("a@example.com", "own " + messages, "x"));
      live.settle();
      try (FullTextIndex own = FullTextIndex.open(folder)) {
        follow(own);
        assertThat(found(own, "foreign")).isEmpty();
        assertThat(found(own, "own")).isNotEmpty();
      }
    }
  }
}
