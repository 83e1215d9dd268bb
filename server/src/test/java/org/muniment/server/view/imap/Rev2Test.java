package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// IMAP4rev2 and UTF8=ACCEPT once they are switched on: the changes of RFC 9051 appendix E, by
/// their numbers there, and RFC 6855.
class Rev2Test extends ServedArchive {

  private static final String FIRST = "Subject: one\r\n\r\n1\r\n";

  @BeforeEach
  void fill() throws IOException {
    archive.append(inbox, FIRST, "\\Deleted");
    archive.append(inbox, "Subject: two\r\n\r\n2\r\n");
    archive.mailbox(FakeArchive.ALICE, Set.of("\\Sent"), List.of("Gesendet \u00fc"));
    archive.mailbox("R&D");
  }

  private void enable(String extension) throws IOException {
    assertThat(client.command("ENABLE " + extension))
        .containsExactly("* ENABLED " + extension, "OK done");
  }

  private static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  // RFC 5161 section 3
  @Test
  void onlyWhatIsKnownAndNotYetOnIsEnabled() throws IOException {
    assertThat(client.command("CAPABILITY").getFirst())
        .contains(" IMAP4rev1 ", " IMAP4rev2 ", " ENABLE ", " UTF8=ACCEPT");
    assertThat(client.command("enable x-good-idea Imap4Rev2"))
        .containsExactly("* ENABLED IMAP4rev2", "OK done");
    assertThat(client.command("ENABLE IMAP4rev2 UTF8=ACCEPT"))
        .containsExactly("* ENABLED UTF8=ACCEPT", "OK done");
    assertThat(client.command("ENABLE X-GOOD-IDEA")).containsExactly("* ENABLED", "OK done");
    assertThat(client.command("ENABLE").getLast()).startsWith("BAD ");
    client.command("SELECT INBOX");
    assertThat(client.command("ENABLE IMAP4rev2").getLast()).startsWith("BAD ");
  }

  // E.3
  @Test
  void statusTellsHowMuchIsDeleted() throws IOException {
    enable("IMAP4rev2");
    assertThat(client.command("STATUS INBOX (SIZE DELETED)").getFirst())
        .isEqualTo("* STATUS \"INBOX\" (SIZE 38 DELETED 1)");
  }

  // E.4
  @Test
  void searchAnswersWithEsearch() throws IOException {
    enable("IMAP4rev2");
    client.command("SELECT INBOX");
    client.send("t SEARCH ALL\r\nu UID SEARCH CHARSET UTF-8 SUBJECT two\r\nv SEARCH SUBJECT x\r\n");
    assertThat(client.untilTagged("v"))
        .containsExactly(
            "* ESEARCH (TAG \"t\") ALL 1:2",
            "t OK done",
            "* ESEARCH (TAG \"u\") UID ALL 12",
            "u OK done",
            "* ESEARCH (TAG \"v\")",
            "OK done");
  }

  // E.6
  @Test
  void parametersInPiecesAreJoined() throws IOException {
    archive.append(
        inbox,
        String.join(
            "\r\n",
            "Content-Type: application/x; foo*0*=utf-8''%C3%A4; foo*1=\" b\"; baz*1=b; baz*0=a;",
            " gap*0=x; gap*2=y; one*=utf-8''%C3%A4",
            "",
            ""));
    client.command("EXAMINE INBOX");
    assertThat(client.command("FETCH 3 BODY").getFirst())
        .isEqualTo(
            "* 3 FETCH (BODY (\"application\" \"x\" (\"foo*\" \"utf-8''%C3%A4%20b\" \"baz\" \"ab\""
                + " \"gap*0\" \"x\" \"gap*2\" \"y\" \"one*\" \"utf-8''%C3%A4\") NIL NIL \"7bit\" 0))");
  }

  // E.9, for every client
  @Test
  void anotherSelectClosesTheMailbox() throws IOException {
    assertThat(client.command("SELECT INBOX")).doesNotContain("* OK [CLOSED] the former mailbox");
    assertThat(client.command("SELECT INBOX").getFirst())
        .isEqualTo("* OK [CLOSED] the former mailbox");
    assertThat(client.command("SELECT nowhere"))
        .hasSize(2)
        .startsWith("* OK [CLOSED] the former mailbox");
    assertThat(client.command("FETCH 1 FLAGS").getLast()).startsWith("BAD ");
  }

  // E.10, E.11, E.12
  @Test
  void selectTellsTheNameAndNothingOfRecentAndUnseen() throws IOException {
    enable("IMAP4rev2");
    assertThat(client.command("SELECT INBOX"))
        .contains("* 2 EXISTS", "* LIST () \"/\" \"INBOX\"")
        .noneMatch(line -> line.contains("RECENT") || line.contains("UNSEEN"));
    assertThat(client.command("EXAMINE Inbox"))
        .contains("* LIST () \"/\" \"INBOX\" (\"OLDNAME\" (\"Inbox\"))");
    assertThat(client.command("SELECT \"" + utf8("Gesendet \u00fc") + "\""))
        .contains(utf8("* LIST (\\Sent) \"/\" \"Gesendet \u00fc\""));
  }

