package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.MailboxId;

/// SORT, SORT=DISPLAY, ESORT and THREAD (RFC 5256, RFC 5957, RFC 5267).
class SortTest extends ServedArchive {

  @BeforeEach
  void start() throws IOException {
    fill();
    client.command("SELECT INBOX");
  }

  private void fill() throws IOException {
    message("<a@x>", "", "3 Feb 2020 12:00:00 +0000", "\"Zoe\" <bob@x>", "beta");
    message("<b@x>", "<a@x>", "2 Feb 2020 12:00:00 +0000", "amy@x", "Re: [list] ALPHA (fwd)");
    message("<c@x>", "<a@x> <b@x>", "2 Feb 2020 14:00:00 +0300", "\"bea\" <cy@x>", "Re: Beta");
    message("", "", "", "=?utf-8?q?=C3=84rger?= <AMY@y>", "=?utf-8?q?=C3=A4rger?=");
    message("<e@x>", "<gone@x>", "1 Feb 2020 12:00:00 +0000", "Friends: a@x, b@x;", "\u00c4RGER");
    message("<f@x>", "<gone@x>", "5 Feb 2020 12:00:00 +0000", "", "");
  }

  private void message(String id, String references, String date, String from, String subject)
      throws IOException {
    archive.append(
        inbox,
        (id.isEmpty() ? "" : "Message-ID: " + id + "\r\n")
            + (references.isEmpty() ? "" : "References: " + references + "\r\n")
            + (date.isEmpty() ? "" : "Date: " + date + "\r\n")
            + (from.isEmpty() ? "" : "From: " + from + "\r\n")
            + (subject.isEmpty() ? "" : "Subject: " + subject + "\r\n")
            + "\r\n");
  }

  private String sorted(String criteria) throws IOException {
    List<String> answer = client.command("SORT (" + criteria + ") UTF-8 ALL");
    assertThat(answer).hasSize(2).last().isEqualTo("OK done");
    return answer.getFirst();
  }

  // RFC 5256 section 3
  @Test
  void everyCriterionHasItsOrder() throws IOException {
    assertThat(sorted("ARRIVAL")).isEqualTo("* SORT 1 2 3 4 5 6");
    assertThat(sorted("REVERSE ARRIVAL")).isEqualTo("* SORT 6 5 4 3 2 1");
    // Without a Date field it is INTERNALDATE, in 2017; 14:00 +0300 is 11:00.
    assertThat(sorted("DATE")).isEqualTo("* SORT 4 5 3 2 1 6");
    assertThat(sorted("FROM")).isEqualTo("* SORT 6 2 4 1 3 5");
    assertThat(sorted("CC")).isEqualTo("* SORT 1 2 3 4 5 6");
    assertThat(sorted("SUBJECT")).isEqualTo("* SORT 6 2 4 5 1 3");
    assertThat(sorted("SUBJECT REVERSE DATE")).isEqualTo("* SORT 6 2 5 4 1 3");
    // Only the criterion is reversed, not the sequence numbers behind it.
    assertThat(sorted("REVERSE SUBJECT")).isEqualTo("* SORT 1 3 4 5 2 6");
  }

  // RFC 5957 section 3
  @Test
  void namesAreSortedAsTheyAreShown() throws IOException {
    assertThat(sorted("DISPLAYFROM")).isEqualTo("* SORT 6 2 4 3 5 1");
    assertThat(sorted("DISPLAYTO")).isEqualTo("* SORT 1 2 3 4 5 6");
  }

  @Test
  void onlyWhatIsFoundIsSorted() throws IOException {
    assertThat(client.command("SORT (SUBJECT) US-ASCII TEXT \"not in mailbox\""))
        .containsExactly("* SORT", "OK done");
    assertThat(client.command("UID SORT (REVERSE DATE) UTF-8 1:3"))
        .containsExactly("* SORT 10 12 14", "OK done");
    assertThat(client.command("SORT (SUBJECT) KOI8-R ALL").getLast()).startsWith("NO [BADCHARSET ");
    assertThat(client.command("SORT (COLOUR) UTF-8 ALL").getLast()).startsWith("BAD expected");
    assertThat(client.command("SORT () UTF-8 ALL").getLast()).startsWith("BAD expected");
  }

