package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.view.imap.session.Limits;

/// TLS, from the start and by STARTTLS.
class ImapTlsTest {

  private static final Limits LIMITS =
      new Limits(
          Duration.ofSeconds(2),
          Duration.ofMinutes(30),
          Duration.ofMinutes(1),
          Duration.ofMillis(50),
          3,
          3);

  private final FakeArchive archive = new FakeArchive();
  private ImapListener server;

  @BeforeEach
  void start() throws IOException {
    MailboxId inbox = archive.mailbox("INBOX");
    archive.append(inbox, "Subject: one\r\n\r\n" + "hello\r\n".repeat(10_000));
    server = TestServer.of(TestState.of(archive), LIMITS);
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void fromTheStart() throws IOException {
    try (TestClient client = TestClient.encrypted(server.encryptedAddress())) {
      assertThat(client.response())
          .startsWith("* OK [CAPABILITY ")
          .contains(" AUTH=PLAIN")
          .doesNotContain("STARTTLS");
      assertThat(client.command("STARTTLS").getLast()).startsWith("BAD ");
      readsAMessage(client);
      assertThat(client.command("LOGOUT").getLast()).startsWith("OK ");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void byStartTls() throws IOException {
    try (TestClient client = new TestClient(server.address())) {
      assertThat(client.response()).contains(" STARTTLS ");
      assertThat(client.command("STARTTLS")).containsExactly("OK begin TLS now");
      client.encrypt();
      assertThat(client.command("CAPABILITY").getFirst())
          .contains(" AUTH=PLAIN")
          .doesNotContain("STARTTLS");
      assertThat(client.command("STARTTLS").getLast()).startsWith("BAD ");
      readsAMessage(client);
      assertThat(client.command("STARTTLS").getLast()).startsWith("BAD ");
    }
  }

  private static void readsAMessage(TestClient client) throws IOException {
    assertThat(client.command("LOGIN alice secret").getLast()).startsWith("OK ");
    assertThat(client.command("SELECT INBOX").getLast()).startsWith("OK ");
    List<String> responses = client.command("FETCH 1 BODY.PEEK[]");
    assertThat(responses.getFirst()).endsWith("hello\r\n)").hasSizeGreaterThan(70_000);
    assertThat(responses.getLast()).startsWith("OK ");
  }

  @Test
  void aCommandThatWasPutBehindStartTlsIsNeverObeyed() throws IOException {
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      client.send("a STARTTLS\r\nb CAPABILITY\r\n");
      assertThat(client.response()).startsWith("* BYE ");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void octetsInPlaceOfAHandshakeEndTheConnection() throws IOException {
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      assertThat(client.command("STARTTLS").getLast()).startsWith("OK ");
      client.send("b LOGIN alice secret\r\n");
      assertThatThrownBy(() -> client.untilTagged("b")).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aHandshakeThatDoesNotComeToItsEndIsCut() throws IOException {
    try (Socket socket =
            new Socket(
                server.encryptedAddress().getAddress(), server.encryptedAddress().getPort());
        InputStream in = socket.getInputStream()) {
      socket.setSoTimeout(20_000);
      // The head of a record with a handshake of 512 octets, and then one octet at a time.
      byte[] head = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252};
      socket.getOutputStream().write(head);
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  Thread.sleep(100);
                  socket.getOutputStream().write(0);
                }
                in.read();
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(server.sessions()).isZero();
  }

  @Test
  void idleTellsOfNewMessagesAndTheEndOfTheServerSaysBye() throws IOException {
    try (TestClient client = TestClient.encrypted(server.encryptedAddress())) {
      client.response();
      client.command("LOGIN alice secret");
      client.command("SELECT INBOX");
      client.send("i IDLE\r\n");
      assertThat(client.response()).startsWith("+ ");
      archive.append(new MailboxId("0000000000000001"), "Subject: two\r\n\r\n");
      assertThat(client.response()).isEqualTo("* 2 EXISTS");
      server.close();
      assertThat(client.response()).startsWith("* BYE ");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aSilentClientIsTold() throws IOException {
    try (TestClient client = TestClient.encrypted(server.encryptedAddress())) {
      client.response();
      assertThat(client.response()).startsWith("* BYE no sign-in");
    }
  }

  @Test
  void clearWordsAtTheEncryptedPortAreNotAnswered() throws IOException {
    try (TestClient client = new TestClient(server.encryptedAddress())) {
      client.send("a LOGIN alice secret\r\n");
      assertThatThrownBy(() -> client.untilTagged("a")).isInstanceOf(IOException.class);
    }
  }
}
