package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.runtime.RunningServer;

/// "Capture now" and "check" in the running server, and what every window says of accounts.
@Timeout(120)
class AccountWorkIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final List<String> answers = new ArrayList<>();
  private URI web = URI.create("http://unknown/");

  /// A server that repeats what it refuses, the password in it.
  private static Optional<String> echo(String command) {
    boolean asks = command.startsWith("AUTHENTICATE") || command.startsWith("LOGIN");
    return asks ? Optional.of("NO [AUTHENTICATIONFAILED] " + command) : Optional.empty();
  }

  @Test
  void accountsAreCapturedAndCheckedNowAndNoAnswerHoldsASecret() throws Exception {
    try (ScriptedServer sound = new ScriptedServer(ScriptedServer.behave()).with(1, "one");
        ScriptedServer refusing = new ScriptedServer(AccountWorkIT::echo)) {
      Path config =
          Files.writeString(
              folder.resolve("config.yml"),
              Shell.FREE_PORTS
                  + "accounts:\n"
                  + account("sound", sound)
                  + account("refused", refusing));
      try (RunningServer server =
          RunningServer.start(ConfigFile.load(config, name -> null), line -> {})) {
        web = server.web();
        server.installation().users().add(new User("alice", Role.USER), new Secret("secret"));
        assertThat(result("sound", "captures").path("complete").asBoolean()).isTrue();
        assertThat(result("sound", "checks").path("ok").asBoolean()).isTrue();
        JsonNode refused = result("refused", "captures");
        assertThat(refused.path("missing").asText()).contains("AUTHENTICATIONFAILED");
        JsonNode again = result("refused", "captures");
        assertThat(again.path("until").asText()).isNotEmpty();
        assertThat(again.path("missing").asText()).contains("AUTHENTICATIONFAILED");
        JsonNode check = result("refused", "checks");
        assertThat(check.path("ok").asBoolean(true)).isFalse();
        assertThat(send("POST", "api/v1/accounts/refused/checks").statusCode()).isEqualTo(429);

        JsonNode states = JSON.readTree(send("GET", "api/v1/captures").body()).path("accounts");
        assertThat(states).hasSize(2);
        assertThat(states.path(0).path("state").asText()).isEqualTo("complete");
        assertThat(states.path(0).path("nextRun").asText()).contains("-01-01T");
        assertThat(states.path(1).path("pause").path("kind").asText()).isEqualTo("denied");
        send("GET", "api/v1/accounts");
        send("GET", "api/v1/accounts/refused/receipts");
        web = server.addresses().get(1);
        JsonNode health = JSON.readTree(send("GET", "healthcheck").body()).path("capture");
        assertThat(health.path("healthy").asBoolean(true)).isFalse();
        assertThat(health.path("message").asText())
            .contains("refused: ", "AUTHENTICATIONFAILED", "; next try at ")
            .doesNotContain("sound");
      }
      Shell shell = new Shell(config);
      assertThat(shell.run("status")).isEqualTo(1);
      assertThat(shell.out())
          .contains("account    sound: complete", "; next run ")
          .contains("account    refused: INCOMPLETE", "; NOT BEFORE ", "AUTHENTICATIONFAILED");
      answers.add(shell.out());
      shell.run("status", "--json");
      JsonNode refused = JSON.readTree(shell.out()).path("accounts").path(1);
      assertThat(refused.path("pause").path("until").asText())
          .isEqualTo(refused.path("nextRun").asText());
      answers.add(shell.out());
      assertThat(shell.run("capture", "refused")).isEqualTo(1);
      assertThat(shell.out()).contains("refused: NOT NOW, not before ", "--now");
      answers.add(shell.out());
      assertThat(shell.run("capture", "--now", "refused")).isEqualTo(1);
      assertThat(shell.out()).contains("refused: INCOMPLETE");
      answers.add(shell.out());
    }
    String password = Dovecot.PASSWORD;
    assertThat(String.join("\n", answers))
        .doesNotContain(password)
        .doesNotContain(Base64.getEncoder().encodeToString(("\0eve\0" + password).getBytes(UTF_8)));
  }

  private static String account(String name, ScriptedServer server) {
    return """
          - name: %s
            owner: alice
            source: { type: imap, host: 127.0.0.1, port: %d, security: none, username: eve, password: "%s" }
            folders: { include: [INBOX] }
            schedule: 0 0 0 1 1 ?
        """
        .formatted(name, server.source().port(), Dovecot.PASSWORD);
  }

  private JsonNode result(String account, String kind) throws Exception {
    HttpResponse<String> started = send("POST", "api/v1/accounts/" + account + "/" + kind);
    assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
    String job = started.headers().firstValue("Location").orElseThrow();
    JsonNode now = JSON.readTree(send("GET", job).body());
    while (now.path("state").asText().equals("running")) {
      Thread.sleep(20);
      now = JSON.readTree(send("GET", job).body());
    }
    assertThat(now.path("state").asText()).as(now.toString()).isEqualTo("done");
    return now.path("result");
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    String basic = Base64.getEncoder().encodeToString("alice:secret".getBytes(UTF_8));
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(web.resolve(path))
                  .method(method, HttpRequest.BodyPublishers.noBody())
                  .header("Authorization", "Basic " + basic)
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      answers.add(answer.body());
      return answer;
    }
  }
}
