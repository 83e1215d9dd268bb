package org.muniment.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.server.access.KeyConfirmations;
import org.muniment.server.access.Role;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.access.User;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.config.Settings;

class RunningServerIT {

  private final List<String> said = new ArrayList<>();

  @TempDir private Path folder;

  @Test
  void everyWindowListensAndLetsIn() throws Exception {
    try (RunningServer server = RunningServer.start(settings("data", 0, 0), said::add)) {
      server.installation().users().add(new User("alice", Role.USER), new Secret("secret"));

      assertThat(get(server.web()).statusCode()).isEqualTo(200);
      assertThat(get(server.web().resolve("api/v1/accounts")).statusCode()).isEqualTo(200);
      JsonNode health =
          new ObjectMapper().readTree(get(server.addresses().get(1).resolve("healthcheck")).body());
      assertThat(health.path("catalogue").path("healthy").asBoolean()).isTrue();
      assertThat(health.path("index").path("healthy").asBoolean()).isTrue();
      assertThat(health.path("attachments").path("healthy").asBoolean()).isTrue();
      assertThat(health.path("publication").path("healthy").asBoolean(true)).isFalse();
      assertThat(health.path("root-key").path("message").asText()).contains("NO COPY IS CONFIRMED");
      confirmRootKey(server);
      health =
          new ObjectMapper().readTree(get(server.addresses().get(1).resolve("healthcheck")).body());
      assertThat(health.path("root-key").path("healthy").asBoolean()).isTrue();
      try (Socket imap = new Socket(server.imap().getAddress(), server.imap().getPort());
          BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(imap.getInputStream(), StandardCharsets.US_ASCII))) {
        assertThat(lines.readLine()).startsWith("* OK");
        imap.getOutputStream()
            .write("a LOGIN alice secret\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(lines.readLine()).startsWith("a OK");
      }
    }
    assertThat(said).contains("made a new archive in " + folder.resolve("data/archive"));
  }

  @Test
  void aSecondServerIsToldWhoHoldsTheArchive() throws Exception {
    Settings settings = settings("data", 0, 0);
    try (RunningServer _ = RunningServer.start(settings, said::add)) {
      assertThatThrownBy(() -> RunningServer.start(settings, said::add))
          .isInstanceOf(StoreRefusedException.class);
    }
    try (RunningServer again = RunningServer.start(settings, said::add)) {
      assertThat(again.web()).hasHost("127.0.0.1");
    }
  }

  @Test
  void aPortThatIsTakenIsNamedAndWhatWasStartedIsEnded() throws Exception {
    try (RunningServer server = RunningServer.start(settings("data", 0, 0), said::add)) {
      int web = server.web().getPort();
      int imap = server.imap().getPort();

      assertThatThrownBy(() -> RunningServer.start(settings("other", web, 0), said::add))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContaining("127.0.0.1:" + web)
          .hasMessageContaining("change server: in config.yml");
      assertThatThrownBy(() -> RunningServer.start(settings("other", 0, imap), said::add))
          .isInstanceOf(CannotStartException.class)
          .hasMessageContaining("127.0.0.1:" + imap)
          .hasMessageContaining("change imap: in config.yml");
      try (RunningServer other = RunningServer.start(settings("other", 0, 0), said::add)) {
        assertThat(get(other.web()).statusCode()).isEqualTo(200);
      }
    }
  }

  private static void confirmRootKey(RunningServer server) throws Exception {
    Settings settings = server.installation().settings();
    try (StateDatabase database = StateDatabase.open(settings.stateFile())) {
      KeyConfirmations.of(database).confirm(ArchiveKeys.of(settings).current().id());
    }
  }

  private Settings settings(String data, int web, int imap) throws Exception {
    Path file = folder.resolve(data + ".yml");
    Files.writeString(
        file,
        """
        archive: { path: %s }
        imap: { port: %d }
        server:
          applicationConnectors: [{ type: http, port: %d }]
          adminConnectors: [{ type: http, port: 0 }]
        """
            .formatted(data, imap, web));
    return ConfigFile.load(file, name -> null);
  }

  private static HttpResponse<String> get(URI uri) throws Exception {
    String basic =
        Base64.getEncoder().encodeToString("alice:secret".getBytes(StandardCharsets.UTF_8));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri).header("Authorization", "Basic " + basic).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
