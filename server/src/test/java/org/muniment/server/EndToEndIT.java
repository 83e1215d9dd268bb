package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.runtime.RunningServer;

/// The whole product as a person uses it: from a real mail server through the commands to every
/// window.
class EndToEndIT {

  private static final int LARGE = 30_000_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path served;
  @TempDir Path folder;
  private Dovecot dovecot;
  private Path config;
  private Shell shell;

  @BeforeEach
  void start() throws Exception {
    Requires.dovecot();
    dovecot = Dovecot.start(served);
    SampleMaildir lena = new SampleMaildir(dovecot.maildir("lena"), 3);
    lena.addAwkward("");
    lena.fill("", 40, 2_000);
    lena.fill(".Projekte.&ANw-bersicht", 10, 2_000);
    lena.add(".Large", "S", lena.ofLength(LARGE));
    new SampleMaildir(dovecot.maildir("max"), 4).fill("", 5, 2_000);
    Dovecot.own(dovecot.maildir("lena"));
    Dovecot.own(dovecot.maildir("max"));
    config =
        Files.writeString(
            folder.resolve("config.yml"),
            Shell.FREE_PORTS
                + """
            accounts:
              - name: lena
                source: { type: imap, host: 127.0.0.1, port: %1$d, security: none, username: lena, password: %2$s }
              - name: max
                source: { type: imap, host: 127.0.0.1, port: %1$d, security: none, username: max, password: %2$s }
              - name: wrong
                source: { type: imap, host: 127.0.0.1, port: %1$d, security: none, username: lena, password: no }
              - name: down
                source: { type: imap, host: 127.0.0.1, port: 1, security: none, username: x, password: x }
              - name: unset
                source: { type: imap, host: mail.example.com, username: x, password: "${UNSET}" }
            """
                    .formatted(dovecot.port(), Dovecot.PASSWORD));
    shell = new Shell(config);
  }

