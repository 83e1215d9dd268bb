package org.muniment.server.view.imap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.FreePorts;
import org.muniment.server.capture.fixture.Requires;

/// Thunderbird without a screen, with a profile of its own: what it shows, what it complains about,
/// and what its log says that it sent.
@Tag("slow")
class ThunderbirdIT {

  private static final int MESSAGES = 40;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// No sound, no news, no look for other servers; what is asked of every user is answered.
  private static final Map<String, Object> PREFERENCES =
      Map.of(
          "app.use_without_mail_account", true,
          "app.update.enabled", false,
          "datareporting.policy.dataSubmissionEnabled", false,
          "mail.provider.suppress_dialog_on_startup", true,
          "mail.shell.checkDefaultClient", false,
          "mailnews.database.global.indexer.enabled", false,
          "mailnews.start_page.enabled", false,
          "network.captive-portal-service.enabled", false,
          "network.connectivity-service.enabled", false,
          "toolkit.telemetry.enabled", false);

  /// What every script begins with.
  private static final String PREAMBLE =
      """
      const {MailServices} =
        ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
      const {setTimeout} = ChromeUtils.importESModule("resource://gre/modules/Timer.sys.mjs");
      const until = async what => {
        for (let i = 0; i < 600 && !what(); i++) {
          await new Promise(resolve => setTimeout(resolve, 100));
        }
        return what();
      };
      const win = Services.wm.getMostRecentWindow("mail:3pane");
      const panes = win.document.getElementById("tabmail").currentAbout3Pane;
      const server = () => MailServices.accounts.findServer("alice", "127.0.0.1", "imap");
      const inbox = () => server().rootFolder.getFolderWithFlags(Ci.nsMsgFolderFlags.Inbox);
      """;

  private final FakeArchive archive = new FakeArchive();
  private final MailboxId inbox = archive.mailbox("INBOX");
  private ImapListener server;
  private Process process;
  private Marionette thunderbird;

  @TempDir private Path folder;

