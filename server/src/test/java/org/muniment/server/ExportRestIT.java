package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.runtime.RunningServer;

/// Exports over REST, and mailboxes as they were.
@Timeout(120)
class ExportRestIT {

  @TempDir Path folder;
  @TempDir Path served;

  private static RestReader reader(RunningServer server) {
    return new RestReader(server.web(), "lena", FilledInstallation.PASSWORD);
  }

  private static JsonNode post(RunningServer server, String path, String body) throws Exception {
    HttpResponse<byte[]> answer = answer(server, path, body);
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(202);
    return new ObjectMapper().readTree(answer.body());
  }

  private static HttpResponse<byte[]> answer(RunningServer server, String path, String body)
      throws Exception {
    String basic =
        Base64.getEncoder().encodeToString(("lena:" + FilledInstallation.PASSWORD).getBytes(UTF_8));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(server.web().resolve(path))
              .header("Authorization", "Basic " + basic)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  private static JsonNode over(RunningServer server, JsonNode job) throws Exception {
    JsonNode now = job;
    while (now.path("state").asText().equals("running")) {
      Thread.sleep(20);
      now = reader(server).json("api/v1/jobs/" + job.path("id").asText());
    }
    return now;
  }

  @Test
  void anExportIsMadeDownloadedAndThereAfterARestart() throws Exception {
    FilledInstallation filled = new FilledInstallation(folder);
    filled.add("INBOX", 20, 1_000);
    String address;
    try (RunningServer server = filled.start()) {
      JsonNode done = over(server, post(server, "api/v1/exports", "{\"account\":\"lena\"}"));
      assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("done");
      assertThat(done.path("result").path("identical").asInt()).isEqualTo(20);
      address = done.path("result").path("files").path(0).asText().substring(1);
    }
    try (RunningServer server = filled.start()) {
      HttpResponse<byte[]> zip = reader(server).get(address);
      assertThat(zip.statusCode()).isEqualTo(200);
      Path file = Files.write(folder.resolve("got.zip"), zip.body());
      try (ZipFile got = new ZipFile(file.toFile())) {
        assertThat(got.stream().filter(entry -> entry.getName().endsWith(".eml"))).hasSize(20);
        assertThat(got.getEntry("manifest.json")).isNotNull();
      }
      assertThat(reader(server).json("api/v1/results").path("results")).hasSize(1);
    }
    try (Stream<Path> files = Files.walk(filled.data().resolve("results"))) {
      for (Path path : files.toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
      }
    }
  }

  @Test
  void aRestoreThatReachesNobodySaysSo() throws Exception {
    FilledInstallation filled = new FilledInstallation(folder);
    filled.add("INBOX", 1, 10);
    try (RunningServer server = filled.start()) {
      JsonNode failed =
          over(
              server,
              post(
                  server,
                  "api/v1/restores",
                  """
                  {"account":"lena","target":{"host":"127.0.0.1","port":1,"security":"none",
                   "username":"u","password":"geheim"}}
                  """));
      assertThat(failed.path("state").asText()).isEqualTo("failed");
      assertThat(failed.path("problem").asText()).contains("127.0.0.1");
      assertThat(failed.toString()).doesNotContain("geheim");
    }
  }

  @Test
  void aRestoreGivesItsReceiptAndGoesNowhereThatIsNotConfigured() throws Exception {
    Requires.dovecot();
    FilledInstallation filled = new FilledInstallation(folder);
    filled.add("INBOX", 20, 1_000);
    try (Dovecot target = Dovecot.start(served)) {
      filled.configure("restore: { targets: [\"127.0.0.1:%d\"] }%n".formatted(target.port()));
      try (RunningServer server = filled.start()) {
        JsonNode done = over(server, post(server, "api/v1/restores", restore(target.port())));
        assertThat(done.path("state").asText()).as(done.toString()).isEqualTo("done");
        JsonNode result = done.path("result");
        assertThat(result.path("complete").asBoolean()).as(done.toString()).isTrue();
        assertThat(result.path("identical").asInt()).isEqualTo(20);
        List<String> files = new ArrayList<>();
        result.path("files").forEach(file -> files.add(file.asText().substring(1)));
        assertThat(files).hasSize(2);
        for (String file : files) {
          String receipt = new String(reader(server).get(file).body(), UTF_8);
          assertThat(receipt.lines().filter(line -> line.contains("identical"))).hasSize(21);
          assertThat(receipt.strip().lines().toList().getLast())
              .isEqualTo(
                  file.endsWith(".txt")
                      ? "restored 20 of 20, identical 20"
                      : "{\"planned\":20,\"restored\":20,\"identical\":20}");
        }
        HttpResponse<byte[]> elsewhere =
            answer(server, "api/v1/restores", restore(target.port() - 1));
        assertThat(elsewhere.statusCode()).isEqualTo(403);
        assertThat(new String(elsewhere.body(), UTF_8)).contains("restore.targets");
      }
    }
  }

  private static String restore(int port) {
    return """
        {"account":"lena","target":{"host":"127.0.0.1","port":%d,"security":"none",
         "username":"lena","password":"%s"}}
        """
        .formatted(port, Dovecot.PASSWORD);
  }

  @Test
  void aMailboxIsListedAsItWas() throws Exception {
    FilledInstallation filled = new FilledInstallation(folder);
    filled.add("INBOX", 12, 10);
    Thread.sleep(20);
    Instant then = Instant.now();
    Thread.sleep(20);
    filled.add("Later", 5, 10);
    try (RunningServer server = filled.start()) {
      RestReader lena = reader(server);
      JsonNode mailboxes = lena.json("api/v1/accounts/lena/mailboxes").path("mailboxes");
      for (JsonNode mailbox : mailboxes) {
        boolean later = mailbox.path("path").path(0).asText().equals("Later");
        String list = "api/v1/mailboxes/" + mailbox.path("id").asText() + "/messages?limit=5";
        JsonNode page = lena.json(list + "&asOf=" + then);
        assertThat(page.path("mailbox").path("messages").asInt()).isEqualTo(later ? 0 : 12);
        assertThat(page.path("mailbox").path("unseen").asInt()).isEqualTo(later ? 0 : 6);
        assertThat(page.path("asOf").path("moment").asText()).isEqualTo(then.toString());
        assertThat(page.path("messages")).hasSize(later ? 0 : 5);
        List<Long> uids =
            page.path("messages").findValues("uid").stream().map(JsonNode::asLong).toList();
        if (!later) {
          assertThat(uids).containsExactly(12L, 11L, 10L, 9L, 8L);
          String next = page.path("next").asText();
          assertThat(lena.get(list + "&cursor=" + next).statusCode()).isEqualTo(400);
          page = lena.json(list + "&asOf=" + then + "&cursor=" + next);
          page = lena.json(list + "&asOf=" + then + "&cursor=" + page.path("next").asText());
          assertThat(page.path("messages")).hasSize(2);
          assertThat(page.has("next")).isFalse();
        }
        assertThat(lena.get(list + "&asOf=nonsense").statusCode()).isEqualTo(400);
        assertThat(lena.json(list + "&asOf=2001-01-01").path("messages")).isEmpty();
      }
    }
  }
}
