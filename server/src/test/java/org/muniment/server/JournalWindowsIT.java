package org.muniment.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.JournalReports;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.runtime.RunningServer;

/// A journal mailbox as people see it: command line, REST, and after everything was made anew.
class JournalWindowsIT {

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
    SampleMaildir journal = new SampleMaildir(dovecot.maildir("journal"), 71);
    journal.add(
        "",
        "",
        JournalReports.report(
            JournalReports.held(1),
            "To: ben@example.org, Expanded: team@example.org",
            "Bcc: dora@hidden.example"));
    journal.add("", "", JournalReports.ordinary(1));
    journal.add("", "", JournalReports.broken(1));
    SampleMaildir ben = new SampleMaildir(dovecot.maildir("ben"), 72);
    ben.add("", "", JournalReports.held(1));
    Dovecot.own(dovecot.maildir("journal"));
    Dovecot.own(dovecot.maildir("ben"));
    config =
        Files.writeString(
            folder.resolve("config.yml"),
            Shell.FREE_PORTS
                + """
                accounts:
                  - name: journal
                    source: { type: imap, host: 127.0.0.1, port: %1$d, security: none, username: journal, password: %2$s }
                    folders: { journal: [INBOX] }
                  - name: ben
                    source: { type: imap, host: 127.0.0.1, port: %1$d, security: none, username: ben, password: %2$s }
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

  private static String held() {
    return RestReader.sha256(JournalReports.held(1));
  }

  private List<String> ids(String query) throws Exception {
    assertThat(shell.run("search", query, "--json")).as(shell.err()).isZero();
    List<String> ids = new ArrayList<>();
    JSON.readTree(shell.out()).path("hits").forEach(hit -> ids.add(hit.path("id").asText()));
    return ids;
  }

  private void requireEverything() throws Exception {
    String ordinary = RestReader.sha256(JournalReports.ordinary(1));
    String broken = RestReader.sha256(JournalReports.broken(1));
    for (String query :
        List.of(
            "bcc:dora@hidden.example",
            "to:team@example.org",
            "recipient:ben@example.org",
            "sender:anna@example.com subject:held")) {
      assertThat(ids(query)).as(query).containsExactly(held());
    }
    assertThat(ids("status:no-report")).containsExactly(ordinary);
    assertThat(ids("status:broken-report")).containsExactly(broken);
    assertThat(shell.run("status")).as(shell.err()).isZero();
    assertThat(shell.out()).contains("journal: 1 reports, 1 other messages", "1 not understood");
    try (RunningServer server = RunningServer.start(ConfigFile.load(config, n -> null), s -> {})) {
      RestReader auditor = reader(server, "journal");
      RestReader ben = reader(server, "ben");
      assertThat(auditor.awaitTotal("bcc:dora", 1)).isEqualTo(1);
      assertThat(auditor.get("api/v1/messages/" + held() + "/raw").body())
          .isEqualTo(JournalReports.held(1));
      requireTold(auditor, ordinary, broken);
      assertThat(ben.awaitTotal("subject:held", 1)).isEqualTo(1);
      for (String query : List.of("bcc:dora", "dora", "recipient:dora", "sender:anna")) {
        assertThat(ben.json("api/v1/search?q=" + query).path("total").asInt()).as(query).isZero();
      }
      assertThat(ben.json("api/v1/messages/" + held()).has("journal")).isFalse();
    }
  }

  private static RestReader reader(RunningServer server, String user) throws Exception {
    if (server.installation().users().list().stream().noneMatch(u -> u.name().equals(user))) {
      server.installation().users().add(new User(user, Role.USER), new Secret("secret"));
    }
    return new RestReader(server.web(), user, "secret");
  }

  private static void requireTold(RestReader auditor, String ordinary, String broken)
      throws Exception {
    JsonNode told = auditor.json("api/v1/messages/" + held()).path("journal");
    assertThat(told).hasSize(1);
    JsonNode sent = told.path(0).path("sent");
    assertThat(told.path(0).path("result").asText()).isEqualTo("report");
    assertThat(sent.path("sender").asText()).isEqualTo("anna@example.com");
    assertThat(sent.path("count").asInt()).isEqualTo(2);
    assertThat(sent.path("recipients").path(0).path("expanded").asText())
        .isEqualTo("team@example.org");
    assertThat(sent.path("recipients").path(1).path("as").asText()).isEqualTo("bcc");
    String report = told.path(0).path("came").asText();
    assertThat(new String(auditor.get("api/v1/messages/" + report + "/raw").body(), ISO_8859_1))
        .contains(new String(JournalReports.held(1), ISO_8859_1));
    assertThat(
            auditor
                .json("api/v1/messages/" + held())
                .path("places")
                .path(0)
                .path("provenance")
                .path("protocol")
                .asText())
        .isEqualTo("journal");
    assertThat(result(auditor, ordinary)).isEqualTo("ordinary");
    assertThat(result(auditor, broken)).isEqualTo("broken");
    assertThat(
            auditor
                .json("api/v1/accounts/journal/receipts")
                .findPath("journal")
                .path("reports")
                .asInt())
        .isEqualTo(1);
  }

  private static String result(RestReader reader, String id) throws Exception {
    return reader.json("api/v1/messages/" + id).path("journal").path(0).path("result").asText();
  }

  @Test
  void whomAReportNamesIsFoundByThoseWhoSeeTheJournalAndByNobodyElse() throws Exception {
    assertThat(shell.run("capture")).as(shell.out() + shell.err()).isZero();
    requireEverything();
    assertThat(shell.run("seal")).as(shell.err()).isZero();
    Files.delete(folder.resolve("data/catalogue.db"));
    assertThat(shell.run("rebuild")).as(shell.err()).isZero();
    requireEverything();
    assertThat(shell.run("capture")).as(shell.out() + shell.err()).isZero();
    assertThat(shell.run("verify")).as(shell.out() + shell.err()).isZero();
    assertThat(ids("")).hasSize(4);
  }
}
