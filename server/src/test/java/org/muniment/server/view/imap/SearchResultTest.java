package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.MailboxId;

/// What SEARCH returns and saves: SEARCHRES (RFC 5182), PARTIAL (RFC 9394), and MULTISEARCH (RFC
/// 7377), after the examples of their RFCs.
class SearchResultTest extends ServedArchive {

  @BeforeEach
  void start() throws IOException {
    fill();
    client.command("SELECT INBOX");
  }

  /// Messages 1 to 21 with UIDs 10, 12, ... 50; those called hit are 2, 10 to 15 and 21.
  private void fill() throws IOException {
    for (int i = 1; i <= 21; i++) {
      boolean hit = i == 2 || (i >= 10 && i <= 15) || i == 21;
      archive.append(inbox, "Subject: " + (hit ? "hit" : "miss") + "\r\n\r\n" + i + "\r\n");
    }
  }

  private List<String> saved() throws IOException {
    return client.command("SEARCH $");
  }

  // RFC 5182 section 2.2, example 1
  @Test
  void whatASearchSavesCanBeFetched() throws IOException {
    assertThat(client.command("SEARCH RETURN (SAVE) SUBJECT hit SMALLER 20"))
        .containsExactly("OK done, results saved");
    assertThat(client.command("FETCH $ (UID)")).containsExactly("* 2 FETCH (UID 12)", "OK done");
    assertThat(client.command("UID FETCH $ UID")).containsExactly("* 2 FETCH (UID 12)", "OK done");
    assertThat(client.command("STORE $ +FLAGS.SILENT (\\Seen)")).containsExactly("OK done");
    assertThat(client.command("SEARCH SEEN")).containsExactly("* SEARCH 2", "OK done");
  }

  // example 2
  @Test
  void theSavingSearchAndTheFetchCanBePipelined() throws IOException {
    client.send("A282 SEARCH RETURN (SAVE) 3\r\nA283 FETCH $ (UID)\r\n");
    assertThat(client.untilTagged("A283"))
        .containsExactly("A282 OK done, results saved", "* 3 FETCH (UID 14)", "OK done");
  }

  // examples 3 and 4
  @Test
  void whatIsSavedIsAKeyOfAnotherSearch() throws IOException {
    client.command("UID SEARCH RETURN (SAVE) SUBJECT hit");
    assertThat(client.command("UID SEARCH UID $ 1:11"))
        .containsExactly("* SEARCH 12 28 30", "OK done");
    assertThat(client.command("UID SEARCH $ 1:11")).containsExactly("* SEARCH 12 28 30", "OK done");
    assertThat(client.command("SEARCH CHARSET UTF-8 (OR $ 1,300:321) BODY {1+}\r\n1").getFirst())
        .isEqualTo("* SEARCH 1 10 11 12 13 14 15 21");
    assertThat(client.command("SEARCH RETURN (SAVE) NOT $ 1:4"))
        .containsExactly("OK done, results saved");
    assertThat(saved()).containsExactly("* SEARCH 1 3 4", "OK done");
  }

  // example 5
  @Test
  void aSearchThatFailsSavesNothing() throws IOException {
    client.command("SEARCH RETURN (SAVE) 1:3");
    assertThat(client.command("SEARCH CHARSET KOI8-R TEXT x").getLast())
        .startsWith("NO [BADCHARSET ");
    assertThat(client.command("SEARCH RETURN (SAVE) NONSENSE").getLast()).startsWith("BAD ");
    assertThat(saved()).containsExactly("* SEARCH 1 2 3", "OK done");
    assertThat(client.command("SEARCH RETURN (SAVE) CHARSET KOI8-R TEXT x").getLast())
        .startsWith("NO [BADCHARSET ");
    assertThat(saved()).containsExactly("* SEARCH", "OK done");
  }

  // example 6, and section 2.1
  @Test
  void nothingSavedIsNoError() throws IOException {
    assertThat(client.command("FETCH $ FLAGS")).containsExactly("OK done");
    client.command("SEARCH RETURN (SAVE) 1:3");
    client.command("SELECT INBOX");
    assertThat(saved()).containsExactly("* SEARCH", "OK done");
    assertThat(client.command("FETCH $,1 FLAGS").getLast()).startsWith("BAD ");
  }

  // example 10
  @Test
  void whatIsSavedDependsOnWhatIsReturned() throws IOException {
    assertThat(client.command("SEARCH RETURN (ALL SAVE) SUBJECT hit").getFirst())
        .endsWith(") ALL 2,10:15,21");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 2 10 11 12 13 14 15 21");
    assertThat(client.command("SEARCH RETURN (SAVE MIN) SUBJECT hit").getFirst())
        .endsWith(") MIN 2");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 2");
    assertThat(client.command("SEARCH RETURN (MAX SAVE MIN) SUBJECT hit").getFirst())
        .endsWith(") MIN 2 MAX 21");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 2 21");
    assertThat(client.command("SEARCH RETURN (MAX SAVE MIN COUNT) SUBJECT hit").getFirst())
        .endsWith(") MIN 2 MAX 21 COUNT 8");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 2 10 11 12 13 14 15 21");
  }

