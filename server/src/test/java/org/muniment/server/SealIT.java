package org.muniment.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.runtime.RunningServer;

class SealIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  /// Together more than a journal.
  private static final int LARGE_MESSAGES = 34;

  private static final int LARGE = 4 << 20;

  @TempDir Path folder;

  @Test
  void theArchiveIsSealedAndItsJournalsAreRemoved() throws Exception {
    FilledInstallation installation = new FilledInstallation(folder);
    installation.add("INBOX", 20, 5_000);
    assertThat(installation.run("seal")).as(installation.err()).isZero();
    assertThat(installation.out()).startsWith("sealed 20 messages").contains("in segment 1");
    assertThat(installation.files("archive/segments")).containsExactly("0000000001");
    assertThat(installation.run("seal")).isZero();
    assertThat(installation.out()).isEqualTo("nothing to seal\n");
    assertThat(installation.files("archive/journal")).isNotEmpty();
    assertThat(installation.run("seal", "--retire")).isZero();
    assertThat(installation.out()).contains("nothing to seal").contains("journals removed: 1");
    assertThat(installation.run("verify")).as(installation.out()).isZero();
    assertThat(installation.run("search", "word", "--json")).as(installation.err()).isZero();
    assertThat(JSON.readTree(installation.out()).path("total").asInt()).isEqualTo(20);
  }

  @Test
  void anArchiveWithoutMailHasNothingToSeal() throws Exception {
    FilledInstallation installation = new FilledInstallation(folder);
    assertThat(installation.run("seal", "--retire")).as(installation.err()).isZero();
    assertThat(installation.out()).contains("nothing to seal").contains("journals removed: 0");
  }

  @Test
  void theRunningServerSealsWhenAskedAndGoesOnToServe() throws Exception {
    FilledInstallation installation = new FilledInstallation(folder);
    installation.add("INBOX", 20, 5_000);
    try (RunningServer server = installation.start();
        RawImap client =
            new RawImap(server.imap().getPort(), "lena", FilledInstallation.PASSWORD)) {
      client.command("EXAMINE INBOX");
      var before = client.command("UID FETCH 1:* (UID BODY.PEEK[])");
      assertThat(installation.run("seal", "--retire")).as(installation.err()).isZero();
      assertThat(installation.out())
          .contains("sealed 20 messages", "in segment 1", "journals removed: 1");
      assertThat(installation.files("archive/segments")).hasSize(1);
      assertThat(client.command("UID FETCH 1:* (UID BODY.PEEK[])"))
          .usingRecursiveComparison()
          .isEqualTo(before);
      assertThat(installation.run("seal")).isZero();
      assertThat(installation.out()).isEqualTo("nothing to seal\n");
      assertThat(installation.run("status", "--json")).isEqualTo(1);
      JsonNode storage = JSON.readTree(installation.out()).path("storage");
      assertThat(storage.path("segments").path("files").asInt()).isEqualTo(1);
      assertThat(storage.path("segments").path("octets").asLong()).isGreaterThan(20 * 5_000);
      assertThat(storage.path("retired").path("files").asInt()).isZero();
    }
    assertThat(installation.run("verify")).as(installation.out()).isZero();
  }

  @Test
  void aFullJournalIsSealedByTheServerAndAFailureIsShownAndEndsNothing() throws Exception {
    FilledInstallation installation = new FilledInstallation(folder);
    installation.add("INBOX", LARGE_MESSAGES, LARGE);
    Path inTheWay = Files.writeString(installation.data().resolve("archive/segments"), "");
    try (RunningServer server = installation.start()) {
      URI health = server.addresses().get(1).resolve("healthcheck");
      awaitSealing(health, false);
      assertThat(health(health).path("catalogue").path("healthy").asBoolean()).isTrue();
    }
    Files.delete(inTheWay);
    try (RunningServer server = installation.start()) {
      Instant end = Instant.now().plusSeconds(60);
      while (server.installation().archive().storage().segments().number() == 0) {
        assertThat(Instant.now()).as("sealed by itself").isBefore(end);
        Thread.sleep(50);
      }
      awaitSealing(server.addresses().get(1).resolve("healthcheck"), true);
    }
    assertThat(installation.run("verify")).as(installation.out()).isZero();
  }

  private static void awaitSealing(URI health, boolean healthy) throws Exception {
    Instant end = Instant.now().plusSeconds(60);
    while (health(health).path("sealing").path("healthy").asBoolean() != healthy) {
      assertThat(Instant.now()).as("sealing healthy: %s", healthy).isBefore(end);
      Thread.sleep(50);
    }
  }

  private static JsonNode health(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return JSON.readTree(
          client
              .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
              .body());
    }
  }
}
