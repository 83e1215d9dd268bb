package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.MailboxId;

/// OBJECTID, after the examples of RFC 8474.
class ObjectIdTest extends ServedArchive {

  private static final String ORIGINAL = "fake.1521475657.54797@example.com";

  private static String message(String subject, String id, String references) {
    return String.join(
        "\r\n",
        "Subject: " + subject,
        "Message-ID: <" + id + ">",
        "References: " + references,
        "",
        "text",
        "");
  }

  private static final String FIRST = message("Message A", ORIGINAL, "");
  private static final String REPLY =
      message("Re: Message A", "fake.1521475657.21213@example.org", "<" + ORIGINAL + ">");
  private static final String OTHER = message("Message C", "fake.1521475657.60280@example.com", "");

  private final MailboxId foo = archive.mailbox("foo");

  @BeforeEach
  void fill() throws IOException {
    for (String message : List.of(FIRST, REPLY, OTHER)) {
      archive.append(inbox, message);
    }
    archive.append(foo, REPLY);
  }

  // section 4.2
  @Test
  void selectTellsTheIdOfTheMailbox() throws IOException {
    assertThat(client.command("SELECT foo")).contains("* OK [MAILBOXID (F" + foo + ")] its id");
    assertThat(client.command("EXAMINE INBOX"))
        .contains("* OK [MAILBOXID (F" + inbox + ")] its id");
  }

  // section 4.3
  @Test
  void statusTellsTheIdOfTheMailbox() throws IOException {
    assertThat(client.command("STATUS foo (mailboxid)"))
        .containsExactly("* STATUS \"foo\" (MAILBOXID (F" + foo + "))", "OK done");
    assertThat(client.command("LIST \"\" * RETURN (STATUS (MAILBOXID))"))
        .containsExactly(
            "* LIST (\\HasNoChildren) \"/\" \"INBOX\"",
            "* STATUS \"INBOX\" (MAILBOXID (F" + inbox + "))",
            "* LIST (\\HasNoChildren) \"/\" \"foo\"",
            "* STATUS \"foo\" (MAILBOXID (F" + foo + "))",
            "OK done");
  }

  // section 5.3
  @Test
  void aReplyIsOfTheThreadOfItsOriginalInEveryMailbox() throws IOException {
    client.command("EXAMINE INBOX");
    List<String> ids = client.command("FETCH 1:* (EMAILID THREADID)");
    assertThat(ids).hasSize(4);
    assertThat(thread(ids.get(1))).isEqualTo(thread(ids.get(0))).isNotEqualTo(thread(ids.get(2)));
    assertThat(ids.subList(0, 3))
        .allMatch(line -> line.contains("(EMAILID (M") && line.contains(" THREADID (T"))
        .doesNotHaveDuplicates();

    client.command("EXAMINE foo");
    assertThat(client.command("FETCH 1 (EMAILID THREADID)").getFirst())
        .isEqualTo(ids.get(1).replace("* 2", "* 1"));
  }

  // section 6
  @Test
  void searchFindsById() throws IOException {
    client.command("EXAMINE INBOX");
    String ids = client.command("FETCH 1 (EMAILID THREADID)").getFirst();
    String email = between(ids, "EMAILID (", ")");
    assertThat(client.command("SEARCH EMAILID " + email)).containsExactly("* SEARCH 1", "OK done");
    assertThat(client.command("SEARCH THREADID " + thread(ids)))
        .containsExactly("* SEARCH 1 2", "OK done");
    assertThat(client.command("SEARCH OR EMAILID " + email + " NOT THREADID " + thread(ids)))
        .containsExactly("* SEARCH 1 3", "OK done");
    assertThat(client.command("SEARCH THREADID " + email)).containsExactly("* SEARCH", "OK done");
  }

  private static String thread(String line) {
    return between(line, "THREADID (", ")");
  }

  private static String between(String line, String from, String to) {
    int start = line.indexOf(from) + from.length();
    return line.substring(start, line.indexOf(to, start));
  }
}
