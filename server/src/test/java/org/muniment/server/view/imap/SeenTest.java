package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.access.Relation;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;

/// What a user has read and does not want to see listed, kept for them.
class SeenTest {

  private final FakeArchive archive = new FakeArchive();
  private ImapListener server;

  @BeforeEach
  void start() throws IOException {
    MailboxId inbox = archive.mailbox("INBOX");
    archive.append(inbox, "Subject: one\r\n\r\n1\r\n", "\\Seen");
    archive.append(inbox, "Subject: two\r\n\r\n2\r\n");
    archive.append(inbox, "Subject: three\r\n\r\n3\r\n", "\\Flagged");
    archive.append(inbox, "Subject: four\r\n\r\n4\r\n");
    server = listen(TestState.of(archive));
  }

  private static ImapListener listen(Resources resources) throws IOException {
    return TestServer.of(resources, Limits.DEFAULT);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private TestClient selected(String mailbox) throws IOException {
    TestClient client = TestClient.signedIn(server.address());
    assertThat(client.command("SELECT " + mailbox).getLast()).startsWith("OK ");
    return client;
  }

  @Test
  void beginsWithTheCapturedFlag() throws IOException {
    try (TestClient client = selected("INBOX")) {
      assertThat(client.command("SEARCH SEEN")).contains("* SEARCH 1");
      assertThat(client.command("STATUS INBOX (UNSEEN)")).contains("* STATUS \"INBOX\" (UNSEEN 3)");
    }
  }

  @Test
  void beginsUnseenInAnAccountOfSomebodyElse() throws IOException {
    archive.account("bob", Relation.OTHER);
    MailboxId bobs = archive.mailbox(new AccountName("bob"), Set.of(), List.of("INBOX"));
    archive.append(bobs, "Subject: one\r\n\r\n1\r\n", "\\Seen", "\\Answered");
    archive.append(bobs, "Subject: two\r\n\r\n2\r\n", "\\Seen");
    try (TestClient client = selected("\"Other Users/bob/INBOX\"")) {
      assertThat(client.command("FETCH 1 FLAGS")).contains("* 1 FETCH (FLAGS (\\Answered))");
      assertThat(client.command("STATUS \"Other Users/bob/INBOX\" (UNSEEN)").getFirst())
          .endsWith("(UNSEEN 2)");
      client.command("STORE 1 +FLAGS.SILENT (\\Seen)");
      assertThat(client.command("STATUS \"Other Users/bob/INBOX\" (UNSEEN)").getFirst())
          .endsWith("(UNSEEN 1)");
      assertThat(client.command("SELECT \"Other Users/bob/INBOX\""))
          .contains("* OK [UNSEEN 2] first unseen");
    }
  }

  // RFC 3501 section 6.4.6
  @Test
  void storeKeepsSeenAndShowsIt() throws IOException {
    try (TestClient client = selected("INBOX")) {
      assertThat(client.command("STORE 2:4 +FLAGS (\\Seen)"))
          .containsExactly(
              "* 2 FETCH (FLAGS (\\Seen))",
              "* 3 FETCH (FLAGS (\\Flagged \\Seen))",
              "* 4 FETCH (FLAGS (\\Seen))",
              "OK done");
      assertThat(client.command("UID STORE 10:12 -FLAGS.SILENT (\\seen)"))
          .containsExactly("OK done");
      assertThat(client.command("STORE 4 FLAGS ()"))
          .containsExactly("* 4 FETCH (FLAGS ())", "OK done");
    }
    try (TestClient client = selected("INBOX")) {
      assertThat(client.command("SEARCH UNSEEN")).contains("* SEARCH 1 2 4");
      assertThat(client.command("STATUS INBOX (UNSEEN)").getFirst()).endsWith("(UNSEEN 3)");
      assertThat(client.command("SELECT INBOX")).contains("* OK [UNSEEN 1] first unseen");
      client.command("STORE 1:2 +FLAGS.SILENT \\Seen");
      assertThat(client.command("SELECT INBOX")).contains("* OK [UNSEEN 4] first unseen");
      client.command("STORE 1:* +FLAGS.SILENT \\Seen");
      assertThat(client.command("SELECT INBOX")).noneMatch(line -> line.contains("first unseen"));
    }
  }

  @Test
  void whatWouldChangeAnotherFlagIsRefusedWithTheFlagsAsTheyAre() throws IOException {
    try (TestClient client = selected("INBOX")) {
      assertThat(client.command("STORE 3 FLAGS.SILENT (\\Seen)"))
          .first()
          .isEqualTo("* 3 FETCH (FLAGS (\\Flagged \\Seen))");
      assertThat(client.command("STORE 3 FLAGS.SILENT (\\Seen \\Flagged)"))
          .containsExactly("OK done");
      assertThat(client.command("STORE 3 -FLAGS.SILENT (\\Flagged)").getLast())
          .startsWith("NO [NOPERM] ");
      assertThat(client.command("STORE 2 +FLAGS.SILENT ($Junk)"))
          .contains("* 2 FETCH (FLAGS ())")
          .last()
          .asString()
          .startsWith("NO [NOPERM] ");
    }
  }

  @Test
  void readingABodySetsSeenAndPeekingDoesNot() throws IOException {
    try (TestClient client = selected("INBOX")) {
      assertThat(client.command("FETCH 2 (BODY.PEEK[] RFC822.HEADER ENVELOPE)").getFirst())
          .doesNotContain("FLAGS");
      assertThat(client.command("FETCH 2 FLAGS")).contains("* 2 FETCH (FLAGS ())");
      assertThat(client.command("FETCH 2 BODY[TEXT]"))
          .contains("* 2 FETCH (BODY[TEXT] {3}\r\n2\r\n FLAGS (\\Seen))");
      assertThat(client.command("FETCH 2 BODY[TEXT]"))
          .contains("* 2 FETCH (BODY[TEXT] {3}\r\n2\r\n)");
      assertThat(client.command("FETCH 3 (FLAGS RFC822.TEXT)").getFirst())
          .startsWith("* 3 FETCH (FLAGS (\\Flagged \\Seen) RFC822.TEXT ");
      assertThat(client.command("SEARCH UNSEEN")).contains("* SEARCH 4");
    }
  }

  @Test
  void examineChangesNothing() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("EXAMINE INBOX");
      assertThat(client.command("FETCH 2 BODY[TEXT]"))
          .contains("* 2 FETCH (BODY[TEXT] {3}\r\n2\r\n)");
      assertThat(client.command("STORE 2 +FLAGS (\\Seen)"))
          .contains("* 2 FETCH (FLAGS ())")
          .last()
          .asString()
          .startsWith("NO [NOPERM] ");
      assertThat(client.command("SEARCH UNSEEN")).contains("* SEARCH 2 3 4");
    }
  }

  @Test
  void withoutFlagsOfUsersNothingCanBeChanged() throws IOException {
    Resources with = TestState.of(archive);
    server.close();
    server = listen(new Resources(archive, archive, null, with.subscriptions(), with.shown()));
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("SELECT INBOX"))
          .contains("* OK [PERMANENTFLAGS ()] no flag can be changed")
          .endsWith("OK [READ-ONLY] selected");
      assertThat(client.command("STORE 2 +FLAGS (\\Seen)").getLast()).startsWith("NO [NOPERM] ");
    }
  }

  // RFC 3501 section 6.3.9
  @Test
  void everythingIsSubscribedUntilTheUserSaysOtherwise() throws IOException {
    archive.mailbox("foo");
    archive.mailbox("foo", "bar");
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("LSUB \"\" *"))
          .containsExactly(
              "* LSUB (\\HasNoChildren) \"/\" \"INBOX\"",
              "* LSUB (\\HasChildren) \"/\" \"foo\"",
              "* LSUB (\\HasNoChildren) \"/\" \"foo/bar\"",
              "OK done");
      assertThat(client.command("UNSUBSCRIBE foo")).containsExactly("OK done");
      assertThat(client.command("UNSUBSCRIBE inbox")).containsExactly("OK done");
      assertThat(client.command("LSUB \"\" *"))
          .containsExactly("* LSUB (\\HasNoChildren) \"/\" \"foo/bar\"", "OK done");
      assertThat(client.command("LSUB \"\" %"))
          .containsExactly("* LSUB (\\Noselect) \"/\" \"foo\"", "OK done");
      assertThat(client.command("LIST \"\" %"))
          .contains(
              "* LIST (\\HasNoChildren) \"/\" \"INBOX\"", "* LIST (\\HasChildren) \"/\" \"foo\"");
    }
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("SUBSCRIBE InBox")).containsExactly("OK done");
      assertThat(client.command("LSUB \"\" *"))
          .contains("* LSUB (\\HasNoChildren) \"/\" \"INBOX\"");
    }
  }
}
