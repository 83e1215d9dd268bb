package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.access.Relation;
import org.muniment.server.config.ImapConfig;
import org.muniment.server.config.ImapConfig.UserFlags;
import org.muniment.server.view.imap.session.Limits;

class ImapSessionTest {

  private static final String MULTIPART =
      lines(
          "From: Bob <bob@example.org>",
          "To: alice@example.org",
          "Subject: Invoice",
          "Date: Mon, 7 Feb 1994 23:52:25 -0800",
          "Message-ID: <1@example.org>",
          "MIME-Version: 1.0",
          "Content-Type: multipart/mixed; boundary=x",
          "",
          "preamble",
          "--x",
          "Content-Type: text/plain; charset=utf-8",
          "",
          "hello",
          "--x",
          "Content-Type: message/rfc822",
          "",
          "Subject: inner",
          "From: carol@example.org",
          "",
          "inside",
          "--x--",
          "");

  private final FakeArchive archive = new FakeArchive();
  private final MailboxId inbox = archive.mailbox("INBOX");
  private ImapListener server;

  @BeforeEach
  void start() throws IOException {
    server = listen(Limits.DEFAULT, 100);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private ImapListener listen(Limits limits, int maxSessions) throws IOException {
    return ImapListener.open(
        new ImapConfig(
            "127.0.0.1", 0, 0, null, maxSessions, UserFlags.SEEN, ImapConfig.Gone.SHOW, true),
        TestTls.SERVER,
        limits,
        TestState.of(archive));
  }

  private static Limits patience(Duration login, Duration idle, Duration stalled) {
    return new Limits(login, idle, stalled, Duration.ofMillis(50), 3, 3);
  }

  private static String lines(String... lines) {
    return String.join("\r\n", lines);
  }

  private TestClient selected() throws IOException {
    TestClient client = TestClient.signedIn(server.address());
    client.command("EXAMINE INBOX");
    return client;
  }

  @Test
  void announcesWhatItCanDo() throws IOException {
    try (TestClient client = new TestClient(server.address())) {
      assertThat(client.response())
          .startsWith(
              "* OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE STARTTLS AUTH=PLAIN]");
      assertThat(client.command("capability"))
          .containsExactly(
              "* CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE STARTTLS AUTH=PLAIN",
              "OK done");
      assertThat(client.command("LOGIN alice secret").getLast())
          .startsWith("OK [CAPABILITY IMAP4rev1 ")
          .contains(" NAMESPACE ")
          .doesNotContain("AUTH=");
    }
  }

  @Test
  void signsInWithEveryForm() throws IOException {
    String plain =
        Base64.getEncoder().encodeToString("\0alice\0secret".getBytes(StandardCharsets.UTF_8));
    for (String command :
        List.of(
            "LOGIN alice secret",
            "LOGIN \"alice\" {6+}\r\nsecret",
            "AUTHENTICATE PLAIN " + plain)) {
      try (TestClient client = new TestClient(server.address())) {
        client.response();
        assertThat(client.command(command).getLast()).startsWith("OK ");
      }
    }
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      client.send("a AUTHENTICATE PLAIN\r\n");
      assertThat(client.response()).isEqualTo("+ ");
      client.send(plain + "\r\n");
      assertThat(client.untilTagged("a").getLast()).startsWith("OK ");
    }
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      client.send("a LOGIN {5}\r\n");
      assertThat(client.response()).startsWith("+ ");
      client.send("alice {6}\r\n");
      assertThat(client.response()).startsWith("+ ");
      client.send("secret\r\n");
      assertThat(client.untilTagged("a").getLast()).startsWith("OK ");
    }
  }

  @Test
  void wrongNameAndWrongPasswordGetTheSameAnswerAndFinallyBye() throws IOException {
    server.close();
    server =
        listen(patience(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ofMinutes(1)), 9);
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      assertThat(client.command("LOGIN alice wrong"))
          .isEqualTo(client.command("LOGIN nobody secret"))
          .containsExactly("NO [AUTHENTICATIONFAILED] name or password is wrong");
      client.send("x LOGIN alice wrong\r\n");
      assertThat(client.response()).startsWith("* BYE ");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void commandsOutsideTheirStateAreBad() throws IOException {
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      assertThat(client.command("SELECT INBOX").getLast()).startsWith("BAD ");
      assertThat(client.command("FETCH 1 FLAGS").getLast()).startsWith("BAD ");
      client.command("LOGIN alice secret");
      assertThat(client.command("FETCH 1 FLAGS").getLast()).startsWith("BAD ");
      assertThat(client.command("LOGIN alice secret").getLast()).startsWith("BAD ");
    }
  }

  @Test
  void logoutSaysByeAndCloses() throws IOException {
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      assertThat(client.command("LOGOUT")).containsExactly("* BYE good bye", "OK done");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aSyntaxErrorSaysWhatWasExpectedAndTheSessionGoesOn() throws IOException {
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH x FLAGS"))
          .containsExactly("BAD expected a number at column 10");
      assertThat(client.command("FETCH 1 (FLAGS {5+}\r\nhello").getLast()).startsWith("BAD ");
      assertThat(client.command("FROBNICATE").getLast()).startsWith("BAD ");
      client.send("\r\n");
      assertThat(client.response()).startsWith("* BAD ");
      assertThat(client.command("NOOP").getLast()).isEqualTo("OK done");
    }
  }

  @Test
  void manyErrorsEndTheConnection() throws IOException {
    try (TestClient client = selected()) {
      for (int i = 0; i < Limits.DEFAULT.errors(); i++) {
        assertThat(client.command("X").getLast()).startsWith("BAD ");
      }
      client.send("a X\r\n");
      assertThat(client.response()).startsWith("* BYE ");
    }
  }

  @Test
  void everyCommandThatWouldChangeSomethingIsRefused() throws IOException {
    archive.append(inbox, MULTIPART, "\\Seen");
    try (TestClient client = selected()) {
      for (String command :
          List.of(
              "CREATE x",
              "DELETE INBOX",
              "RENAME INBOX y",
              "COPY 1 Nowhere",
              "UID COPY 10 Nowhere",
              "MOVE 1 Nowhere",
              "UID MOVE 10 Nowhere",
              "SETACL INBOX bob lrs",
              "APPEND INBOX {12+}\r\nSubject: a\r\n")) {
        assertThat(client.command(command))
            .as(command)
            .singleElement()
            .asString()
            .startsWith("NO [NOPERM] ");
      }
    }
  }

  @Test
  void aLiteralToAppendIsNeverInvited() throws IOException {
    try (TestClient client = selected()) {
      assertThat(client.command("APPEND INBOX (\\Seen) {310}"))
          .singleElement()
          .asString()
          .startsWith("NO [NOPERM] ");
      assertThat(client.command("NOOP").getLast()).isEqualTo("OK done");
    }
  }

  @Test
  void aLargeMessageToAppendUnaskedEndsTheConnection() throws IOException {
    try (TestClient client = selected()) {
      client.send("a APPEND INBOX {70000+}\r\n");
      assertThat(client.response()).startsWith("* BYE ");
    }
  }

  @Test
  void storeIsRefusedAndShowsTheFlagsAsTheyAre() throws IOException {
    archive.append(inbox, MULTIPART, "\\Seen", "$Forwarded");
    try (TestClient client = selected()) {
      assertThat(client.command("STORE 1 +FLAGS (\\Deleted $x)"))
          .contains("* 1 FETCH (FLAGS ($Forwarded \\Seen))")
          .last()
          .asString()
          .startsWith("NO [NOPERM] ");
      assertThat(client.command("UID STORE 10 -FLAGS.SILENT \\Seen"))
          .contains("* 1 FETCH (UID 10 FLAGS ($Forwarded \\Seen))");
    }
  }

  @Test
  void expungeCheckCloseAndUnselectRemoveNothing() throws IOException {
    archive.append(inbox, MULTIPART, "\\Deleted");
    try (TestClient client = selected()) {
      assertThat(client.command("EXPUNGE")).singleElement().asString().startsWith("OK ");
      assertThat(client.command("CHECK")).containsExactly("OK done");
      assertThat(client.command("CLOSE")).containsExactly("OK closed");
      assertThat(client.command("UNSELECT").getLast()).startsWith("BAD ");
      assertThat(client.command("SELECT INBOX")).contains("* 1 EXISTS");
      assertThat(client.command("UNSELECT")).containsExactly("OK closed");
    }
  }

  @Test
  void selectIsReadWriteForSeenAloneAndExamineReadOnly() throws IOException {
    archive.append(inbox, MULTIPART, "\\Seen");
    archive.append(inbox, "Subject: two\r\n\r\n");
    try (TestClient client = TestClient.signedIn(server.address())) {
      List<String> expected =
          List.of(
              "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)",
              "* 2 EXISTS",
              "* 0 RECENT",
              "* OK [UNSEEN 2] first unseen",
              "* OK [PERMANENTFLAGS (\\Seen)] yours alone",
              "* OK [UIDVALIDITY 1000] for ever",
              "* OK [UIDNEXT 13] next");
      assertThat(client.command("SELECT inbox"))
          .startsWith(expected.toArray(String[]::new))
          .endsWith("OK [READ-WRITE] selected");
      assertThat(client.command("EXAMINE INBOX"))
          .contains("* OK [PERMANENTFLAGS ()] no flag can be changed")
          .endsWith("OK [READ-ONLY] examined");
    }
  }

  @Test
  void aMailboxThatIsNotThereIsNotSelectedAndTheOldOneIsLeft() throws IOException {
    try (TestClient client = selected()) {
      assertThat(client.command("SELECT Nowhere").getLast()).startsWith("NO [NONEXISTENT] ");
      assertThat(client.command("FETCH 1 FLAGS").getLast()).startsWith("BAD ");
    }
  }

  @Test
  void statusCountsAndAddsUp() throws IOException {
    archive.append(inbox, MULTIPART, "\\Seen");
    archive.append(inbox, "Subject: two\r\n\r\n");
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("STATUS inbox (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN SIZE)"))
          .containsExactly(
              "* STATUS \"inbox\" (MESSAGES 2 RECENT 0 UIDNEXT 13 UIDVALIDITY 1000 UNSEEN 1 SIZE "
                  + (MULTIPART.length() + 16)
                  + ")",
              "OK done");
    }
  }

  @Test
  void accountsStandInTheirNamespaces() throws IOException {
    AccountName second = new AccountName("second");
    AccountName bob = new AccountName("bob");
    archive.account("second", Relation.OWN);
    archive.account("bob", Relation.OTHER);
    archive.mailbox(FakeArchive.ALICE, Set.of("\\Sent", "\\HasNoChildren"), List.of("Sent"));
    archive.mailbox("Entw\u00fcrfe", "2024");
    archive.mailbox("a/b");
    archive.mailbox("Accounts", "second", "Sent");
    archive.mailbox(second, Set.of("\\Sent"), List.of("Sent"));
    archive.mailbox(bob, Set.of(), List.of("INBOX"));
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("NAMESPACE"))
          .containsExactly("* NAMESPACE ((\"\" \"/\")) ((\"Other Users/\" \"/\")) NIL", "OK done");
      assertThat(client.command("LIST \"\" *"))
          .containsExactlyInAnyOrder(
              "* LIST (\\HasNoChildren) \"/\" \"INBOX\"",
              "* LIST (\\HasNoChildren \\Sent) \"/\" \"Sent\"",
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Entw&APw-rfe\"",
              "* LIST (\\HasNoChildren) \"/\" \"Entw&APw-rfe/2024\"",
              "* LIST (\\HasNoChildren) \"/\" \"a&IhU-b\"",
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Accounts (2)\"",
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Accounts (2)/second\"",
              "* LIST (\\HasNoChildren) \"/\" \"Accounts (2)/second/Sent\"",
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Accounts\"",
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Accounts/second\"",
              "* LIST (\\HasNoChildren) \"/\" \"Accounts/second/Sent\"",
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Other Users\"",
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Other Users/bob\"",
              "* LIST (\\HasNoChildren) \"/\" \"Other Users/bob/INBOX\"",
              "OK done");
      assertThat(client.command("LIST \"Other Users/\" %"))
          .containsExactly(
              "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" \"Other Users/bob\"",
              "OK done");
      assertThat(client.command("LSUB \"\" inb%"))
          .containsExactly("* LSUB (\\HasNoChildren) \"/\" \"INBOX\"", "OK done");
      assertThat(client.command("LIST \"\" \"\""))
          .containsExactly("* LIST (\\Noselect) \"/\" \"\"", "OK done");
      for (String name :
          List.of(
              "Entw&APw-rfe/2024",
              "a&IhU-b",
              "\"Accounts (2)/second/Sent\"",
              "Accounts/second/Sent",
              "\"Other Users/bob/INBOX\"")) {
        assertThat(client.command("EXAMINE " + name).getLast()).startsWith("OK [READ-ONLY]");
      }
      assertThat(client.command("EXAMINE Accounts").getLast()).startsWith("NO [NONEXISTENT]");
    }
  }

  @Test
  void aClashingNameGetsASuffix() throws IOException {
    archive.mailbox("a/b");
    MailboxId later = archive.mailbox("a\u2215b");
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("LIST \"\" a*"))
          .containsExactly(
              "* LIST (\\HasNoChildren) \"/\" \"a&IhU-b\"",
              "* LIST (\\HasNoChildren) \"/\" \"a&IhU-b (" + later + ")\"",
              "OK done");
    }
  }

  @Test
  void everyMailboxIsSubscribed() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("SUBSCRIBE INBOX").getLast()).startsWith("OK ");
      assertThat(client.command("SUBSCRIBE Nowhere").getLast()).startsWith("NO [NONEXISTENT]");
      assertThat(client.command("UNSUBSCRIBE Nowhere").getLast()).startsWith("NO [NONEXISTENT]");
    }
  }

  @Test
  void identifiesItself() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("ID (\"name\" \"x\" \"version\" NIL)"))
          .containsExactly("* ID (\"name\" \"Muniment\")", "OK done");
      assertThat(client.command("ID NIL").getLast()).isEqualTo("OK done");
      assertThat(client.command("ID ()").getLast()).isEqualTo("OK done");
    }
  }

  @Test
  void newMessagesShowAtNoopAndWhileIdle() throws IOException {
    server.close();
    server =
        listen(patience(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ofMinutes(1)), 9);
    try (TestClient client = selected()) {
      archive.append(inbox, "Subject: one\r\n\r\n");
      assertThat(client.command("NOOP")).containsExactly("* 1 EXISTS", "OK done");
      assertThat(client.command("NOOP")).containsExactly("OK done");
      client.send("i IDLE\r\n");
      assertThat(client.response()).startsWith("+ ");
      archive.append(inbox, "Subject: two\r\n\r\n");
      assertThat(client.response()).isEqualTo("* 2 EXISTS");
      client.send("DONE\r\n");
      assertThat(client.response()).isEqualTo("i OK done");
      assertThat(client.command("FETCH 2 UID")).contains("* 2 FETCH (UID 12)");
    }
  }

  @Test
  void pipelinedCommandsAreAnsweredInOrder() throws IOException {
    archive.append(inbox, MULTIPART);
    try (TestClient client = selected()) {
      client.send("a NOOP\r\nb FETCH 1 UID\r\nc NOOP\r\n");
      assertThat(client.untilTagged("c"))
          .containsExactly("a OK done", "* 1 FETCH (UID 10)", "b OK done", "OK done");
    }
  }

  @Test
  void fetchesEveryAttribute() throws IOException {
    archive.append(inbox, MULTIPART, "\\Seen");
    String address = "((\"Bob\" NIL \"bob\" \"example.org\"))";
    String envelope =
        "ENVELOPE (\"Mon, 7 Feb 1994 23:52:25 -0800\" \"Invoice\" "
            + String.join(" ", address, address, address)
            + " ((NIL NIL \"alice\" \"example.org\")) NIL NIL NIL \"<1@example.org>\")";
    String fast =
        "FLAGS (\\Seen) INTERNALDATE \"20-Jul-2017 08:09:10 +0000\" RFC822.SIZE "
            + MULTIPART.length();
    String inner = "((NIL NIL \"carol\" \"example.org\"))";
    String text = "(\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 5 0";
    String message =
        "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 49 (NIL \"inner\" "
            + String.join(" ", inner, inner, inner)
            + " NIL NIL NIL NIL NIL) (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 6 0";
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 ALL"))
          .contains("* 1 FETCH (" + fast + " " + envelope + ")");
      assertThat(client.command("FETCH 1 FAST")).contains("* 1 FETCH (" + fast + ")");
      assertThat(client.command("UID FETCH 10 (BODY)"))
          .contains("* 1 FETCH (UID 10 BODY (" + text + ")" + message + ") 3) \"mixed\"))");
      assertThat(client.command("FETCH 1 BODYSTRUCTURE"))
          .contains(
              "* 1 FETCH (BODYSTRUCTURE ("
                  + text
                  + " NIL NIL NIL NIL)"
                  + message
                  + " NIL NIL NIL NIL) 3 NIL NIL NIL NIL) \"mixed\" (\"boundary\" \"x\") NIL NIL NIL))");
    }
  }

  @Test
  void fetchesEverySection() throws IOException {
    archive.append(inbox, MULTIPART);
    int body = MULTIPART.indexOf("preamble");
    String header = MULTIPART.substring(0, body);
    String inner = "Subject: inner\r\nFrom: carol@example.org\r\n\r\ninside";
    try (TestClient client = selected()) {
      assertSection(client, "BODY[]", MULTIPART);
      assertSection(client, "RFC822", MULTIPART);
      assertSection(client, "RFC822.HEADER", header);
      assertSection(client, "RFC822.TEXT", MULTIPART.substring(body));
      assertSection(client, "BODY[HEADER]", header);
      assertSection(client, "BODY[TEXT]", MULTIPART.substring(body));
      assertSection(client, "BODY[1]", "hello");
      assertSection(client, "BODY[1.MIME]", "Content-Type: text/plain; charset=utf-8\r\n\r\n");
      assertSection(client, "BODY[2]", inner);
      assertSection(client, "BODY[2.HEADER]", inner.substring(0, inner.length() - 6));
      assertSection(client, "BODY[2.TEXT]", "inside");
      assertSection(client, "BODY[2.1]", "inside");
      assertSection(client, "BODY[2.HEADER.FIELDS (FROM)]", "From: carol@example.org\r\n\r\n");
      assertSection(
          client,
          "BODY[HEADER.FIELDS (SUBJECT TO)]",
          "To: alice@example.org\r\nSubject: Invoice\r\n\r\n");
      assertSection(client, "BODY[2.HEADER.FIELDS.NOT (FROM)]", "Subject: inner\r\n\r\n");
      for (String none : List.of("3", "1.1", "1.HEADER", "2.2", "3.MIME")) {
        assertThat(client.command("FETCH 1 BODY.PEEK[" + none + "]"))
            .containsExactly("* 1 FETCH (BODY[" + none + "] \"\")", "OK done");
      }
    }
  }

  private static void assertSection(TestClient client, String item, String expected)
      throws IOException {
    String literal = "{" + expected.length() + "}\r\n" + expected + ")";
    assertThat(client.command("FETCH 1 (" + item + ")").getFirst())
        .isEqualTo("* 1 FETCH (" + item + " " + literal);
  }

  @Test
  void aMultipartWithoutPartsHasNothingButAnEmptyOne() throws IOException {
    String multipart = "Content-Type: multipart/mixed; boundary=b\r\n\r\nno part\r\n";
    archive.append(inbox, "Content-Type: message/rfc822\r\n\r\n" + multipart);
    try (TestClient client = selected()) {
      assertSection(client, "BODY[1.TEXT]", "no part\r\n");
      assertThat(client.command("FETCH 1 BODY[1.1]"))
          .containsExactly("* 1 FETCH (BODY[1.1] \"\")", "OK done");
    }
  }

  @Test
  void fetchesRangesOfOctets() throws IOException {
    archive.append(inbox, MULTIPART);
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 BODY.PEEK[]<5.4>").getFirst())
          .isEqualTo("* 1 FETCH (BODY[]<5> {4}\r\n Bob)");
      assertThat(client.command("FETCH 1 BODY[1]<3.100>").getFirst())
          .isEqualTo("* 1 FETCH (BODY[1]<3> {2}\r\nlo)");
      assertThat(client.command("FETCH 1 BODY[1]<100.100>").getFirst())
          .isEqualTo("* 1 FETCH (BODY[1]<100> \"\")");
      assertThat(client.command("FETCH 1 BODY[HEADER.FIELDS (to)]<4.5>").getFirst())
          .isEqualTo("* 1 FETCH (BODY[HEADER.FIELDS (TO)]<4> {5}\r\nalice)");
    }
  }

  @Test
  void fetchingABodySetsNoFlag() throws IOException {
    archive.append(inbox, MULTIPART);
    try (TestClient client = selected()) {
      client.command("FETCH 1 BODY[]");
      assertThat(client.command("FETCH 1 FLAGS")).contains("* 1 FETCH (FLAGS ())");
    }
  }

  @Test
  void emptyMessagesAndNulAreSent() throws IOException {
    archive.append(inbox, "");
    archive.append(inbox, "a\0b");
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 (RFC822.SIZE BODY[] BODY[HEADER] BODY[TEXT])").getFirst())
          .isEqualTo("* 1 FETCH (RFC822.SIZE 0 BODY[] \"\" BODY[HEADER] \"\" BODY[TEXT] \"\")");
      assertThat(client.command("FETCH 2 BODY[]").getFirst())
          .isEqualTo("* 2 FETCH (BODY[] {3}\r\na\u0080b)");
    }
  }

  @Test
  void uidsAndSequenceNumbersAreNotMixed() throws IOException {
    for (int i = 0; i < 20; i++) {
      archive.append(inbox, "Subject: " + i + "\r\n\r\n");
    }
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 2 UID")).containsExactly("* 2 FETCH (UID 12)", "OK done");
      assertThat(client.command("UID FETCH 11:14 UID"))
          .containsExactly("* 2 FETCH (UID 12)", "* 3 FETCH (UID 14)", "OK done");
      assertThat(client.command("UID FETCH 100:* UID"))
          .containsExactly("* 20 FETCH (UID 48)", "OK done");
      assertThat(client.command("UID FETCH 11 UID")).containsExactly("OK done");
      assertThat(client.command("FETCH *:19,1 UID"))
          .containsExactly(
              "* 1 FETCH (UID 10)", "* 19 FETCH (UID 46)", "* 20 FETCH (UID 48)", "OK done");
      assertThat(client.command("FETCH 21 UID").getLast()).startsWith("BAD ");
    }
  }

  @Test
  void aKeywordIsAnnouncedBeforeItIsUsed() throws IOException {
    archive.append(inbox, MULTIPART, "$Junk");
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 FLAGS"))
          .containsExactly(
              "* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $Junk)",
              "* 1 FETCH (FLAGS ($Junk))",
              "OK done");
      assertThat(client.command("FETCH 1 FLAGS")).hasSize(2);
    }
  }

  @Test
  void octetsThatCannotBeReadAreSaidToBeMissingAndTheSessionGoesOn() throws IOException {
    archive.append(inbox, MULTIPART);
    archive.lose(inbox, 1);
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 (UID BODY[])"))
          .containsExactly(
              "* 1 FETCH (UID 10 BODY[] NIL)", "NO [UNAVAILABLE] 1 items could not be read");
      assertThat(client.command("NOOP").getLast()).isEqualTo("OK done");
    }
  }

  @Test
  void anAnswerOfManyMessagesIsComplete() throws IOException {
    for (int i = 0; i < 1203; i++) {
      archive.append(inbox, "Subject: " + i + "\r\n\r\n");
    }
    try (TestClient client = selected()) {
      List<String> responses = client.command("FETCH 1:* (UID BODY[HEADER.FIELDS (SUBJECT)])");
      assertThat(responses).hasSize(1204);
      assertThat(responses.get(1202))
          .startsWith("* 1203 FETCH (UID 2414 ")
          .contains("Subject: 1202");
      assertThat(client.command("SEARCH SMALLER 15").getFirst().split(" ")).hasSize(2 + 10);
    }
  }

  @Test
  void searches() throws IOException {
    archive.append(inbox, MULTIPART, "\\Seen");
    archive.append(inbox, "Subject: Z\u00fcrich\r\nFrom: x@example.net\r\n\r\nthe body\r\n");
    archive.append(inbox, "Subject: three\r\nCc: bob@example.org\r\n\r\n", "\\Flagged", "$Work");
    try (TestClient client = selected()) {
      assertSearch(client, "ALL", "1 2 3");
      assertSearch(client, "SEEN", "1");
      assertSearch(client, "UNSEEN", "2 3");
      assertSearch(client, "KEYWORD $work", "3");
      assertSearch(client, "UNKEYWORD $Work", "1 2");
      assertSearch(client, "NEW", "");
      assertSearch(client, "OLD", "1 2 3");
      assertSearch(client, "2:*", "2 3");
      assertSearch(client, "UID 12:13", "2");
      assertSearch(client, "NOT 2", "1 3");
      assertSearch(client, "OR SEEN FLAGGED", "1 3");
      assertSearch(client, "OR 2 FLAGGED", "2 3");
      assertSearch(client, "(UNSEEN (NOT FLAGGED))", "2");
      assertSearch(client, "LARGER " + (MULTIPART.length() - 1), "1");
      assertSearch(client, "LARGER " + MULTIPART.length(), "");
      assertSearch(client, "ON 21-Jul-2017", "2");
      assertSearch(client, "BEFORE \"21-Jul-2017\"", "1");
      assertSearch(client, "SINCE 21-jul-2017", "2 3");
      assertSearch(client, "SENTON 7-Feb-1994", "1");
      assertSearch(client, "SENTSINCE 8-Feb-1994", "");
      assertSearch(client, "SUBJECT invOICE", "1");
      assertSearch(client, "FROM bob", "1");
      assertSearch(client, "CC bob", "3");
      assertSearch(client, "HEADER Message-ID \"\"", "1");
      assertSearch(client, "BODY \"the body\"", "2");
      assertSearch(client, "TEXT example.org", "1 3");
      assertSearch(client, "UNSEEN OR BODY hello TEXT three", "3");
      assertSearch(client, "CHARSET UTF-8 SUBJECT {7+}\r\nZ\u00c3\u00bcrich", "2");
      assertThat(client.command("UID SEARCH UNSEEN")).startsWith("* SEARCH 12 14");
      assertThat(client.command("UID SEARCH RETURN (MIN MAX COUNT ALL) ALL").getFirst())
          .endsWith(" UID MIN 10 MAX 14 ALL 10,12,14 COUNT 3");
      assertThat(client.command("SEARCH RETURN () UNSEEN").getFirst())
          .startsWith("* ESEARCH (TAG \"t")
          .endsWith("\") ALL 2:3");
      assertThat(client.command("SEARCH CHARSET X-BOGUS SUBJECT {1}").getLast())
          .startsWith("NO [BADCHARSET (UTF-8 US-ASCII)] ");
      assertThat(client.command("SEARCH ON 31-Feb-2017").getLast()).startsWith("BAD ");
      assertThat(client.command("SEARCH 4")).containsExactly("* SEARCH", "OK done");
      assertThat(client.command("SEARCH " + "(".repeat(60) + "ALL" + ")".repeat(60)).getLast())
          .startsWith("BAD ");
    }
  }

  @Test
  void aDateOfAZoneThatDoesNotExistIsStillSearched() throws IOException {
    archive.append(inbox, "Date: Mon, 7 Feb 1994 23:52:25 +9900\r\n\r\n");
    archive.append(inbox, "Date: no date\r\n\r\n");
    archive.append(inbox, "Subject: none\r\n\r\n");
    try (TestClient client = selected()) {
      assertThat(client.command("SEARCH SENTBEFORE 1-Jan-2000").getLast()).isEqualTo("OK done");
      assertSearch(client, "2:3 OR SENTBEFORE 1-Jan-2000 SENTSINCE 1-Jan-2000", "");
    }
  }

  @Test
  void aMultipartWithoutPartsIsShownWithAnEmptyOne() throws IOException {
    archive.append(inbox, "Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing\r\n");
    String empty = "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0";
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 BODY").getFirst())
          .isEqualTo("* 1 FETCH (BODY (" + empty + ") \"mixed\"))");
      assertThat(client.command("FETCH 1 BODYSTRUCTURE").getFirst())
          .startsWith("* 1 FETCH (BODYSTRUCTURE (" + empty + " NIL NIL NIL NIL) \"mixed\" (");
      assertSection(client, "BODY[TEXT]", "nothing\r\n");
      assertThat(client.command("FETCH 1 BODY[1]").getFirst())
          .isEqualTo("* 1 FETCH (BODY[1] \"\")");
    }
  }

  @Test
  void groupsAndMissingHalvesOfAddressesStayApart() throws IOException {
    archive.append(inbox, "From: nobody\r\nTo: team: a@example.org, b@example.org;\r\n\r\n");
    String from = "((NIL NIL \"nobody\" \"\"))";
    try (TestClient client = selected()) {
      assertThat(client.command("FETCH 1 ENVELOPE").getFirst())
          .isEqualTo(
              "* 1 FETCH (ENVELOPE (NIL NIL "
                  + String.join(" ", from, from, from)
                  + " ((NIL NIL \"team\" NIL)(NIL NIL \"a\" \"example.org\")"
                  + "(NIL NIL \"b\" \"example.org\")(NIL NIL NIL NIL)) NIL NIL NIL NIL))");
    }
  }

  private static void assertSearch(TestClient client, String keys, String numbers)
      throws IOException {
    assertThat(client.command("SEARCH " + keys))
        .as(keys)
        .containsExactly(("* SEARCH " + numbers).stripTrailing(), "OK done");
  }

  @Test
  void aSilentClientIsToldAndCut() throws IOException {
    server.close();
    server =
        listen(patience(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMinutes(1)), 9);
    try (TestClient stranger = new TestClient(server.address());
        TestClient user = TestClient.signedIn(server.address())) {
      stranger.response();
      assertThat(stranger.response()).isEqualTo("* BYE no sign-in for too long");
      assertThat(user.response()).isEqualTo("* BYE silent for too long");
    }
  }

  @Test
  void aClientThatKeepsTalkingHasNoLongerToSignIn() throws Exception {
    server.close();
    server =
        listen(patience(Duration.ofMillis(600), Duration.ofMinutes(30), Duration.ofMinutes(1)), 9);
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      long start = System.nanoTime();
      String response = "* OK";
      while (response.startsWith("* OK")) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        client.send("x NOOP\r\n");
        response = client.response().replace("x OK", "* OK");
        Thread.sleep(50);
      }
      assertThat(response).isEqualTo("* BYE no sign-in for too long");
    }
  }

  @Test
  void anAccountTakenAwayIsGoneAtTheNextCommand() throws IOException {
    archive.account("bob", Relation.OTHER);
    MailboxId bobs = archive.mailbox(new AccountName("bob"), Set.of(), List.of("INBOX"));
    archive.append(bobs, "Subject: secret\r\n\r\nsecret\r\n");
    for (String command :
        List.of(
            "FETCH 1 ENVELOPE", "UID FETCH 10 BODY[]", "SEARCH TEXT secret", "STORE 1 FLAGS ()")) {
      archive.account("bob", Relation.OTHER);
      try (TestClient client = TestClient.signedIn(server.address())) {
        assertThat(client.command("SELECT \"Other Users/bob/INBOX\"").getLast()).startsWith("OK");
        assertThat(client.command("FETCH 1 ENVELOPE").getFirst()).contains("secret");
        archive.revoke("bob");
        client.send("x " + command + "\r\n");
        assertThat(client.response())
            .as(command)
            .isEqualTo("* BYE the selected mailbox is not there any more");
        assertThat(client.isClosedByServer()).isTrue();
      }
    }
  }

  @Test
  void whoHasNoInboxGetsAnEmptyOne() throws IOException {
    archive.revoke("alice");
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("LIST \"\" *"))
          .containsExactly("* LIST (\\HasNoChildren) \"/\" \"INBOX\"", "OK done");
      assertThat(client.command("STATUS inbox (MESSAGES UIDNEXT UIDVALIDITY)").getFirst())
          .isEqualTo("* STATUS \"inbox\" (MESSAGES 0 UIDNEXT 1 UIDVALIDITY 1)");
      assertThat(client.command("SELECT INBOX"))
          .contains("* 0 EXISTS", "OK [READ-ONLY] selected")
          .noneMatch(line -> line.contains("UNSEEN"));
      assertThat(client.command("UID FETCH 1:* FLAGS")).containsExactly("OK done");
      assertThat(client.command("UID SEARCH ALL")).containsExactly("* SEARCH", "OK done");
      assertThat(client.command("NOOP")).containsExactly("OK done");
      archive.account("alice", Relation.PRIMARY);
      client.send("x NOOP\r\n");
      assertThat(client.response()).startsWith("* BYE ");
    }
  }

  @Test
  void tooManySessionsAreTurnedAway() throws IOException {
    server.close();
    server = listen(Limits.DEFAULT, 1);
    try (TestClient first = TestClient.signedIn(server.address());
        TestClient second = new TestClient(server.address())) {
      assertThat(second.response()).startsWith("* BYE ");
      assertThat(first.command("NOOP").getLast()).isEqualTo("OK done");
    }
  }

  @Test
  void stoppingSaysByeToEverybody() throws IOException {
    try (TestClient user = selected();
        TestClient stranger = new TestClient(server.address())) {
      stranger.response();
      server.close();
      assertThat(user.response()).isEqualTo("* BYE the server stops");
      assertThat(stranger.response()).isEqualTo("* BYE the server stops");
      assertThat(server.sessions()).isZero();
    }
  }

  @Test
  void aClientThatStopsReadingIsCut() throws Exception {
    server.close();
    server =
        listen(patience(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ofMillis(300)), 9);
    archive.append(inbox, "x".repeat(30_000_000));
    try (TestClient client = selected()) {
      client.send("a FETCH 1 BODY[]\r\n");
      for (int i = 0; i < 100 && server.sessions() > 0; i++) {
        Thread.sleep(100);
      }
      assertThat(server.sessions()).isZero();
    }
  }
}
