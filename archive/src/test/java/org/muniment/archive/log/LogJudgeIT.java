package org.muniment.archive.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.store.LocalDisk;

/// Go's implementation of transparency logs (Debian packages golang-go and golang-golang-x-mod-dev)
/// judges ours. Needs no network.
class LogJudgeIT {

  private static final String GO_SOURCES = "/usr/share/gocode";
  private static final String ORIGIN = "judged.example/log";

  @TempDir private static Path tools;
  @TempDir private Path folder;
  private final Note.Signer signer = Note.Signer.generate(ORIGIN);

  @BeforeAll
  static void build() throws Exception {
    Path judge = Path.of(GO_SOURCES, "src/golang.org/x/mod/sumdb/tlog");
    boolean installed = Files.isDirectory(judge) && Files.isExecutable(Path.of("/usr/bin/go"));
    assumeTrue(
        installed || "true".equals(System.getenv("CI")),
        "golang-go and golang-golang-x-mod-dev are missing");
    try (InputStream source = LogJudgeIT.class.getResourceAsStream("judge/judge.go")) {
      Files.copy(requireNonNull(source), tools.resolve("judge.go"));
    }
    Outcome built = run(List.of("go", "build", "-o", "judge", "judge.go"));
    assertThat(built.status()).as(built.output()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 255, 256, 257, 700, 66_000})
  void aForeignVerifierFindsCheckpointTilesAndProofsRight(int leaves) throws Exception {
    write(leaves);
    Outcome outcome = judge(signer.verifier());
    assertThat(outcome.status()).as(outcome.output()).isZero();
    assertThat(outcome.output()).startsWith(leaves + " entries, ");
  }

  @Test
  void theForeignVerifierFindsAChangedEntryAChangedHashAndAForeignKey() throws Exception {
    write(700);
    for (String tile : List.of("tile/entries/001", "tile/0/002.p/188", "tile/1/000.p/2")) {
      Path file = folder.resolve("log").resolve(tile);
      byte[] octets = Files.readAllBytes(file);
      octets[octets.length - 1] ^= 1;
      Files.write(file, octets);
      assertThat(judge(signer.verifier()).status()).as(tile).isEqualTo(1);
      octets[octets.length - 1] ^= 1;
      Files.write(file, octets);
    }
    assertThat(judge(Note.Signer.generate(ORIGIN).verifier()).status()).isEqualTo(1);
    assertThat(judge(signer.verifier()).status()).isZero();
  }

  /// Published three times on the way, so that partial tiles have come and gone.
  private void write(int leaves) throws IOException {
    LogWriter log = LogWriter.resume(new LocalDisk(folder), "log/", signer, 0);
    for (int i = 0; i < leaves; i++) {
      if (i > 0 && i % (leaves / 3 + 1) == 0) {
        log.publish();
      }
      log.append(("{\"entry\":" + i + "}").repeat(i % 5 + 1).getBytes(UTF_8));
    }
    log.publish();
  }

  private Outcome judge(Note.Verifier verifier) throws Exception {
    return run(List.of("./judge", folder.resolve("log").toString(), verifier.text()));
  }

  private static Outcome run(List<String> command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command));
    builder.directory(tools.toFile()).redirectErrorStream(true);
    Path output = Files.createTempFile(tools, "output", ".txt");
    builder.redirectOutput(output.toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "GOPATH", GO_SOURCES,
                "GO111MODULE", "off",
                "GOFLAGS", "",
                "GOPROXY", "off",
                "GOCACHE", tools.resolve("cache").toString()));
    Process process = builder.start();
    try {
      assertThat(process.waitFor(150, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readString(output));
  }

  private record Outcome(int status, String output) {}
}
