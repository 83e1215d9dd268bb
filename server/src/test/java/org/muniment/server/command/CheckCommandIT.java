package org.muniment.server.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.ProgramChild;
import org.muniment.server.capture.fixture.ScriptedServer;

/// The command in a process of its own, as a person runs it.
class CheckCommandIT {

  private static final String PASSWORD = "open-sesame";

  @TempDir Path folder;

  @Test
  void accountsAreCheckedEachApartAndTheExitCodeSaysIfAllIsWell() throws Exception {
    try (ScriptedServer sound = new ScriptedServer(CheckCommandIT::counts);
        ScriptedServer refusing = new ScriptedServer(command -> echo(command))) {
      Files.createDirectories(folder.resolve("accounts.d"));
      Files.writeString(
          folder.resolve("accounts.d/sound.yml"), account("sound", sound.source().port(), ""));
      Files.writeString(
          config(),
          """
          archive: { path: data }
          accounts:
            - %s
            - %s
          """
              .formatted(
                  account("refused", refusing.source().port(), "    "),
                  account("misspelt", 1, "    ").replace(PASSWORD, "${NOBODY_SET_THIS}")));

      String all = run(1, "check");
      assertThat(all)
          .containsSubsequence(
              "refused\n",
              "  sign-in       FAILED [X] AUTHENTICATE PLAIN (secret)",
              "                    -> see username: and the password.",
              "misspelt\n",
              "  configuration FAILED the environment variable NOBODY_SET_THIS",
              "sound\n",
              "  name          OK     127.0.0.1 is 127.0.0.1",
              "  connection    OK     port ",
              "  greeting      OK     * OK ready",
              "  TLS           OK     none: the server is on this machine",
              "  capabilities  OK     IMAP4REV1",
              "  sign-in       OK     eve by LOGIN command",
              "  mailboxes     OK     2, of which 2 are captured",
              "  messages      OK     84 in 2 mailboxes");
      assertThat(run(0, "check", "sound")).startsWith("sound\n").doesNotContain("refused");
      assertThat(run(2, "check", "nobody")).contains("config.yml has no account \"nobody\"");
      assertThat(folder.resolve("data")).doesNotExist();

      // Nor do the other commands, or their logs, tell what a server repeats.
      assertThat(run(1, "capture", "refused")).contains("[X] AUTHENTICATE PLAIN (secret)");
      assertThat(run(1, "status")).contains("refused: INCOMPLETE");
    }
  }

  private static Optional<String> counts(String command) {
    return command.startsWith("STATUS")
        ? Optional.of(
            "* " + command.replaceAll("\\(.*", "(MESSAGES 42 UIDNEXT 50 UIDVALIDITY 9)\r\nOK"))
        : Optional.empty();
  }

  private static Optional<String> echo(String command) {
    return Optional.of(
        command.equals("CAPABILITY")
            ? "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN\r\nOK"
            : "NO [X] " + command);
  }

  private static String account(String name, int port, String indent) {
    return """
        name: %s
        source: { type: imap, host: 127.0.0.1, port: %d, security: none, username: eve, password: "%s" }
        """
        .formatted(name, port, PASSWORD)
        .indent(indent.length())
        .strip();
  }

  private Path config() {
    return folder.resolve("config.yml");
  }

  private String run(int exit, String... command) throws IOException, InterruptedException {
    Path errors = folder.resolve("errors");
    Process child =
        ProgramChild.start(
            List.of(), config(), ProcessBuilder.Redirect.to(errors.toFile()), command);
    String said = new String(child.getInputStream().readAllBytes(), UTF_8);
    String told = said + Files.readString(errors);
    assertThat(child.waitFor()).as(told).isEqualTo(exit);
    assertThat(told)
        .doesNotContain(PASSWORD)
        .doesNotContain(Base64.getEncoder().encodeToString(("\0eve\0" + PASSWORD).getBytes(UTF_8)));
    return told;
  }
}
