package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.MailboxId;

/// LIST-EXTENDED with its returns, and small extensions, after the examples of their RFCs.
class ListExtendedTest extends ServedArchive {

  @BeforeEach
  void fill() throws IOException {
    archive.append(inbox, "Subject: one\r\n\r\n1\r\n");
    archive.mailbox(FakeArchive.ALICE, Set.of("\\Sent"), List.of("Sent"));
    archive.mailbox("Fruit");
    archive.mailbox("Fruit", "Apple");
    archive.mailbox("Vegetable");
  }

  // RFC 5258 section 5, examples 1 to 3
  @Test
  void subscribedMailboxesAndTheirAttribute() throws IOException {
    client.command("UNSUBSCRIBE Vegetable");
    client.command("UNSUBSCRIBE Sent");
    assertThat(client.command("LIST (SUBSCRIBED) \"\" *"))
        .containsExactly(
            "* LIST (\\HasChildren \\Subscribed) \"/\" \"Fruit\"",
            "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"Fruit/Apple\"",
            "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"INBOX\"",
            "OK done");
    assertThat(client.command("LIST \"\" (v% INBOX V%) RETURN (SUBSCRIBED CHILDREN)"))
        .containsExactly(
            "* LIST (\\HasNoChildren \\Subscribed) \"/\" \"INBOX\"",
            "* LIST (\\HasNoChildren) \"/\" \"Vegetable\"",
            "OK done");
    assertThat(client.command("LIST (REMOTE) \"\" V% RETURN ()"))
        .containsExactly("* LIST (\\HasNoChildren) \"/\" \"Vegetable\"", "OK done");
  }

  // RFC 5258 section 5, examples 8 and 9
  @Test
  void recursiveMatchListsWhatStandsAbove() throws IOException {
    client.command("UNSUBSCRIBE Fruit");
    assertThat(client.command("LIST (SUBSCRIBED RECURSIVEMATCH) \"\" F%"))
        .containsExactly(
            "* LIST (\\HasChildren) \"/\" \"Fruit\" (\"CHILDINFO\" (\"SUBSCRIBED\"))", "OK done");
    assertThat(client.command("LIST (SUBSCRIBED) \"\" F%")).containsExactly("OK done");
    assertThat(client.command("LIST (RECURSIVEMATCH) \"\" *").getLast()).startsWith("BAD ");
    assertThat(client.command("LIST (UNKNOWN) \"\" *").getLast()).startsWith("BAD ");
    assertThat(client.command("LIST \"\" * RETURN (UNKNOWN)").getLast()).startsWith("BAD ");
  }

  // RFC 6154 section 5.3
  @Test
  void specialUseAloneIsListed() throws IOException {
    assertThat(client.command("LIST (SPECIAL-USE) \"\" *"))
        .containsExactly("* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"", "OK done");
    assertThat(client.command("LIST \"\" S% RETURN (SPECIAL-USE)"))
        .containsExactly("* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"", "OK done");
  }

  // RFC 5819 section 3
  @Test
  void statusComesWithTheList() throws IOException {
    archive.mailbox("Level", "Below");
    assertThat(client.command("LIST \"\" (INBOX Level) RETURN (STATUS (MESSAGES UNSEEN) CHILDREN)"))
        .containsExactly(
            "* LIST (\\HasNoChildren) \"/\" \"INBOX\"",
            "* STATUS \"INBOX\" (MESSAGES 1 UNSEEN 1)",
            "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Level\"",
            "OK done");
  }

  // RFC 4314 section 3.5
  @Test
  void rightsAreToLookUpToReadAndToKeepWhatWasSeen() throws IOException {
    assertThat(client.command("MYRIGHTS INBOX"))
        .containsExactly("* MYRIGHTS \"INBOX\" lrs", "OK done");
    assertThat(client.command("MYRIGHTS Nowhere").getLast()).startsWith("NO [NONEXISTENT] ");
    for (String command : List.of("GETACL INBOX", "LISTRIGHTS INBOX bob", "SETACL INBOX bob lr")) {
      assertThat(client.command(command).getLast()).startsWith("NO [NOPERM] ");
    }
  }

  // RFC 9208 section 4.1.2
  @Test
  void noMailboxHasAQuota() throws IOException {
    assertThat(client.command("GETQUOTAROOT INBOX"))
        .containsExactly("* QUOTAROOT \"INBOX\"", "OK done");
    assertThat(client.command("GETQUOTAROOT Nowhere").getLast()).startsWith("NO [NONEXISTENT] ");
    assertThat(client.command("GETQUOTA \"\"").getLast()).startsWith("NO [NONEXISTENT] ");
    assertThat(client.command("SETQUOTA \"\" (STORAGE 512)").getLast()).startsWith("NO [NOPERM] ");
  }

  // RFC 4315 section 2.1
  @Test
  void uidExpungeRemovesNothing() throws IOException {
    client.command("SELECT INBOX");
    assertThat(client.command("UID EXPUNGE 10:12,3000"))
        .containsExactly("OK nothing is ever removed");
    assertThat(client.command("UID EXPUNGE").getLast()).startsWith("BAD ");
    assertThat(client.command("UID SEARCH ALL")).contains("* SEARCH 10");
  }

  // RFC 7889 section 3
  @Test
  void nothingCanBeAppended() throws IOException {
    assertThat(client.command("STATUS INBOX (APPENDLIMIT)"))
        .containsExactly("* STATUS \"INBOX\" (APPENDLIMIT 0)", "OK done");
  }

  // RFC 5032 section 3
  @Test
  void messagesAreFoundByTheirAge() throws IOException {
    MailboxId fresh = archive.mailbox("Fresh");
    byte[] octets = "Subject: new\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    for (int days : new int[] {30, 2, 0}) {
      archive.append(
          fresh,
          offset -> new ByteArrayInputStream(octets, (int) offset, octets.length),
          Instant.now().minus(Duration.ofDays(days)),
          Set.of());
    }
    client.command("SELECT Fresh");
    assertThat(client.command("SEARCH YOUNGER 259200")).contains("* SEARCH 2 3");
    assertThat(client.command("SEARCH OLDER 259200")).contains("* SEARCH 1");
    assertThat(client.command("SEARCH OLDER 3600 YOUNGER 259200")).contains("* SEARCH 2");
    assertThat(client.command("SEARCH YOUNGER 0").getLast()).startsWith("BAD ");
  }

  // RFC 8514 sections 4.1 and 4.3
  @Test
  void saveDateIsShownAndFound() throws IOException {
    client.command("SELECT INBOX");
    assertThat(client.command("FETCH 1 (SAVEDATE)"))
        .containsExactly("* 1 FETCH (SAVEDATE \"20-Jul-2017 08:09:10 +0000\")", "OK done");
    assertThat(client.command("SEARCH SAVEDON 20-Jul-2017")).contains("* SEARCH 1");
    assertThat(client.command("SEARCH SAVEDSINCE 21-Jul-2017")).contains("* SEARCH");
    assertThat(client.command("SEARCH SAVEDBEFORE 21-Jul-2017")).contains("* SEARCH 1");
    assertThat(client.command("SEARCH SAVEDATESUPPORTED")).contains("* SEARCH 1");
  }
}