  @BeforeEach
  void start() throws Exception {
    Requires.program("thunderbird", "thunderbird");
    for (int i = 1; i <= MESSAGES; i++) {
      archive.append(inbox, message(i), i % 2 == 0 ? new String[] {"\\Seen"} : new String[0]);
    }
    archive.mailbox(FakeArchive.ALICE, Set.of("\\Sent"), List.of("Gesendet"));
    archive.mailbox("Entw\u00fcrfe", "2017");
    server = TestServer.of(archive);
    int port = FreePorts.next();
    Path profile = Files.createDirectory(folder.resolve("profile"));
    List<String> preferences = new ArrayList<>();
    PREFERENCES.forEach((name, value) -> preferences.add(preference(name, value)));
    preferences.add(preference("marionette.port", port));
    Files.write(profile.resolve("user.js"), preferences);
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                "thunderbird",
                "--headless",
                "--no-remote",
                "--marionette",
                "--remote-allow-system-access",
                "--profile",
                profile.toString()));
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("MOZ_LOG", "IMAP:5,sync");
    builder.environment().put("MOZ_LOG_FILE", folder.resolve("imap").toString());
    process =
        builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile()).start();
    thunderbird = new Marionette(port, PATIENCE);
  }

  private static String preference(String name, Object value) {
    return "user_pref(\"" + name + "\", " + value + ");";
  }

  @AfterEach
  void stop() throws Exception {
    if (thunderbird != null) {
      thunderbird.close();
    }
    if (process != null) {
      process.destroy();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    if (server != null) {
      server.close();
    }
  }

  private static String message(int number) {
    return String.join(
        "\r\n",
        "From: Person " + number + " <p" + number + "@example.org>",
        "To: alice@example.org",
        "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= " + number,
        "Date: Thu, 20 Jul 2017 10:00:" + (10 + number) + " +0200",
        "Message-ID: <" + number + "@example.org>",
        "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=b",
        "",
        "--b",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        "Words of letter " + number + ".",
        "--b",
        "Content-Type: application/pdf; name=r.pdf",
        "Content-Disposition: attachment; filename=r.pdf",
        "Content-Transfer-Encoding: base64",
        "",
        "JVBERi0=",
        "--b--",
        "");
  }

  private JsonNode run(String body, Object... arguments) throws IOException {
    return thunderbird.run(PREAMBLE + body, arguments);
  }

  @Test
  void itShowsAllAndDoesNotComplain() throws Exception {
    addAccount();
    assertThat(run(FOLDERS).toString())
        .isEqualTo("[\"Entw\u00fcrfe\",\"Entw\u00fcrfe/2017\",\"Gesendet\",\"INBOX\"]");
    assertThat(run(OPEN_INBOX, MESSAGES).asInt()).isEqualTo(MESSAGES);
    assertThat(run(READ, "Gr\u00fc\u00dfe 7").asText()).contains("Words of letter 7.");
    assertThat(run(READ, "Gr\u00fc\u00dfe 23").asText()).contains("Words of letter 23.");
    assertThat(run(SEARCH, "letter 9").toString()).isEqualTo("[\"Gr\u00fc\u00dfe 9\"]");

    archive.append(inbox, message(MESSAGES + 1));
    assertThat(run(OPEN_INBOX, MESSAGES + 1).asInt()).as("told by IDLE").isEqualTo(MESSAGES + 1);
    assertThat(run("return win.alerts;").toString()).isEqualTo("[]");
    assertThat(seenByAlice()).contains("7", "23");
    assertLog();
  }

  private void addAccount() throws IOException {
    run(
        """
        win.alerts = [];
        MailServices.mailSession.addUserFeedbackListener({
          onAlert(message) { win.alerts.push(message); return true; },
          onCertError() { win.alerts.push("certificate"); return true; },
        });
        const incoming = MailServices.accounts.createIncomingServer("alice", "127.0.0.1", "imap");
        incoming.port = args[0];
        incoming.password = "secret";
        incoming.setBoolValue("autosync_offline_stores", false);
        incoming.QueryInterface(Ci.nsIImapIncomingServer).offlineDownload = false;
        const account = MailServices.accounts.createAccount();
        account.incomingServer = incoming;
        const identity = MailServices.accounts.createIdentity();
        identity.email = "alice@example.org";
        account.addIdentity(identity);
        """,
        server.address().getPort());
  }

  private static final String FOLDERS =
      """
      server().performExpand(null);
      const folders = () => server().rootFolder.descendants;
      await until(() => folders().length >= 4);
      return folders().map(f => decodeURIComponent(f.URI).split("/").slice(3).join("/")).sort();
      """;

  private static final String OPEN_INBOX =
      """
      if (panes.gFolder != inbox()) {
        panes.displayFolder(inbox().URI);
      }
      await until(() => panes.gDBView?.rowCount == args[0]);
      return panes.gDBView?.rowCount;
      """;

  private static final String READ =
      """
      const subject = args[0];
      const view = panes.gDBView;
      const row = [...Array(view.rowCount).keys()]
        .find(i => view.getMsgHdrAt(i).mime2DecodedSubject == subject);
      panes.threadTree.selectedIndex = row;
      const text = () => {
        const message = panes.messageBrowser.contentWindow;
        return message.msgLoaded && message.gMessage?.mime2DecodedSubject == subject
          ? message.getMessagePaneBrowser().contentDocument.body.textContent : "";
      };
      await until(() => text().includes("Words"));
      await until(() => view.getMsgHdrAt(row).isRead);
      return text();
      """;

  private static final String SEARCH =
      """
      const session = Cc["@mozilla.org/messenger/searchSession;1"]
        .createInstance(Ci.nsIMsgSearchSession);
      session.addScopeTerm(Ci.nsMsgSearchScope.onlineMail, inbox());
      const term = session.createTerm();
      term.attrib = Ci.nsMsgSearchAttrib.Body;
      term.op = Ci.nsMsgSearchOp.Contains;
      const value = term.value;
      value.attrib = term.attrib;
      value.str = args[0];
      term.value = value;
      session.appendTerm(term);
      const hits = [];
      await new Promise(resolve => {
        session.registerListener({
          onNewSearch() {},
          onSearchHit(header) { hits.push(header.mime2DecodedSubject); },
          onSearchDone: resolve,
        });
        session.search(win.msgWindow);
      });
      return hits;
      """;

  private List<String> seenByAlice() throws IOException {
    try (TestClient client = TestClient.signedIn(server.address())) {
      client.command("EXAMINE INBOX");
      return List.of(client.command("SEARCH SEEN").getFirst().split(" "));
    }
  }

  /// Nothing was refused but the folder for what is deleted, of which there is no word to the user,
  /// and nothing asked again and again.
  private void assertLog() throws IOException {
    List<String> sent = lines(":SendData: ");
    List<String> refused =
        lines("FromSocket: ").stream()
            .filter(line -> line.matches("[0-9]+ (NO|BAD) .*"))
            .map(line -> line.substring(0, line.indexOf(' ') + 1))
            .flatMap(tag -> sent.stream().filter(command -> command.startsWith(tag)))
            .toList();
    assertThat(refused).hasSizeLessThan(2).allMatch(line -> line.endsWith("create \"Trash\""));
    assertThat(sent).anyMatch(line -> line.contains("COMPRESS DEFLATE"));
    assertThat(sent).anyMatch(line -> line.matches("[0-9]+ (?i)UID SEARCH .*BODY.*"));
    assertThat(sent).anyMatch(line -> line.matches("[0-9]+ IDLE"));
    assertThat(sent.stream().filter(line -> line.contains("authenticate")).count())
        .isLessThanOrEqualTo(5);
    assertThat(sent.stream().filter(line -> line.contains("BODY.PEEK[HEADER.FIELDS")).count())
        .isLessThanOrEqualTo(3);
    assertThat(sent).hasSizeLessThan(120);
  }

  /// What the log says behind a word.
  private List<String> lines(String word) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var files = Files.newDirectoryStream(folder, "imap*")) {
      for (Path file : files) {
        for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
          int at = line.indexOf(word);
          if (at >= 0) {
            lines.add(line.substring(at + word.length()));
          }
        }
      }
    }
    return lines;
  }
}
