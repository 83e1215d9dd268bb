package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/// COMPRESS=DEFLATE (RFC 4978).
class CompressTest extends ServedArchive {

  // section 3
  @Test
  void bothDirectionsAreCompressedBehindTheAnswer() throws IOException {
    archive.append(inbox, "Subject: x\r\n\r\n" + "line\r\n".repeat(50_000));
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("CAPABILITY").getFirst()).contains(" COMPRESS=DEFLATE");
      assertThat(client.command("COMPRESS DEFLATE")).containsExactly("OK DEFLATE begins now");
      client.compress();
      assertThat(client.command("CAPABILITY").getFirst()).doesNotContain("COMPRESS");
      client.command("EXAMINE INBOX");
      assertThat(client.command("FETCH 1 BODY.PEEK[TEXT]").getFirst())
          .isEqualTo("* 1 FETCH (BODY[TEXT] {300000}\r\n" + "line\r\n".repeat(50_000) + ")");
    }
  }

  /// What comes with the answer Thunderbird takes for the beginning of the next one.
  @Test
  void nothingComesBehindTheAnswerUntilItIsAskedFor() throws Exception {
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("COMPRESS DEFLATE");
      Thread.sleep(200);
      assertThat(client.unread()).isZero();
    }
  }

  @Test
  void whatIsEncryptedCanBeCompressed() throws IOException {
    try (TestClient client = TestClient.encrypted(server.encryptedAddress())) {
      client.response();
      client.command("LOGIN alice secret");
      assertThat(client.command("COMPRESS DEFLATE").getLast()).startsWith("OK ");
      client.compress();
      assertThat(client.command("NOOP")).containsExactly("OK done");
    }
  }

  @Test
  void compressionIsNotCompressedAgain() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("COMPRESS DEFLATE");
      client.compress();
      assertThat(client.command("COMPRESS DEFLATE").getLast())
          .startsWith("NO [COMPRESSIONACTIVE] ");
      assertThat(client.command("NOOP")).containsExactly("OK done");
    }
  }

  @Test
  void otherAlgorithmsAndStatesAreBad() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("COMPRESS LZMA").getLast()).startsWith("BAD expected DEFLATE");
    }
    try (TestClient client = new TestClient(server.address())) {
      client.response();
      assertThat(client.command("COMPRESS DEFLATE").getLast()).startsWith("BAD ");
    }
  }

  @Test
  void nothingMayBeSentBeforeTheAnswer() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.send("a COMPRESS DEFLATE\r\nb NOOP\r\n");
      assertThat(client.response()).startsWith("* BYE ");
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @Test
  void aBombMeetsTheLimitsOfAnyCommand() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("COMPRESS DEFLATE");
      client.compress();
      client.send("a SEARCH SUBJECT \"" + "x".repeat(1 << 20) + "\"\r\n");
      assertThat(client.response()).startsWith("* BYE a command has at most ");
    }
  }

  @Test
  void octetsThatAreNotCompressedEndTheSession() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("COMPRESS DEFLATE");
      client.send("a NOOP\r\n".repeat(100));
      assertThatThrownBy(client::response).isInstanceOf(IOException.class);
    }
    try (TestClient client = TestClient.signedIn(server.address())) {
      assertThat(client.command("NOOP")).containsExactly("OK done");
    }
  }

  @Test
  void endedSessionsMakeRoomForOthers() throws IOException {
    for (int i = 0; i < 600; i++) {
      try (TestClient client = TestClient.signedIn(server.address())) {
        assertThat(client.command("COMPRESS DEFLATE").getLast()).startsWith("OK ");
      }
    }
  }
}
