package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.MailboxId;

/// Clients that send anything: each session ends by itself, and another one does not notice.
class ImapFuzzTest {

  private static final int CLIENTS = 300;

  private static final List<String> WORDS =
      List.of(
          "a1",
          " ",
          " ",
          " ",
          "\r\n",
          "\r\n",
          "\n",
          "(",
          ")",
          "[",
          "]",
          "<0.5>",
          "{3}\r\nabc",
          "{3+}\r\nabc",
          "{99999+}\r\n",
          "\"",
          "\\",
          "*",
          "%",
          ":",
          ",",
          "1",
          "2:*",
          "UID ",
          "FETCH ",
          "SEARCH ",
          "STORE ",
          "SELECT INBOX\r\n",
          "LIST ",
          "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" ",
          "RETURN (STATUS (UNSEEN)) ",
          "MYRIGHTS INBOX\r\n",
          "STARTTLS",
          "COMPRESS DEFLATE\r\n",
          "BINARY",
          ".SIZE",
          "PREVIEW (LAZY)",
          "ENABLE IMAP4rev2 UTF8=ACCEPT\r\n",
          "EMAILID ",
          "SORT ",
          "THREAD REFERENCES UTF-8 ALL\r\n",
          "(REVERSE DATE SUBJECT) UTF-8 ALL\r\n",
          "ESEARCH IN (selected personal subtree INBOX) ",
          "RETURN (SAVE PARTIAL -1:-2 COUNT) ",
          "$",
          "THREADID",
          "OLDER ",
          "STATUS ",
          "BODY",
          "BODY.PEEK[",
          "HEADER.FIELDS (",
          "1.2.MIME",
          "FLAGS",
          "ENVELOPE",
          "BODYSTRUCTURE",
          "NOT ",
          "OR ",
          "SUBJECT ",
          "TEXT x",
          "CHARSET UTF-8 ",
          "RETURN (",
          "&AP-",
          "NIL",
          "APPEND INBOX ",
          "IDLE\r\n",
          "DONE\r\n",
          "ID (",
          "NOOP",
          "\0",
          "\u00ff");

  @Test
  void noClientHarmsAnother() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    FakeArchive archive = new FakeArchive();
    MailboxId inbox = archive.mailbox("INBOX");
    archive.append(
        inbox, "Subject: a\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nb");
    archive.append(inbox, "");
    try (ImapListener server = TestServer.of(archive);
        TestClient quiet = TestClient.signedIn(server.address())) {
      for (int i = 0; i < CLIENTS; i++) {
        String octets = (i % 3 == 0) ? noise(random) : words(random);
        talk(server.address(), (i % 4 == 0 ? "" : "a LOGIN alice secret\r\n") + octets);
      }
      assertThat(quiet.command("SELECT INBOX")).as("seed %d", seed).contains("* 2 EXISTS");
      for (int i = 0; i < 500 && server.sessions() > 1; i++) {
        Thread.sleep(10);
      }
      assertThat(server.sessions()).as("seed %d", seed).isEqualTo(1);
    }
  }

  private static String noise(Random random) {
    byte[] octets = new byte[random.nextInt(2000)];
    random.nextBytes(octets);
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  private static String words(Random random) {
    StringBuilder words = new StringBuilder("a SELECT INBOX\r\n");
    for (int count = random.nextInt(200); count > 0; count--) {
      words.append(WORDS.get(random.nextInt(WORDS.size())));
      if (random.nextInt(8) == 0) {
        words.append("\r\na").append(count).append(' ');
      }
    }
    return words.toString();
  }

  /// Sends all, ends its side, and reads what comes until the server ends too. A server that has
  /// said BYE may have cut the connection before.
  private static void talk(InetSocketAddress server, String octets) throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.setSoTimeout(20_000);
      try {
        socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        InputStream in = socket.getInputStream();
        in.skip(Long.MAX_VALUE);
      } catch (java.net.SocketTimeoutException e) {
        throw new AssertionError("the server neither answered nor ended", e);
      } catch (IOException e) {
        assertThat(e).hasMessageMatching("(?s).*(reset|Broken pipe|abort).*");
      }
    }
  }
}