  // E.16, appendix A.1
  @Test
  void namesAreInModifiedUtf7UntilUtf8IsEnabled() throws IOException {
    assertThat(client.command("LIST \"\" *"))
        .contains(
            "* LIST (\\HasNoChildren \\Sent) \"/\" \"Gesendet &APw-\"",
            "* LIST (\\HasNoChildren) \"/\" \"R&-D\"");
    assertThat(client.command("STATUS R&-D (MESSAGES)").getLast()).isEqualTo("OK done");
  }

  @Test
  void namesAreInUtf8AfterEitherExtension() throws IOException {
    for (String extension : List.of("IMAP4rev2", "UTF8=ACCEPT")) {
      try (TestClient other = TestClient.signedIn(server.address())) {
        other.command("ENABLE " + extension);
        String sent = utf8("\"Gesendet \u00fc\"");
        assertThat(other.command("LIST \"\" *"))
            .contains(
                "* LIST (\\HasNoChildren \\Sent) \"/\" " + sent,
                "* LIST (\\HasNoChildren) \"/\" \"R&D\"");
        assertThat(other.command("LIST \"\" " + utf8("\"G%\u00fc\""))).hasSize(2);
        assertThat(other.command("LSUB \"\" R&D")).hasSize(2);
        assertThat(other.command("STATUS " + sent + " (MESSAGES)").getFirst())
            .isEqualTo("* STATUS " + sent + " (MESSAGES 0)");
        assertThat(other.command("STATUS R&D (MESSAGES)").getLast()).isEqualTo("OK done");
        assertThat(other.command("STATUS R&-D (MESSAGES)").getLast())
            .startsWith("NO [NONEXISTENT] ");
        assertThat(other.command("STATUS \"\u00fc\" (MESSAGES)").getLast())
            .startsWith("BAD expected a mailbox name in UTF-8");
      }
    }
  }

  // E.21
  @Test
  void flagsThatNobodyAskedForComeWithTheUid() throws IOException {
    client.command("SELECT INBOX");
    assertThat(client.command("FETCH 1 BODY[TEXT]").getFirst())
        .isEqualTo("* 1 FETCH (BODY[TEXT] {3}\r\n1\r\n FLAGS (\\Deleted \\Seen))");
    client.command("UNSELECT");
    enable("IMAP4rev2");
    client.command("SELECT INBOX");
    assertThat(client.command("FETCH 2 BODY[TEXT]").getFirst())
        .isEqualTo("* 2 FETCH (UID 12 BODY[TEXT] {3}\r\n2\r\n FLAGS (\\Seen))");
  }

  // E.17, E.18, E.19: what rev2 has no more is there for clients of both
  @Test
  void theOldCommandsAreStillUnderstood() throws IOException {
    enable("IMAP4rev2");
    client.command("EXAMINE INBOX");
    assertThat(client.command("CHECK").getLast()).startsWith("OK ");
    assertThat(client.command("FETCH 1 RFC822.HEADER").getFirst()).contains("Subject: one");
    assertThat(client.command("LSUB \"\" INBOX")).hasSize(2);
  }

  // E.2, E.7, E.8: MOVE is a command, and refused like all that would change something
  @Test
  void nothingCanBeMovedOrAppended() throws IOException {
    enable("IMAP4rev2");
    client.command("SELECT INBOX");
    for (String command :
        List.of(
            "MOVE 1 nowhere", "UID MOVE 10 nowhere", "COPY $ x", "APPEND INBOX ~{3+}\r\na\0b")) {
      assertThat(client.command(command).getLast()).startsWith("NO [NOPERM] ");
    }
  }

  // RFC 6855 section 3
  @Test
  void noCharsetIsNamedWhereAllIsUtf8() throws IOException {
    enable("UTF8=ACCEPT");
    client.command("SELECT INBOX");
    assertThat(client.command("SEARCH CHARSET UTF-8 ALL").getLast()).startsWith("BAD no charset");
    assertThat(client.command("SEARCH SUBJECT " + utf8("\"\u00fc\"")))
        .containsExactly("* SEARCH", "OK done");
    assertThat(client.command("SEARCH SUBJECT \"\u00fc\"").getLast())
        .startsWith("NO [BADCHARSET (UTF-8 US-ASCII)] ");
    assertThat(client.command("SORT (DATE) UTF-8 ALL").getLast()).isEqualTo("OK done");
  }

  @Test
  void previewsAreQuotedInUtf8() throws IOException {
    archive.append(
        inbox, "Content-Type: text/plain; charset=utf-8\r\n\r\nGr\u00fc\u00dfe \"an\" alle\r\n");
    enable("UTF8=ACCEPT");
    client.command("EXAMINE INBOX");
    assertThat(client.command("FETCH 3 PREVIEW").getFirst())
        .isEqualTo(utf8("* 3 FETCH (PREVIEW \"Gr\u00fc\u00dfe \\\"an\\\" alle\")"));
  }
}
