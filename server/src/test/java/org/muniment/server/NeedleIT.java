package org.muniment.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.needle.Haystack;
import org.muniment.server.needle.Needle;
import org.muniment.server.runtime.RunningServer;

/// Recall: what is hidden in a mailbox is found, wherever it lies and however it is written.
class NeedleIT {

  private static final Duration LONGEST = Duration.ofMinutes(2);

  @TempDir static Path folder;
  private static List<Needle> needles;
  private static RunningServer server;
  private static RestReader rest;

  @BeforeAll
  static void fill() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("NeedleIT seed " + seed);
    needles = Haystack.needles(seed);
    FilledInstallation installation = new FilledInstallation(folder);
    installation.add(
        "INBOX",
        Stream.concat(needles.stream().map(Needle::message), needles.stream().map(Needle::decoy)));
    server = installation.start();
    rest = new RestReader(server.web(), "lena", FilledInstallation.PASSWORD);
    assertThat(server.awaitSearchable(LONGEST)).isTrue();
    awaitAttachments();
  }

  private static void awaitAttachments() throws Exception {
    long end = System.nanoTime() + LONGEST.toNanos();
    while (rest.json("api/v1/search?q=status:pending").path("attachmentsPending").asInt() > 0) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(200);
    }
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void searchFindsEachNeedleAndNothingElse() throws Exception {
    List<String> missed = new ArrayList<>();
    for (Needle needle : needles) {
      JsonNode found = rest.json("api/v1/search?q=" + URLEncoder.encode(needle.query(), UTF_8));
      String id = found.path("hits").path(0).path("id").asText();
      if (found.path("total").asInt() != 1 || !id.equals(id(needle))) {
        missed.add(needle.place() + ": " + needle.text() + " in " + found.path("total"));
      }
    }
    assertRecall("search", needles.size(), missed);
  }

  @Test
  void mailClientsFindEachNeedleAndNothingElse() throws Exception {
    List<String> missed = new ArrayList<>();
    int asked = 0;
    try (RawImap client =
        new RawImap(server.imap().getPort(), "lena", FilledInstallation.PASSWORD)) {
      client.command("EXAMINE INBOX");
      for (int i = 0; i < needles.size(); i++) {
        Needle needle = needles.get(i);
        for (String key : needle.lies().keys()) {
          asked++;
          String found = search(client, key, needle.text());
          if (!found.equals("* SEARCH " + (i + 1))) {
            missed.add(needle.place() + ": " + key + " " + needle.text() + " in " + found);
          }
        }
      }
    }
    assertRecall("IMAP SEARCH", asked, missed);
  }

  private static String search(RawImap client, String key, String text) throws IOException {
    byte[] octets = text.getBytes(UTF_8);
    String literal = "{" + octets.length + "+}\r\n" + new String(octets, ISO_8859_1);
    return client.command("SEARCH CHARSET UTF-8 " + key + " " + literal).getFirst().text();
  }

  private static String id(Needle needle) throws IOException {
    Octets message = needle.message();
    try (var in = message.open()) {
      return RestReader.sha256(in.readAllBytes());
    }
  }

  private static void assertRecall(String by, int asked, List<String> missed) {
    System.out.printf("NeedleIT recall by %s: %d of %d%n", by, asked - missed.size(), asked);
    assertThat(missed).isEmpty();
  }
}