  @AfterEach
  void stop() {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  @Test
  void everyMessageComesOutOfEveryWindowAsItWent() throws Exception {
    assertThat(shell.run("capture")).as(shell.err()).isEqualTo(1);
    assertThat(shell.run("capture", "lena", "max")).as(shell.err()).isZero();
    try (RunningServer server = RunningServer.start(ConfigFile.load(config, n -> null), s -> {})) {
      server.installation().users().add(new User("lena", Role.USER), new Secret("secret"));
      Map<String, byte[]> source = fromSource("lena");
      assertThat(source).hasSize(11 + 40 + 10 + 1);
      assertThat(rest(server).ids("lena")).isEqualTo(digests(source));
      assertThat(fromView(server, source.size())).isEqualTo(digests(withoutNul(source)));
      assertThat(rest(server).get("api/v1/accounts/max/mailboxes").statusCode()).isEqualTo(404);
      evidenceIsOfTheCallersOwnMail(rest(server), source.keySet().iterator().next());
    }
    assertThat(shell.run("verify")).as(shell.out() + shell.err()).isZero();
    String id = fromSource("max").keySet().iterator().next();
    assertThat(shell.run("proof", id, "--to", folder.resolve("evidence").toString())).isZero();
    assertThat(RestReader.sha256(Files.readAllBytes(folder.resolve("evidence/message.eml"))))
        .isEqualTo(id);
  }

  private void evidenceIsOfTheCallersOwnMail(RestReader rest, String own) throws Exception {
    HttpResponse<byte[]> proof = rest.get("api/v1/messages/" + own + "/proof");
    Map<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(proof.body()))) {
      for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
        files.put(file.getName(), zip.readAllBytes());
      }
    }
    assertThat(files).containsKeys("README.txt", "blind", "leaf.json", "inclusion-proof");
    assertThat(RestReader.sha256(Objects.requireNonNull(files.get("message.eml")))).isEqualTo(own);
    assertThat(files.get("event.json")).asString(UTF_8).contains("\"account\":\"lena\"");
    String hidden = fromSource("max").keySet().iterator().next();
    assertThat(rest.get("api/v1/messages/" + hidden + "/proof").statusCode()).isEqualTo(404);
  }

  @Test
  void troubleOfOneAccountIsNamedInTheServersWordsAndLeavesTheOthersAlone() throws Exception {
    assertThat(shell.run("capture")).isEqualTo(1);
    String said = shell.out() + shell.err();
    assertThat(said).contains("Authentication failed").contains("UNSET").contains("127.0.0.1");
    assertThat(shell.run("status", "--json")).isEqualTo(1);
    TreeMap<String, Boolean> complete = new TreeMap<>();
    for (JsonNode account : JSON.readTree(shell.out()).path("accounts")) {
      complete.put(account.path("name").asText(), account.path("complete").asBoolean());
    }
    assertThat(complete)
        .containsEntry("lena", true)
        .containsEntry("max", true)
        .containsEntry("wrong", false)
        .containsEntry("down", false)
        .containsEntry("unset", false);
  }

  @Test
  void aCaptureBesideTheRunningServerIsFoundBySearch() throws Exception {
    assertThat(shell.run("capture", "max")).isZero();
    try (RunningServer server = RunningServer.start(ConfigFile.load(config, n -> null), s -> {})) {
      server.installation().users().add(new User("lena", Role.USER), new Secret("secret"));
      new SampleMaildir(dovecot.maildir("lena"), 9)
          .add("", "", SampleMaildir.latin("Subject: xylophone\r\n\r\ntuned\r\n"));
      Dovecot.own(dovecot.maildir("lena"));
      assertThat(shell.run("capture", "lena")).as(shell.err()).isZero();
      assertThat(rest(server).awaitTotal("xylophone", 1)).isEqualTo(1);
    }
    assertThat(shell.run("search", "subject:xylophone", "--json")).as(shell.err()).isZero();
    assertThat(shell.out()).contains("xylophone");
  }

  @Test
  void newMailIsCapturedByTheScheduleAlone() throws Exception {
    Files.writeString(
        config,
        """
              - name: nora
                schedule: "* * * * * ?"
                source: { type: imap, host: 127.0.0.1, port: %1$d, security: none, username: nora, password: %2$s }
            """
            .formatted(dovecot.port(), Dovecot.PASSWORD),
        StandardOpenOption.APPEND);
    try (RunningServer server = RunningServer.start(ConfigFile.load(config, n -> null), s -> {})) {
      server.installation().users().add(new User("nora", Role.USER), new Secret("secret"));
      RestReader rest = new RestReader(server.web(), "nora", "secret");
      SampleMaildir nora = new SampleMaildir(dovecot.maildir("nora"), 9);
      for (String word : List.of("xylophone", "theremin")) {
        nora.add("", "", SampleMaildir.latin("Subject: " + word + "\r\n\r\ntuned\r\n"));
        Dovecot.own(dovecot.maildir("nora"));
        assertThat(rest.awaitTotal(word, 1)).as(word).isEqualTo(1);
      }
    }
  }

  private static RestReader rest(RunningServer server) {
    return new RestReader(server.web(), "lena", "secret");
  }

  /// Every message of the source, fetched by a client that is not ours, by its SHA-256.
  private Map<String, byte[]> fromSource(String user) throws IOException {
    Map<String, byte[]> messages = new TreeMap<>();
    try (RawImap judge = new RawImap(dovecot.port(), user, Dovecot.PASSWORD)) {
      read(judge, messages);
    }
    return messages;
  }

  private static void read(RawImap client, Map<String, byte[]> messages) throws IOException {
    for (RawImap.Line mailbox : client.command("LIST \"\" *")) {
      String line = mailbox.text();
      if (!line.contains("\\No")) {
        client.command("EXAMINE " + line.substring(line.indexOf(") \"") + 6));
        for (RawImap.Line message : client.command("UID FETCH 1:* (UID)")) {
          String uid = message.text().replaceAll("[^0-9]*[0-9]+ FETCH \\(UID ([0-9]+)\\)", "$1");
          byte[] octets = client.octets(Long.parseLong(uid));
          messages.put(RestReader.sha256(octets), octets);
        }
      }
    }
  }

  private static Map<String, byte[]> withoutNul(Map<String, byte[]> messages) {
    Map<String, byte[]> shown = new TreeMap<>();
    for (byte[] octets : messages.values()) {
      byte[] changed = octets.clone();
      IntStream.range(0, changed.length)
          .filter(i -> changed[i] == 0)
          .forEach(i -> changed[i] = (byte) 0x80);
      shown.put(RestReader.sha256(changed), changed);
    }
    return shown;
  }

  private static List<String> digests(Map<String, byte[]> messages) {
    return List.copyOf(messages.keySet());
  }

  private static List<String> fromView(RunningServer server, int expected) throws IOException {
    Map<String, byte[]> messages = new TreeMap<>();
    try (RawImap client = new RawImap(server.imap().getPort(), "lena", "secret")) {
      read(client, messages);
    }
    assertThat(messages).hasSize(expected);
    return digests(messages);
  }
}
