package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.server.view.ModSeq;

/// ENABLE (RFC 5161), CONDSTORE and QRESYNC (RFC 7162), and messages that leave. Messages have the
/// UIDs 10, 12, 14 and 16.
class ModSeqTest extends ServedArchive {

  @BeforeEach
  void fill() throws IOException {
    archive.append(inbox, "Subject: one\r\n\r\n1\r\n", "\\Seen");
    archive.append(inbox, "Subject: two\r\n\r\n2\r\n");
    archive.append(inbox, "Subject: three\r\n\r\n3\r\n", "\\Flagged");
    archive.append(inbox, "Subject: four\r\n\r\n4\r\n");
  }

  private TestClient selected(String... enabled) throws IOException {
    TestClient client = TestClient.signedIn(server.address());
    for (String extension : enabled) {
      client.command("ENABLE " + extension);
    }
    assertThat(client.command("SELECT INBOX").getLast()).startsWith("OK ");
    return client;
  }

  /// MODSEQ of what the archive did at a leaf.
  private static long of(int leaf) {
    return ModSeq.of(leaf);
  }

  // RFC 5161 section 3.1
  @Test
  void enableTellsWhatIsNewlyOnAndPassesOverTheRest() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("CAPABILITY").getFirst()).contains(" ENABLE ", " CONDSTORE ");
      assertThat(client.command("ENABLE X-GOOD-IDEA condstore"))
          .containsExactly("* ENABLED CONDSTORE", "OK done");
      assertThat(client.command("ENABLE CONDSTORE QRESYNC"))
          .containsExactly("* ENABLED QRESYNC", "OK done");
      assertThat(client.command("ENABLE QRESYNC")).containsExactly("* ENABLED", "OK done");
      assertThat(client.command("ENABLE").getLast()).startsWith("BAD ");
    }
  }

  // RFC 7162 sections 3.1.2.1 and 3.1.7
  @Test
  void theHighestModSeqIsThatOfTheLastChange() throws IOException {
    try (TestClient client = selected()) {
      assertThat(client.command("EXAMINE INBOX"))
          .startsWith("* OK [CLOSED] the former mailbox")
          .contains("* OK [HIGHESTMODSEQ " + of(3) + "] highest");
      assertThat(client.command("STATUS INBOX (HIGHESTMODSEQ)"))
          .contains("* STATUS \"INBOX\" (HIGHESTMODSEQ " + of(3) + ")");
      client.command("SELECT INBOX (CONDSTORE)");
      client.command("STORE 1 +FLAGS.SILENT (\\Seen)");
      assertThat(client.command("STATUS INBOX (HIGHESTMODSEQ)"))
          .contains("* STATUS \"INBOX\" (HIGHESTMODSEQ " + (of(3) + 1) + ")");
      archive.observeSeen(inbox, 12);
      assertThat(client.command("STATUS INBOX (HIGHESTMODSEQ)"))
          .contains("* STATUS \"INBOX\" (HIGHESTMODSEQ " + of(4) + ")");
      client.command("STORE 1 -FLAGS.SILENT (\\Seen)");
      assertThat(client.command("STATUS INBOX (HIGHESTMODSEQ)"))
          .contains("* STATUS \"INBOX\" (HIGHESTMODSEQ " + (of(4) + 1) + ")");
      archive.mailbox("Empty");
      assertThat(client.command("SELECT Empty")).contains("* OK [HIGHESTMODSEQ 1] highest");
    }
  }

  // RFC 7162 sections 3.1.4.1 and 3.1.4.2
  @Test
  void fetchGivesModSeqAndWhatChangedSince() throws IOException {
    try (TestClient client = selected("CONDSTORE")) {
      assertThat(client.command("FETCH 1:2 (MODSEQ)"))
          .containsExactly(
              "* 1 FETCH (MODSEQ (" + of(0) + "))",
              "* 2 FETCH (MODSEQ (" + of(1) + "))",
              "OK done");
      assertThat(client.command("FETCH 1:* (FLAGS) (CHANGEDSINCE " + of(2) + ")"))
          .containsExactly("* 4 FETCH (FLAGS () MODSEQ (" + of(3) + "))", "OK done");
      assertThat(client.command("UID FETCH 1:12 UID (CHANGEDSINCE " + (of(1) - 1) + ")"))
          .containsExactly("* 2 FETCH (UID 12 MODSEQ (" + of(1) + "))", "OK done");
      assertThat(client.command("FETCH 1 FLAGS (CHANGEDSINCE 99999999999999999999)").getLast())
          .startsWith("BAD ");
    }
  }

  // RFC 7162 section 3.1.3
  @Test
  void storeLeavesAloneWhatHasChangedSince() throws IOException {
    try (TestClient client = selected("CONDSTORE")) {
      assertThat(client.command("STORE 2,4 (UNCHANGEDSINCE " + of(1) + ") +FLAGS.SILENT (\\Seen)"))
          .containsExactly(
              "* 2 FETCH (MODSEQ (" + (of(3) + 1) + "))", "OK [MODIFIED 4] the others are done");
      assertThat(client.command("UID STORE 10:16 (UNCHANGEDSINCE 0) +FLAGS (\\Seen)"))
          .containsExactly("OK [MODIFIED 10,12,14,16] the others are done");
      assertThat(client.command("STORE 4 +FLAGS (\\Seen)"))
          .containsExactly("* 4 FETCH (FLAGS (\\Seen) MODSEQ (" + (of(3) + 2) + "))", "OK done");
      assertThat(client.command("FETCH 1:* FLAGS (CHANGEDSINCE " + of(3) + ")")).hasSize(3);
    }
  }

  // RFC 7162 sections 3.1.5 and 3.1.6
  @Test
  void searchFindsByModSeqAndTellsTheHighest() throws IOException {
    try (TestClient client = selected()) {
      assertThat(client.command("SEARCH MODSEQ " + of(2)))
          .contains("* SEARCH 3 4 (MODSEQ " + of(3) + ")");
      assertThat(
              client.command(
                  "UID SEARCH OR NOT MODSEQ \"/flags/\\\\draft\" all " + of(1) + " SEEN"))
          .contains("* SEARCH 10 (MODSEQ " + of(0) + ")");
      assertThat(client.command("SEARCH MODSEQ " + of(9))).contains("* SEARCH");
      assertThat(client.command("SEARCH RETURN (MIN) MODSEQ " + of(1)).getFirst())
          .endsWith(" MIN 2 MODSEQ " + of(1));
      assertThat(client.command("SEARCH RETURN (ALL) MODSEQ " + of(1)).getFirst())
          .endsWith(" ALL 2:4 MODSEQ " + of(3));
    }
  }

  @Test
  void otherSessionsAreToldOfFlagsAndTheirOwnIsNotEchoed() throws IOException {
    try (TestClient one = selected();
        TestClient two = selected("CONDSTORE");
        TestClient three = selected("QRESYNC")) {
      one.command("STORE 2 +FLAGS.SILENT (\\Seen)");
      archive.observeSeen(inbox, 16);
      assertThat(one.command("NOOP")).containsExactly("* 4 FETCH (FLAGS (\\Seen))", "OK done");
      String second = "FLAGS (\\Seen) MODSEQ (" + (of(3) + 1) + "))";
      String fourth = "FLAGS (\\Seen) MODSEQ (" + of(4) + "))";
      assertThat(two.command("NOOP"))
          .containsExactly("* 2 FETCH (" + second, "* 4 FETCH (" + fourth, "OK done");
      assertThat(three.command("NOOP"))
          .containsExactly("* 2 FETCH (UID 12 " + second, "* 4 FETCH (UID 16 " + fourth, "OK done");
      assertThat(two.command("NOOP")).containsExactly("OK done");
    }
  }

  @Test
  void readingABodyShowsTheModSeqOnceThatIsOn() throws IOException {
    try (TestClient client = selected("CONDSTORE")) {
      assertThat(client.command("FETCH 2 BODY[TEXT]").getFirst())
          .endsWith(" FLAGS (\\Seen) MODSEQ (" + (of(3) + 1) + "))");
    }
  }

  // RFC 3501 section 7.4.1
  @Test
  void whatLeavesIsToldWhereNumbersMayChange() throws Exception {
    try (TestClient client = selected()) {
      archive.leave(inbox, 10, 14);
      archive.append(inbox, "Subject: five\r\n\r\n5\r\n");
      Thread.sleep(1_100);
      assertThat(client.command("FETCH 1,3 UID"))
          .containsExactly("* 1 FETCH (UID 10)", "* 3 FETCH (UID 14)", "OK done");
      assertThat(client.command("SEARCH ALL")).containsExactly("* SEARCH 1 2 3 4", "OK done");
      assertThat(client.command("UID FETCH 10 BODY.PEEK[TEXT]"))
          .containsExactly(
              "* 1 FETCH (UID 10 BODY[TEXT] {3}\r\n1\r\n)",
              "* 3 EXPUNGE", "* 1 EXPUNGE", "* 3 EXISTS", "OK done");
      assertThat(client.command("FETCH 1:* UID"))
          .containsExactly(
              "* 1 FETCH (UID 12)", "* 2 FETCH (UID 16)", "* 3 FETCH (UID 18)", "OK done");
    }
  }

  @Test
  void whatIsBackWaitsForTheNextSelect() throws IOException {
    try (TestClient client = selected()) {
      archive.leave(inbox, 12);
      assertThat(client.command("NOOP")).containsExactly("* 2 EXPUNGE", "OK done");
      archive.comeBack(inbox, 12);
      archive.observeSeen(inbox, 14);
      assertThat(client.command("NOOP"))
          .containsExactly("* 2 FETCH (FLAGS (\\Flagged \\Seen))", "OK done");
      assertThat(client.command("UID FETCH 1:* UID"))
          .containsExactly(
              "* 1 FETCH (UID 10)", "* 2 FETCH (UID 14)", "* 3 FETCH (UID 16)", "OK done");
      assertThat(client.command("SELECT INBOX")).contains("* 4 EXISTS");
      archive.leave(inbox, 10);
      archive.comeBack(inbox, 10);
      assertThat(client.command("NOOP")).containsExactly("* 1 FETCH (FLAGS (\\Seen))", "OK done");
    }
  }

  @Test
  void idleTellsWhatLeaves() throws IOException {
    try (TestClient client = selected("QRESYNC")) {
      client.send("a IDLE\r\n");
      assertThat(client.response()).startsWith("+ ");
      archive.leave(inbox, 10, 12);
      assertThat(client.response()).isEqualTo("* VANISHED 10,12");
      client.send("DONE\r\n");
      assertThat(client.untilTagged("a")).containsExactly("OK done");
    }
  }

  // RFC 7162 section 3.2.5
  @Test
  void selectTellsWhatHappenedSinceTheClientWasThere() throws IOException {
    archive.leave(inbox, 14);
    archive.observeSeen(inbox, 12);
    archive.append(inbox, "Subject: five\r\n\r\n5\r\n");
    String changed = "* 2 FETCH (UID 12 FLAGS (\\Seen) MODSEQ (" + of(5) + "))";
    String added = "* 4 FETCH (UID 18 FLAGS () MODSEQ (" + of(6) + "))";
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("SELECT INBOX (QRESYNC (1000 1))").getLast()).startsWith("BAD ");
      client.command("ENABLE QRESYNC");
      List<String> all = client.command("SELECT INBOX (QRESYNC (1000 " + of(3) + "))");
      assertThat(all)
          .containsSubsequence("* 4 EXISTS", "* VANISHED (EARLIER) 14", changed, added)
          .last()
          .isEqualTo("OK [READ-WRITE] selected");
      assertThat(client.command("SELECT INBOX (QRESYNC (1000 " + of(3) + " 10:14 (1,3 10,14)))"))
          .contains("* VANISHED (EARLIER) 14", changed)
          .doesNotContain(added);
      assertThat(client.command("SELECT INBOX (QRESYNC (1000 " + of(4) + " 10:12))"))
          .contains(changed)
          .noneMatch(line -> line.startsWith("* VANISHED"));
      assertThat(client.command("EXAMINE INBOX (QRESYNC (999 " + of(3) + "))"))
          .noneMatch(line -> line.contains("FETCH") || line.startsWith("* VANISHED"));
    }
  }

  // RFC 7162 section 3.2.6
  @Test
  void fetchTellsWhatVanished() throws IOException {
    archive.leave(inbox, 10, 16);
    String command = "UID FETCH 1:* UID (CHANGEDSINCE " + of(2) + " VANISHED)";
    try (TestClient client = selected()) {
      assertThat(client.command(command).getLast()).startsWith("BAD ");
    }
    try (TestClient client = selected("QRESYNC")) {
      assertThat(client.command(command)).containsExactly("* VANISHED (EARLIER) 10,16", "OK done");
      assertThat(client.command("UID FETCH 11:20 UID (CHANGEDSINCE " + of(2) + " VANISHED)"))
          .containsExactly("* VANISHED (EARLIER) 16", "OK done");
      assertThat(client.command("UID FETCH 1:* UID (VANISHED)").getLast()).startsWith("BAD ");
      assertThat(client.command("FETCH 1:* UID (CHANGEDSINCE 1 VANISHED)").getLast())
          .startsWith("BAD ");
    }
  }

  // RFC 7162 section 3.1: the first command that asks for MODSEQs, while a mailbox is selected.
  @Test
  void whoSwitchesItOnByAskingIsToldTheHighest() throws IOException {
    String highest = "* OK [HIGHESTMODSEQ " + of(3) + "] highest";
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 MODSEQ")).contains(highest);
      assertThat(client.command("FETCH 1 MODSEQ")).doesNotContain(highest);
    }
    try (TestClient client = selected()) {
      assertThat(client.command("SEARCH MODSEQ 1")).contains(highest);
    }
    try (TestClient client = selected()) {
      assertThat(client.command("LIST \"\" INBOX RETURN (STATUS (HIGHESTMODSEQ))"))
          .contains(highest, "* STATUS \"INBOX\" (HIGHESTMODSEQ " + of(3) + ")");
      assertThat(client.command("STORE 2 +FLAGS (\\Seen)"))
          .anyMatch(told -> told.contains("MODSEQ ("));
    }
  }
}