  // RFC 5267 section 3
  @Test
  void anExtendedSortKeepsTheOrderInItsSets() throws IOException {
    client.send("E01 UID SORT RETURN () (REVERSE DATE) UTF-8 ALL\r\n");
    assertThat(client.untilTagged("E01"))
        .containsExactly("* ESEARCH (TAG \"E01\") UID ALL 20,10,12,14,18,16", "OK done");
    assertThat(client.command("SORT RETURN (MIN MAX COUNT) (DATE) UTF-8 ALL").getFirst())
        .endsWith(") MIN 4 MAX 6 COUNT 6");
    assertThat(client.command("SORT RETURN (ALL) (ARRIVAL) UTF-8 ALL").getFirst())
        .endsWith(") ALL 1:6");
    assertThat(client.command("SORT RETURN (PARTIAL 1:2 SAVE) (DATE) UTF-8 ALL").getFirst())
        .endsWith(") PARTIAL (1:2 4:5)");
    assertThat(client.command("SEARCH $").getFirst()).isEqualTo("* SEARCH 4 5");
  }

  // RFC 5256 section 3, ORDEREDSUBJECT
  @Test
  void messagesOfASubjectAreAThread() throws IOException {
    assertThat(client.command("THREAD ORDEREDSUBJECT UTF-8 ALL"))
        .containsExactly("* THREAD (4 5)(3 1)(2)(6)", "OK done");
    archive.append(inbox, "Subject: Re: beta\r\n\r\n");
    client.command("NOOP");
    assertThat(client.command("UID THREAD ORDEREDSUBJECT UTF-8 SUBJECT beta"))
        .containsExactly("* THREAD (22 (14)(10))", "OK done");
    assertThat(client.command("THREAD ORDEREDSUBJECT US-ASCII TEXT gewp"))
        .containsExactly("* THREAD", "OK done");
  }

  // RFC 5256 section 3, REFERENCES
  @Test
  void messagesThatReferToEachOtherAreAThread() throws IOException {
    assertThat(client.command("THREAD REFERENCES UTF-8 ALL"))
        .containsExactly("* THREAD ((4)(5)(6))(1 2 3)", "OK done");
    assertThat(client.command("THREAD REFERENCES UTF-8 2:4"))
        .containsExactly("* THREAD (4)(2 3)", "OK done");
    assertThat(client.command("UID THREAD REFERENCES UTF-8 NOT 2 NOT 4"))
        .containsExactly("* THREAD ((18)(20))(10 14)", "OK done");
    assertThat(client.command("THREAD REFS UTF-8 ALL").getLast()).startsWith("BAD expected");
  }

  // RFC 5256 section 4, BASE.7.2.THREAD
  @Test
  void branchesStandInParentheses() throws IOException {
    MailboxId other = archive.mailbox("other");
    String[][] messages = {
      {"2", ""},
      {"3", ""},
      {"6", "<3@x>"},
      {"4", "<6@x>"},
      {"23", "<4@x>"},
      {"44", "<6@x>"},
      {"7", "<44@x>"},
      {"96", "<\"7\"@x>"}
    };
    for (String[] message : messages) {
      archive.append(
          other, "Message-ID: <" + message[0] + "@x>\r\nIn-Reply-To: " + message[1] + "\r\n\r\n");
    }
    client.command("SELECT other");
    assertThat(client.command("THREAD REFERENCES UTF-8 ALL").getFirst())
        .isEqualTo("* THREAD (1)(2 3 (4 5)(6 7 8))");
  }

  @Test
  void deepThreadsAreBounded() throws IOException {
    MailboxId other = archive.mailbox("other");
    for (int i = 1; i <= 1200; i++) {
      archive.append(
          other, "Message-ID: <" + i + "@x>\r\nIn-Reply-To: <" + (i - 1) + "@x>\r\n\r\n");
    }
    client.command("SELECT other");
    assertThat(client.command("THREAD REFERENCES UTF-8 ALL").getFirst())
        .startsWith("* THREAD (1 2 3 4 ")
        .endsWith(" 1200)");
  }
}
