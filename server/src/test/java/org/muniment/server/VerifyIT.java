package org.muniment.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.store.Progress;
import org.muniment.archive.verify.Scope;
import org.muniment.archive.verify.Verifier;
import org.muniment.server.runtime.ArchiveKeys;
import org.muniment.server.runtime.Installation;

/// The command `verify` over an archive with a segment and a journal.
class VerifyIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SEGMENT = "segments/0000000001";

  @TempDir Path folder;
  private FilledInstallation installation;
  private Path archive;

  @BeforeEach
  void fill() throws Exception {
    installation = new FilledInstallation(folder);
    archive = installation.data().resolve("archive");
    installation.add("INBOX", 12, 3_000);
    assertThat(installation.run("seal", "--retire")).as(installation.err()).isZero();
    installation.add("Sent", 5, 3_000);
  }

  @Test
  void aSoundArchiveIsSoundInWordsAndInSignedJson() throws Exception {
    assertThat(installation.run("verify")).as(installation.out()).isZero();
    assertThat(installation.out())
        .matches("sound {4}[0-9]+ log entries, 17 messages, [0-9.]+ kB\n");
    assertThat(installation.run("verify", "--json")).isZero();
    assertThat(report().path("sound").asBoolean()).isTrue();
    assertThat(report().path("messages").asInt()).isEqualTo(17);
    assertThat(JSON.readTree(installation.out()).path("signature").asText()).hasSize(88);
  }

  @Test
  void whatIsDamagedIsNamedWithFileAndOffset() throws Exception {
    installation.damage(SEGMENT);
    assertThat(installation.run("verify")).isEqualTo(1);
    assertThat(installation.out().lines())
        .anyMatch(line -> line.startsWith("WRONG    " + SEGMENT + " at offset "))
        .last()
        .asString()
        .matches("[1-9][0-9]* WRONG  .*");
    assertThat(installation.run("verify", "--json")).isEqualTo(1);
    assertThat(report().path("sound").asBoolean(true)).isFalse();
    assertThat(report().path("findings"))
        .anySatisfy(
            finding -> {
              assertThat(finding.path("file").asText()).isEqualTo(SEGMENT);
              assertThat(finding.path("offset").asLong()).isPositive();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = {"keys/log", "FORMAT"})
  void whatIsFoundIsToldAlsoWhereItCannotBeSigned(String file) throws Exception {
    Files.writeString(archive.resolve(file), "nonsense");
    assertThat(installation.run("verify")).as(installation.err()).isEqualTo(1);
    assertThat(installation.out()).contains("WRONG    " + file);
    assertThat(installation.run("verify", "--json")).as(installation.err()).isEqualTo(1);
    assertThat(installation.err()).contains("the report is not signed").contains(file);
    assertThat(report().path("findings").path(0).path("file").asText()).isEqualTo(file);
  }

  @Test
  void aDamagedFormatIsFoundAlsoWhereNothingIsEncrypted() throws Exception {
    Shell shell =
        new Shell(
            Files.writeString(
                folder.resolve("plain.yml"),
                "archive: { path: plain, encryption: { off: true } }"));
    assertThat(shell.run("init")).as(shell.err()).isZero();
    assertThat(shell.run("verify")).as(shell.out()).isZero();
    Files.writeString(folder.resolve("plain/archive/FORMAT"), "nonsense");
    assertThat(shell.run("verify")).as(shell.err()).isEqualTo(1);
    assertThat(shell.out()).contains("WRONG    FORMAT");
  }

  @Test
  void onlyWhatCameSinceACheckpointIsReadAgain() throws Exception {
    Path earlier = Files.copy(archive.resolve("log/checkpoint"), folder.resolve("earlier"));
    long size = keepCheckpoint();
    installation.add("Later", 4, 3_000);
    installation.damage(SEGMENT);
    for (String since : List.of(earlier.toString(), Long.toString(size))) {
      assertThat(installation.run("verify", "--since", since, "--json"))
          .as(installation.out())
          .isZero();
      // Four messages and their mailbox.
      assertThat(report().path("leaves").asInt()).isEqualTo(5);
    }
    assertThat(installation.run("verify")).isEqualTo(1);
  }

  @Test
  void whatIsNoCheckpointIsWrongUse() throws Exception {
    String missing = folder.resolve("missing").toString();
    String nonsense = Files.writeString(folder.resolve("nonsense"), "nonsense").toString();
    for (String since : List.of("77", missing, nonsense)) {
      assertThat(installation.run("verify", "--since", since)).as(since).isEqualTo(2);
      assertThat(installation.err()).contains("no checkpoint").contains("verify --help");
    }
    assertThat(installation.run("verify", "--against", missing)).isEqualTo(2);
    assertThat(installation.err()).contains("there is no checkpoint " + missing);
    assertThat(installation.run("verify", "--against", nonsense)).isEqualTo(1);
    assertThat(installation.out())
        .contains("checkpoint 1 from outside: expected a checkpoint signed by this log");
  }

  @Test
  void anArchiveThatWasSetBackDiffersFromTheCheckpointInHand() throws Exception {
    Path copy = folder.resolve("copy");
    copy(archive, copy);
    installation.add("Later", 4, 3_000);
    String inHand =
        Files.copy(archive.resolve("log/checkpoint"), folder.resolve("in-hand")).toString();
    assertThat(installation.run("verify", "--against", inHand)).as(installation.out()).isZero();

    Files.move(archive, folder.resolve("newer"));
    copy(copy, archive);
    assertThat(installation.run("verify")).as(installation.out()).isZero();
    assertThat(installation.run("verify", "--against", inHand)).isEqualTo(1);
    assertThat(installation.out()).contains("WRONG    log/checkpoint").contains("was set back");
  }

  @Test
  void anInterruptedRunGoesOnWhereItWas() throws Exception {
    for (String mailbox : List.of("A", "B", "C")) {
      installation.add(mailbox, 3, 3_000);
      assertThat(installation.run("seal", "--retire")).isZero();
    }
    Path resume = installation.data().resolve("run/verify.jsonl");
    Progress interrupting =
        (done, octets) -> {
          if (!readSegments(resume).isEmpty()) {
            throw new IllegalStateException("interrupted");
          }
        };
    assertThatThrownBy(
            () ->
                Verifier.verify(
                    archive,
                    ArchiveKeys.of(installation.settings()),
                    Scope.ALL.resume(resume),
                    interrupting))
        .hasMessageContaining("interrupted");
    // Met only by a run from the beginning: what was read already is not read again.
    installation.damage(readSegments(resume).getFirst());
    assertThat(installation.run("verify", "--resume")).as(installation.out()).isZero();
    assertThat(resume).doesNotExist();
    assertThat(installation.run("verify", "--resume")).isEqualTo(1);
    assertThat(resume).doesNotExist();
  }

  @Test
  void anArchiveThatCameBackFromACopyCanBeVerifiedInPieces() throws Exception {
    Files.delete(installation.data().resolve("run"));
    assertThat(installation.run("verify", "--resume")).as(installation.err()).isZero();
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(installation.data().resolve("run"))))
        .isEqualTo("rwx------");
  }

  private JsonNode report() throws IOException {
    return JSON.readTree(installation.out()).path("report");
  }

  /// Names of the segments that an interrupted run has read.
  private static List<String> readSegments(Path resume) {
    try {
      return Files.readAllLines(resume).stream()
          .filter(line -> line.contains("\"segments/"))
          .map(line -> line.replaceAll(".*\"(segments/[0-9]+)\".*", "$1"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Changes an octet in the middle, where the attachments are.
  ///
  /// @return its size
  private long keepCheckpoint() throws Exception {
    try (Installation open = Installation.open(installation.settings(), line -> {});
        ArchiveWriter writer = open.archive().writer(open.catalogue())) {
      return writer.keepCheckpoint().checkpoint().size();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