  // RFC 9394 section 3.1
  @Test
  void aPartOfTheResultsIsReturned() throws IOException {
    assertThat(client.command("UID SEARCH RETURN (PARTIAL -1:-3) SUBJECT hit").getFirst())
        .endsWith(") UID PARTIAL (-1:-3 36,38,50)");
    assertThat(client.command("SEARCH RETURN (PARTIAL 2:4) SUBJECT hit").getFirst())
        .endsWith(") PARTIAL (2:4 10:12)");
    assertThat(client.command("SEARCH RETURN (PARTIAL 4:2 COUNT) SUBJECT hit").getFirst())
        .endsWith(") COUNT 8 PARTIAL (4:2 10:12)");
    assertThat(client.command("SEARCH RETURN (PARTIAL 8:500) SUBJECT hit").getFirst())
        .endsWith(") PARTIAL (8:500 21)");
    assertThat(client.command("SEARCH RETURN (PARTIAL 24000:24500) SUBJECT hit").getFirst())
        .endsWith(") PARTIAL (24000:24500 NIL)");
    assertThat(client.command("SEARCH RETURN (PARTIAL -9:-10) SUBJECT hit").getFirst())
        .endsWith(") PARTIAL (-9:-10 NIL)");
    for (String wrong :
        List.of("ALL PARTIAL 1:2", "PARTIAL 1:2 PARTIAL 3:4", "PARTIAL 1:-2", "PARTIAL 0:1")) {
      assertThat(client.command("SEARCH RETURN (" + wrong + ") ALL").getLast())
          .startsWith("BAD expected");
    }
  }

  // RFC 9394 section 3.2
  @Test
  void aPartOfTheResultsIsSaved() throws IOException {
    client.command("SEARCH RETURN (SAVE PARTIAL 3:4) SUBJECT hit");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 11 12");
    client.command("SEARCH RETURN (SAVE PARTIAL 3:4 MIN MAX) SUBJECT hit");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 2 11 12 21");
    client.command("SEARCH RETURN (SAVE PARTIAL 3:4 COUNT) SUBJECT hit");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 2 10 11 12 13 14 15 21");
  }

  // RFC 9394 section 3.3
  @Test
  void aPartOfTheMessagesIsFetched() throws IOException {
    assertThat(client.command("UID FETCH 11:40 (UID) (PARTIAL -1:-2)"))
        .containsExactly("* 15 FETCH (UID 38)", "* 16 FETCH (UID 40)", "OK done");
    assertThat(client.command("UID FETCH 11:40 UID (PARTIAL 1:2)"))
        .containsExactly("* 2 FETCH (UID 12)", "* 3 FETCH (UID 14)", "OK done");
    assertThat(client.command("FETCH 1:4 UID (PARTIAL 1:2)").getLast()).startsWith("BAD ");
  }

  // RFC 7377 section 3
  @Test
  void severalMailboxesAreSearchedAtOnce() throws IOException {
    MailboxId folder1 = archive.mailbox("folder1");
    archive.append(folder1, "Subject: hit\r\n\r\n");
    archive.append(archive.mailbox("folder2", "banana"), "Subject: hit\r\n\r\n");
    MailboxId deep = archive.mailbox("folder2", "salmon", "deep");
    archive.append(deep, "Subject: miss\r\n\r\n");
    archive.append(deep, "Subject: hit\r\n\r\n");
    client.send("tag1 ESEARCH IN (mailboxes \"folder1\" subtree \"folder2\") subject hit\r\n");
    assertThat(client.untilTagged("tag1"))
        .containsExactly(
            "* ESEARCH (TAG \"tag1\" MAILBOX \"folder1\" UIDVALIDITY 1001) UID ALL 10",
            "* ESEARCH (TAG \"tag1\" MAILBOX \"folder2/banana\" UIDVALIDITY 1002) UID ALL 10",
            "* ESEARCH (TAG \"tag1\" MAILBOX \"folder2/salmon/deep\" UIDVALIDITY 1003) UID ALL 12",
            "OK done");
    client.send(
        "tag2 ESEARCH IN (mailboxes (none folder1) subtree-one folder2) RETURN (COUNT) ALL\r\n");
    assertThat(client.untilTagged("tag2"))
        .containsExactly(
            "* ESEARCH (TAG \"tag2\" MAILBOX \"folder1\" UIDVALIDITY 1001) UID COUNT 1",
            "* ESEARCH (TAG \"tag2\" MAILBOX \"folder2/banana\" UIDVALIDITY 1002) UID COUNT 1",
            "OK done");
    assertThat(client.command("ESEARCH IN (personal) SUBJECT hit")).hasSize(5);
    assertThat(client.command("ESEARCH IN (inboxes subscribed) SUBJECT absent"))
        .containsExactly("OK done");
  }

  // RFC 7377 section 2.2
  @Test
  void withoutSourcesTheSelectedMailboxIsSearched() throws IOException {
    client.send("t ESEARCH SUBJECT hit 1:10\r\n");
    assertThat(client.untilTagged("t"))
        .containsExactly(
            "* ESEARCH (TAG \"t\" MAILBOX \"INBOX\" UIDVALIDITY 1000) UID ALL 12,28", "OK done");
    assertThat(client.command("ESEARCH IN (selected) RETURN (SAVE) 4:5"))
        .containsExactly("OK done");
    assertThat(saved().getFirst()).isEqualTo("* SEARCH 4 5");
    assertThat(client.command("ESEARCH IN (personal) RETURN (SAVE) ALL").getLast())
        .startsWith("BAD expected SAVE for the selected mailbox alone");
    client.command("UNSELECT");
    assertThat(client.command("ESEARCH ALL").getLast()).startsWith("BAD ");
    assertThat(client.command("ESEARCH IN (selected) ALL").getLast()).startsWith("BAD ");
  }

  // RFC 7377 section 2: no error, also where it begins beyond the mailbox
  @Test
  void aSearchMayNameMessagesBeyondTheMailbox() throws IOException {
    assertThat(client.command("SEARCH 20:100")).containsExactly("* SEARCH 20 21", "OK done");
    assertThat(client.command("SEARCH 101:200")).containsExactly("* SEARCH", "OK done");
    assertThat(client.command("SEARCH 4294967295:*")).containsExactly("* SEARCH 21", "OK done");
  }
}
