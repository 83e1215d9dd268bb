package org.muniment.server.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.Shell;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;

/// The day after: a real server is captured, another one, empty, gets everything back, and an
/// independent client compares the two.
class RestoreIT {

  private static final int LARGE = 30_000_000;

  @TempDir Path before;
  @TempDir Path after;
  @TempDir Path data;

  @Test
  void everyMessageFlagDateAndFolderOfOneServerIsOnTheOther() throws Exception {
    Requires.dovecot();
    Shell shell = new Shell(data.resolve("config.yml"));
    Map<String, List<String>> expected;
    try (Dovecot old = Dovecot.start(before)) {
      SampleMaildir mail = new SampleMaildir(old.maildir("lena"), 21);
      mail.fill("", 200, 2_000);
      mail.add("", "FS", mail.ofLength(LARGE));
      mail.fill(".Projekte.&ANw-bersicht", 20, 500);
      mail.fill(".Sent", 30, 500);
      mail.fill(".A &- B", 2, 500);
      Dovecot.own(old.maildir("lena"));
      configure(old.port());
      expected = content(old.port());
      assertThat(shell.run("capture", "lena")).as(shell.err()).isZero();
    }
    try (Dovecot fresh = Dovecot.start(after)) {
      String to = "imap://lena@127.0.0.1:" + fresh.port();
      assertThat(restore(shell, to, "--dry-run")).as(shell.err()).isZero();
      assertThat(shell.out()).contains("253 messages");
      assertThat(restore(shell, to)).as(shell.out() + shell.err()).isZero();
      assertThat(shell.out()).endsWith("restored 253 of 253, identical 253\n");
      assertThat(content(fresh.port())).isEqualTo(expected);
      assertThat(restore(shell, to)).isZero();
      assertThat(content(fresh.port())).isEqualTo(expected);
    }
  }

  private static int restore(Shell shell, String to, String... more) {
    List<String> line =
        new ArrayList<>(List.of("restore", "--account", "lena", "--to", to, "--password-stdin"));
    line.addAll(List.of(more));
    return shell.runWith(Dovecot.PASSWORD + "\n", line.toArray(String[]::new));
  }

  private void configure(int port) throws IOException {
    Files.writeString(
        data.resolve("config.yml"),
        Shell.FREE_PORTS
            + """
            accounts:
              - name: lena
                source: { type: imap, host: 127.0.0.1, port: %d, security: none, username: lena, password: %s }
            """
                .formatted(port, Dovecot.PASSWORD));
  }

  /// By mailbox, in order: flags, date and octets of each message.
  private static Map<String, List<String>> content(int port) throws IOException {
    Map<String, List<String>> content = new TreeMap<>();
    try (RawImap judge = new RawImap(port, "lena", Dovecot.PASSWORD)) {
      for (RawImap.Line listed : judge.command("LIST \"\" \"*\"")) {
        if (listed.text().contains("\\Noselect")) {
          continue;
        }
        String name = listed.text().substring(listed.text().indexOf("\"/\" ") + 4);
        List<String> messages = new ArrayList<>();
        judge.command("EXAMINE " + name);
        for (RawImap.Line line : judge.command("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])")) {
          if (line.text().contains("FETCH (")) {
            messages.add(message(line));
          }
        }
        content.put(name, messages);
      }
    }
    return content;
  }

  private static String message(RawImap.Line line) {
    String octets =
        line.literals().isEmpty()
            ? ""
            : new String(line.literals().getFirst(), StandardCharsets.ISO_8859_1);
    String text = line.text();
    return text.substring(text.indexOf("FLAGS"), text.indexOf(" BODY[]"))
            .replace(" \\Recent", "")
            .replace("\\Recent", "")
        + " "
        + octets.length()
        + " "
        + octets.hashCode();
  }
}
