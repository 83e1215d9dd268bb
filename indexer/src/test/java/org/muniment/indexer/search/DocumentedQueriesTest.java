package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.DAY;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;

/// The examples of docs/search.md: each finds something, and none finds everything.
class DocumentedQueriesTest {

  /// An hour after noon of a Thursday.
  private static final Instant NOW = Instant.parse("2024-04-11T13:00:00Z");

  @TempDir Path directory;

  @Test
  void everyExampleFindsSomethingAndNotEverything() throws Exception {
    List<String> examples = examples();
    assertThat(examples).hasSizeGreaterThan(50);
    try (LiveArchive live = new LiveArchive(directory);
        FullTextIndex index = FullTextIndex.open(directory.resolve("index"))) {
      fill(live);
      live.settle();
      try (IndexFollower follower =
          new IndexFollower(live.archive(), live.catalogue(), index, Progress.NONE)) {
        follower.catchUp();
      }
      Search search =
          new Search(live.archive(), live.catalogue(), index, Clock.fixed(NOW, ZoneOffset.UTC));
      long all = found(search, "");
      for (String example : examples) {
        assertThat(found(search, example)).as(example).isPositive().isLessThan(all);
      }
    }
  }

  private static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    boolean queries = false;
    for (String line : Files.readAllLines(Path.of("..", "docs", "search.md"))) {
      if (line.startsWith("```")) {
        queries = line.equals("```query");
      } else if (queries) {
        int comment = line.indexOf(" #");
        examples.add((comment < 0 ? line : line.substring(0, comment)).strip());
      }
    }
    // No message has text of attachments here.
    examples.remove("attachment:turnover");
    return examples;
  }

  private static long found(Search search, String query)
      throws IOException, QuerySyntaxException, TooBroadException {
    Question question = new Question(QueryParser.parse(query), SortOrder.DATE, 1, null);
    return search.search(question, Set.of(ALICE, LiveArchive.BOB)).total();
  }

  private static void fill(LiveArchive live) throws IOException {
    MailboxId inbox = live.mailbox(ALICE, "INBOX");
    MailboxId archive = live.mailbox(LiveArchive.BOB, "Archive/2024");
    live.add(
        inbox,
        octets(
            "From: Anna Berg <anna.berg@example.com>\nTo: team@example.org\nCc: Carla <carla@x.example>",
            "Subject: Quarterly report\nMessage-ID: <m1@example.com>\nList-Id: <dev.example.com>",
            "Sender: office@example.com\nX-Mailer: Mozilla Thunderbird 115\nOrganization: Acme Ltd",
            "Content-Type: multipart/mixed; boundary=b\n",
            "--b\nContent-Type: text/plain; charset=utf-8\n",
            "Anbei der Bericht, bitte pr\u00fcfen Sie die Rechnung f\u00fcr das Jahr und geben uns Bescheid.",
            "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=Plan_2024.final.pdf\n",
            "x\n--b\nContent-Type: application/msword; name=x.doc\n\nx\n--b--"),
        DAY,
        "\\Flagged");
    live.add(
        archive,
        octets(
            "From: Bob <bob@example.net>\nTo: anna@example.com\nIn-Reply-To: <m1@example.com>",
            "Subject: Invoice of March\nDate: Fri, 8 Mar 2024 10:00:00 +0000\n",
            "The annual report and the zeppelin."),
        NOW.minus(Duration.ofHours(1)));
    live.add(
        archive,
        octets(
            "From: Bob <bob@example.net>\nSubject: invoice reminder\nDate: 1 Jan 2020 00:00:00 +0000\n",
            "draft"),
        DAY.minus(Duration.ofDays(500)));
    live.add(
        inbox, octets("From: x@y.example\nSubject: one\n", "1"), NOW.minus(Duration.ofDays(1)));
    live.add(
        inbox,
        octets("From: x@y.example\nSubject: two\n", "2"),
        Instant.parse("2024-01-20T00:00:00Z"));
    live.add(
        inbox,
        octets("Subject: bad\nContent-Transfer-Encoding: base64\n", "!!!! x" + " ".repeat(25_000)),
        DAY.minus(Duration.ofDays(3000)));
    MailboxId journaled = live.mailbox(ALICE, "INBOX (journaled)");
    Event.Placement report = live.add(inbox, "Subject: wrapped\r\n\r\nreport\r\n");
    live.unwrapped(
        report,
        journaled,
        "Subject: held\r\n\r\nheld\r\n",
        new Event.Transmission(
            "office@example.com",
            "",
            List.of(new Event.Recipient(Event.Addressed.BCC, "dora@hidden.example", "", "")),
            ""));
  }

  private static byte[] octets(String... lines) {
    return (String.join("\n", lines) + "\n").replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
  }
}
