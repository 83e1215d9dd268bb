package org.muniment.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.runtime.RunningServer;

class RebuildIT {

  @TempDir Path folder;

  @Test
  void mailClientsFindEverythingAsItWasWhateverWasSealed() throws Exception {
    FilledInstallation installation = new FilledInstallation(folder);
    installation.add("INBOX", 12, 3_000);
    assertThat(installation.run("seal")).as(installation.err()).isZero();
    installation.add("Sent", 5, 3_000);
    assertThat(installation.run("seal", "--retire")).as(installation.err()).isZero();
    installation.add("Later", 4, 3_000);
    List<String> before = view(installation);
    assertThat(before).hasSizeGreaterThan(21);
    byte[] state = Files.readAllBytes(installation.data().resolve("state.db"));

    delete(installation, "catalogue.db");
    assertThat(installation.run("rebuild")).as(installation.err()).isZero();
    assertThat(installation.out()).contains("catalogue is made anew", "index is made anew");
    assertThat(Files.readAllBytes(installation.data().resolve("state.db"))).isEqualTo(state);
    assertThat(view(installation)).isEqualTo(before);

    assertThat(installation.run("rebuild", "catalogue")).as(installation.err()).isZero();
    assertThat(installation.out()).contains("catalogue").doesNotContain("index");
    assertThat(view(installation)).isEqualTo(before);

    assertThat(installation.run("rebuild", "index")).as(installation.err()).isZero();
    assertThat(installation.run("search", "word", "--json")).as(installation.err()).isZero();
    assertThat(new ObjectMapper().readTree(installation.out()).path("total").asInt()).isEqualTo(21);
  }

  @Test
  void besideTheRunningServerItIsRefusedWithWhatToDo() throws Exception {
    FilledInstallation installation = new FilledInstallation(folder);
    installation.add("INBOX", 3, 3_000);
    try (RunningServer server = installation.start()) {
      assertThat(installation.run("rebuild")).isEqualTo(3);
      assertThat(installation.err()).contains("end the server").hasLineCount(1);
      assertThat(server.installation().catalogue().totals().messages()).isEqualTo(3);
    }
    assertThat(installation.run("rebuild")).as(installation.err()).isZero();
  }

  private static void delete(FilledInstallation installation, String name) throws Exception {
    Files.delete(installation.data().resolve(name));
  }

  /// All that a mail client keeps: mailboxes, UIDs, UIDVALIDITY, and what they hold.
  private static List<String> view(FilledInstallation installation) throws Exception {
    List<String> seen = new ArrayList<>();
    try (RunningServer server = installation.start();
        RawImap client =
            new RawImap(server.imap().getPort(), "lena", FilledInstallation.PASSWORD)) {
      for (String mailbox : List.of("INBOX", "Sent", "Later")) {
        client.command("EXAMINE " + mailbox).forEach(line -> seen.add(line.text()));
        for (RawImap.Line line :
            client.command("UID FETCH 1:* (UID FLAGS INTERNALDATE ENVELOPE BODY.PEEK[])")) {
          seen.add(line.text());
          line.literals().forEach(octets -> seen.add(Arrays.toString(octets)));
        }
      }
    }
    return seen;
  }
}
