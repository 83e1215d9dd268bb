package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.server.runtime.RunningServer;

/// What the command line shows of attachments, which only a server reads.
class SearchSnippetsIT {

  private static final Duration LONGEST = Duration.ofMinutes(2);

  @TempDir private Path folder;

  private static Octets mail() {
    return Octets.of(
        """
        From: a@example.com
        Subject: report
        MIME-Version: 1.0
        Content-Type: application/rtf; name=report.rtf

        {\\rtf1\\ansi\\pard the hidden zeppelin flies\\par}
        """
            .replace("\n", "\r\n")
            .getBytes(UTF_8));
  }

  @Test
  void theTextOfAnAttachmentIsShownBesideTheServerAndWithoutIt() throws Exception {
    FilledInstallation installation = new FilledInstallation(folder);
    installation.add("INBOX", Stream.of(mail()));
    try (RunningServer server = installation.start()) {
      RestReader rest = new RestReader(server.web(), "lena", FilledInstallation.PASSWORD);
      assertThat(server.awaitSearchable(LONGEST)).isTrue();
      rest.awaitTotal("attachment:zeppelin", 1);
      long end = System.nanoTime() + LONGEST.toNanos();
      while (installation.run("search", "attachment:zeppelin", "--snippets") != 0
          || installation.out().isEmpty()) {
        assertThat(System.nanoTime()).as(installation.err()).isLessThan(end);
        Thread.sleep(500);
      }
      assertThat(installation.out()).contains("report.rtf: the hidden zeppelin flies");
    }
    assertThat(installation.run("search", "attachment:zeppelin", "--snippets")).isZero();
    assertThat(installation.out()).contains("report.rtf: the hidden zeppelin flies");
  }
}
