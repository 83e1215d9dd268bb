package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.muniment.archive.event.MailboxId;

/// What a client that has signed in may try.
class HostileClientTest {

  private static final int LARGE = 8 << 20;

  private final FakeArchive archive = new FakeArchive();
  private final MailboxId inbox = archive.mailbox("INBOX");
  private ImapListener server;
  private TestClient client;

  @BeforeEach
  void start() throws IOException {
    archive.append(inbox, "Subject: small\r\n\r\nhello\r\n");
    byte[] large =
        ("Subject: large\r\n\r\n" + "x".repeat(LARGE)).getBytes(StandardCharsets.US_ASCII);
    archive.append(
        inbox,
        offset -> new ByteArrayInputStream(large, (int) offset, large.length - (int) offset),
        Instant.EPOCH,
        Set.of());
    server = TestServer.of(archive);
    client = TestClient.signedIn(server.address());
    client.command("EXAMINE INBOX");
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  private void isRefusedAndGoesOn(String command) throws IOException {
    assertThat(client.command(command).getLast()).startsWith("BAD ");
    assertThat(client.command("NOOP").getLast()).isEqualTo("OK done");
  }

  @Test
  void whatACommandNamesIsBounded() throws IOException {
    isRefusedAndGoesOn("SEARCH " + "(".repeat(60) + "ALL" + ")".repeat(60));
    isRefusedAndGoesOn("SEARCH " + "NOT ".repeat(60) + "ALL");
    isRefusedAndGoesOn("SEARCH " + "OR ALL ".repeat(60) + "ALL");
    isRefusedAndGoesOn("SEARCH" + " ALL".repeat(2_100));
    isRefusedAndGoesOn("FETCH " + "1,".repeat(20_100) + "1 UID");
    isRefusedAndGoesOn("FETCH 1 (" + "UID ".repeat(600) + "UID)");
    isRefusedAndGoesOn("STATUS INBOX (" + "MESSAGES ".repeat(200) + "MESSAGES)");
    isRefusedAndGoesOn("SORT (" + "DATE ".repeat(30) + "DATE) UTF-8 ALL");
    isRefusedAndGoesOn("LIST \"\" " + "%".repeat(1_100));
    String flags = IntStream.range(0, 600).mapToObj(i -> "a" + i).collect(Collectors.joining(" "));
    isRefusedAndGoesOn("STORE 1 +FLAGS (" + flags + ")");
  }

  @Test
  void aCommandWithoutEndIsCut() throws IOException {
    client.send("x SEARCH SUBJECT " + "a".repeat(70 << 10));
    assertThat(client.response()).startsWith("* BYE");
  }

  @Test
  @Timeout(20)
  void patternsThatMatchInManyWaysAreQuick() throws IOException {
    archive.mailbox("a".repeat(200));
    assertThat(client.command("LIST \"\" " + "a*".repeat(450) + "b").getLast()).startsWith("OK ");
    assertThat(client.command("LIST \"\" " + "%*".repeat(450) + "b").getLast()).startsWith("OK ");
    String needle = "x".repeat(30_000) + "y";
    assertThat(client.command("SEARCH BODY " + needle).getFirst()).isEqualTo("* SEARCH");
  }

  @Test
  void readersThatStandStillHoldLittleAndHarmNobody() throws IOException {
    List<TestClient> still = new ArrayList<>();
    long before = used();
    for (int i = 0; i < 40; i++) {
      TestClient one = TestClient.signedIn(server.address());
      still.add(one);
      one.command("EXAMINE INBOX");
      one.send("x FETCH 2 BODY[]\r\n");
    }
    assertThat(client.command("FETCH 1 BODY[TEXT]").getFirst()).contains("hello");
    // All they have asked for would be 320 MiB.
    assertThat(used() - before).isLessThan(40L << 20);
    for (TestClient one : still) {
      one.close();
    }
    assertThat(client.command("FETCH 1 BODY[TEXT]").getFirst()).contains("hello");
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
