package org.muniment.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;

/// The command `restore`, to a real server.
@Timeout(120)
class RestoreCommandIT {

  @TempDir Path folder;
  @TempDir Path served;

  private FilledInstallation filled;
  private Dovecot target;

  @BeforeEach
  void start() throws Exception {
    Requires.dovecot();
    filled = new FilledInstallation(folder);
    target = Dovecot.start(served);
  }

  @AfterEach
  void stop() {
    if (target != null) {
      target.close();
    }
  }

  private List<String> command(String... more) {
    String to = "imap://lena:%s@127.0.0.1:%d".formatted(Dovecot.PASSWORD, target.port());
    List<String> line = new ArrayList<>(List.of("restore", "--account", "lena", "--to", to));
    line.addAll(List.of(more));
    return line;
  }

  private int restore(String... more) {
    return filled.run(command(more).toArray(String[]::new));
  }

  /// Number of messages in a mailbox of the target, 0 when there is none.
  private long messages(String mailbox) throws IOException {
    try (RawImap judge = new RawImap(target.port(), "lena", Dovecot.PASSWORD)) {
      return judge.command("EXAMINE " + mailbox).stream()
          .map(RawImap.Line::text)
          .filter(line -> line.endsWith(" EXISTS"))
          .mapToLong(line -> Long.parseLong(line.split(" ", 3)[1]))
          .findFirst()
          .orElse(0);
    }
  }

  private static Stream<Octets> mails(String... subjects) {
    return Stream.of(subjects)
        .map(subject -> "From: a@example.com\r\nSubject: " + subject + "\r\n\r\nbody\r\n")
        .map(text -> Octets.of(text.getBytes(ISO_8859_1)));
  }

  @Test
  void aQueryChoosesAMapRenamesAndTheResultIsJson() throws Exception {
    filled.add("INBOX", mails("apple one", "pear two", "apple three"));
    filled.add("Work/Fruit", mails("apple four", "plum five"));
    filled.add("Other", mails("plum six"));
    String[] options = {"--query", "subject:apple", "--map", "Work=Arbeit", "--json"};
    assertThat(restore(options)).as(filled.err()).isZero();
    JsonNode result = new ObjectMapper().readTree(filled.out());
    assertThat(result.path("complete").asBoolean()).isTrue();
    assertThat(result.path("planned").asInt()).isEqualTo(3);
    assertThat(result.path("identical").asInt()).isEqualTo(3);
    assertThat(result.path("mailboxes").findValuesAsText("target"))
        .containsExactlyInAnyOrder("INBOX", "Arbeit/Fruit");
    assertThat(result.path("failures")).isEmpty();
    Path receipt = Path.of(result.path("receipt").asText());
    assertThat(Files.readAllLines(receipt)).hasSize(5);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(receipt)))
        .isEqualTo("rw-------");
    assertThat(messages("INBOX")).isEqualTo(2);
    assertThat(messages("Arbeit/Fruit")).isEqualTo(1);
  }

  @Test
  void wrongUseIsSaidBeforeAnythingIsSent() throws Exception {
    filled.add("INBOX", mails("one"));
    assertThat(restore("--query", "from:(")).isEqualTo(2);
    assertThat(filled.err()).contains("the query is not understood");
    assertThat(restore("--map", "Work")).isEqualTo(2);
    assertThat(restore("--as-of", "yesterday")).isEqualTo(2);
    assertThat(filled.run("restore", "--to", "imap://a:b@127.0.0.1:1")).isEqualTo(2);
    assertThat(filled.err()).contains("--account is missing");
    assertThat(target.maildir("lena")).doesNotExist();
  }

  @Test
  void aFullTargetIsNamedWithExitCodeOneUntilThereIsRoom() throws Exception {
    filled.add("INBOX", mails("one", "two", "three", "four", "five"));
    target.close();
    target = Dovecot.startWith(served, quota(2));
    assertThat(restore()).as(filled.err()).isEqualTo(1);
    assertThat(filled.err().lines().filter(line -> line.contains("refused"))).hasSize(3);
    assertThat(filled.err()).contains("Quota exceeded");
    assertThat(filled.out()).endsWith("restored 2 of 5, identical 2\n");
    target.close();
    target = Dovecot.startWith(served, quota(9));
    assertThat(restore()).as(filled.err()).isZero();
    assertThat(messages("INBOX")).isEqualTo(5);
  }

  private static String quota(int messages) {
    return """
        mail_plugins = quota
        plugin {
          quota = count:User quota
          quota_vsizes = yes
          quota_rule = *:messages=%d
        }
        """
        .formatted(messages);
  }

  @Test
  void aDamagedMessageIsNamedAndCostsNoOther() throws Exception {
    filled.add("INBOX", 1, 10);
    filled.add("Large", 1, 300_000);
    filled.add("Sent", 1, 10);
    assertThat(filled.run("seal", "--retire")).as(filled.err()).isZero();
    filled.damage("segments/0000000001");
    assertThat(restore()).isEqualTo(1);
    assertThat(filled.err()).contains("it cannot be read from the archive");
    assertThat(filled.out()).endsWith("restored 2 of 3, identical 2\n");
    assertThat(List.of(messages("INBOX"), messages("Large"), messages("Sent")))
        .containsExactly(1L, 0L, 1L);
  }

  @Test
  void stoppedByCtrlCItGoesOnAndDoublesNothing() throws Exception {
    int all = 4_000;
    filled.add("INBOX", all, 6_000);
    Path said = folder.resolve("said");
    // A shell may have begun these tests with SIGINT ignored, which a program inherits.
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT"));
    words.addAll(
        ProgramChild.words(folder.resolve("config.yml"), command().toArray(String[]::new)));
    Process process = ProgramChild.start(words, ProcessBuilder.Redirect.appendTo(said.toFile()));
    while (messages("INBOX") == 0) {
      assertThat(process.isAlive()).as("%s", said).isTrue();
      Thread.sleep(5);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor()).as(Files.readString(said)).isEqualTo(130);
    long first = messages("INBOX");
    assertThat(first).isBetween(1L, all - 1L);
    assertThat(Files.readString(receipt())).contains("not sent").contains(" of " + all);

    assertThat(restore()).as(filled.err()).isZero();
    assertThat(filled.out()).endsWith("restored %d of %d, identical %d\n".formatted(all, all, all));
    assertThat(messages("INBOX")).isEqualTo(all);
  }

  private Path receipt() throws IOException {
    return filled.files("restores").stream()
        .filter(name -> name.endsWith(".txt"))
        .map(name -> filled.data().resolve("restores").resolve(name))
        .findFirst()
        .orElseThrow();
  }
}
