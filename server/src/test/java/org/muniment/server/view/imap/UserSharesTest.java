package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.config.ImapConfig.PerUser;

/// What one user may take.
class UserSharesTest {

  private final FakeArchive archive = new FakeArchive();

  @Test
  void nobodyHasMoreSessionsThanTheirShare() throws IOException {
    try (ImapListener server = TestServer.of(archive, new PerUser(2, 0));
        TestClient one = TestClient.signedIn(server.address());
        TestClient two = TestClient.signedIn(server.address())) {
      assertThat(one.command("NOOP").getLast()).startsWith("OK ");
      TestClient three = new TestClient(server.address());
      three.response();
      assertThat(three.command("LOGIN alice secret").getLast()).startsWith("NO [LIMIT]");
      assertThat(two.command("LOGOUT").getLast()).startsWith("OK ");
      assertThat(two.isClosedByServer()).isTrue();
      // The server may take a moment to notice that the connection has ended.
      String answer = "";
      for (int i = 0; i < 100 && !answer.startsWith("OK "); i++) {
        answer = three.command("LOGIN alice secret").getLast();
      }
      assertThat(answer).startsWith("OK ");
      three.close();
    }
  }

  @Test
  void sessionsOfOneUserShareTheirOctetsPerSecond() throws IOException {
    MailboxId inbox = archive.mailbox("INBOX");
    archive.append(inbox, "Subject: large\r\n\r\n" + "x".repeat(78).concat("\r\n").repeat(5_000));
    try (ImapListener server = TestServer.of(archive, new PerUser(10, 400_000));
        TestClient one = TestClient.signedIn(server.address());
        TestClient other = TestClient.signedIn(server.address())) {
      one.command("EXAMINE INBOX");
      other.command("EXAMINE INBOX");
      long begin = System.nanoTime();
      for (int i = 0; i < 2; i++) {
        one.command("FETCH 1 BODY[]");
        other.command("FETCH 1 BODY[]");
      }
      // 1.6 MB, of which as much goes at once as in a second.
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .isBetween(Duration.ofMillis(2_500), Duration.ofSeconds(10));
    }
  }
}
