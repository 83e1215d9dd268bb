package org.muniment.server.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.Shell;
import org.muniment.server.capture.fixture.Dovecot;
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
      expected = Drill.content(old.port());
      assertThat(shell.run("capture", "lena")).as(shell.err()).isZero();
    }
    try (Dovecot fresh = Dovecot.start(after)) {
      String to = "imap://lena@127.0.0.1:" + fresh.port();
      assertThat(restore(shell, to, "--dry-run")).as(shell.err()).isZero();
      assertThat(shell.out()).contains("253 messages");
      assertThat(restore(shell, to)).as(shell.out() + shell.err()).isZero();
      assertThat(shell.out()).endsWith("restored 253 of 253, identical 253\n");
      assertThat(Drill.content(fresh.port())).isEqualTo(expected);
      assertThat(restore(shell, to)).isZero();
      assertThat(Drill.content(fresh.port())).isEqualTo(expected);
    }
  }

  @Test
  @Tag("slow")
  void theDrillWithManyMessagesPasses() throws Exception {
    Requires.dovecot();
    long seed = System.nanoTime();
    assertThat(Drill.run(data, 5_000, seed, System.out)).as("seed %d", seed).isTrue();
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
}
