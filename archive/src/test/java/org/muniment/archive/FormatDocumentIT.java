package org.muniment.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.muniment.archive.Samples.KEYS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.crypto.SoftwareRootKey;
import org.muniment.archive.event.ContentId;

/// The judge is a shell that runs the lines of the format document; and what the document shows as
/// samples is in the golden archive.
class FormatDocumentIT {

  private static final Path DOCUMENT = Path.of("../docs/archive-format.md");
  private static final Path GOLDEN = Path.of("src/test/resources/golden/1");

  @TempDir Path folder;

  enum Suite {
    ENCRYPTED,
    PLAIN
  }

  @BeforeAll
  static void requireTools() {
    boolean installed =
        Stream.of("zstd", "openssl").allMatch(t -> Files.isExecutable(Path.of("/usr/bin", t)));
    assumeTrue(installed || "true".equals(System.getenv("CI")), "zstd and openssl are missing");
  }

  /// In a segment: lines of base64, narrow and without the last end; a long stretch as it is; a
  /// part of two frames; octets that are no text. In a journal: a part that lies in a segment.
  @ParameterizedTest
  @EnumSource
  void aStrangerExtractsMessagesAndProvesThem(Suite suite) throws Exception {
    Path directory = folder.resolve("archive");
    boolean encrypted = suite == Suite.ENCRYPTED;
    Map<ContentId, byte[]> messages =
        GoldenArchive.make(directory, encrypted ? KEYS : RootKeys.NONE, encrypted ? 0 : 250);
    List<ContentId> ids = List.copyOf(messages.keySet());
    for (int message : encrypted ? List.of(3, 4, 7, 10) : List.of(9, 10)) {
      ContentId id = ids.get(message);
      List<String> out = run(directory, id);
      assertThat(out.removeFirst()).isEqualTo(id.toString());
      assertThat(out.removeFirst()).isEqualTo(out.removeFirst()).hasSize(64);
      assertThat(out.removeFirst()).isEqualTo(out.removeFirst()).hasSize(44);
      assertThat(out.removeFirst()).isEqualTo("Signature Verified Successfully");
      assertThat(out).hasSize(4);
      assertThat(out.subList(0, 2)).isEqualTo(out.subList(2, 4));
      assertThat(folder.resolve("tmp").resolve(work()).resolve("message.eml"))
          .hasBinaryContent(requireNonNull(messages.get(id)));
    }
  }

  /// The folder that the lines made for themselves last.
  private String work() throws IOException {
    try (var folders = Files.list(folder.resolve("tmp"))) {
      List<Path> made = new ArrayList<>(folders.toList());
      assertThat(made).hasSize(1);
      return made.getFirst().getFileName().toString();
    }
  }

  private List<String> run(Path directory, ContentId id) throws Exception {
    Path temporary = folder.resolve("tmp");
    delete(temporary);
    Files.createDirectory(temporary);
    Path script =
        Files.writeString(folder.resolve("lines.sh"), String.join("", blocks("sh")), UTF_8);
    ProcessBuilder builder =
        new ProcessBuilder("bash", script.toString())
            .directory(directory.toFile())
            .redirectErrorStream(true);
    byte[] key = ((SoftwareRootKey) KEYS.current()).octets();
    builder.environment().put("ROOT", HexFormat.of().formatHex(key));
    builder.environment().put("ID", id.toString());
    builder.environment().put("TMPDIR", temporary.toString());
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return new ArrayList<>(out.lines().toList());
  }

  private static void delete(Path tree) throws IOException {
    if (Files.exists(tree)) {
      try (var files = Files.walk(tree)) {
        for (Path file : files.toList().reversed()) {
          Files.delete(file);
        }
      }
    }
  }

  /// A sample of octets names its file, then in each line an offset, the octets there, and what
  /// they are.
  @Test
  void theOctetsShownAreThoseOfTheGoldenArchive() throws IOException {
    List<String> samples = blocks("hex");
    assertThat(samples).hasSizeGreaterThanOrEqualTo(2);
    for (String sample : samples) {
      List<String> lines = sample.lines().toList();
      String file = HexFormat.of().formatHex(Files.readAllBytes(GOLDEN.resolve(lines.getFirst())));
      for (String line : lines.subList(1, lines.size())) {
        String[] fields = line.split(" +", 3);
        assertThat(file.substring(2 * Integer.parseInt(fields[0]))).as(line).startsWith(fields[1]);
      }
    }
  }

  @Test
  void theTextsShownAreThoseOfTheGoldenArchive() throws IOException {
    for (String sample : blocks("text")) {
      assertThat(golden()).as(sample).anyMatch(text -> text.contains(sample.strip()));
    }
  }

  @Test
  void theJsonShownIsThatOfTheGoldenArchive() throws IOException {
    List<String> samples = blocks("json");
    assertThat(samples).hasSizeGreaterThanOrEqualTo(5);
    for (String sample : samples) {
      assertThat(golden()).as(sample).anyMatch(text -> text.contains(sample.strip()));
    }
  }

  /// What is clear in the golden archives, and what the frames of the plain one hold.
  private static List<String> golden() throws IOException {
    List<String> texts = new ArrayList<>();
    for (String name : List.of("encrypted", "plain")) {
      try (var files = Files.walk(GOLDEN.resolve(name))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          texts.add(new String(Files.readAllBytes(file), UTF_8));
        }
      }
    }
    texts.addAll(GoldenArchive.texts(GOLDEN.resolve("plain")));
    return texts;
  }

  /// The blocks of a language in the document, in order.
  private static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    StringBuilder block = null;
    for (String line : Files.readAllLines(DOCUMENT)) {
      if (line.equals("```" + language)) {
        block = new StringBuilder();
      } else if (block != null && line.equals("```")) {
        blocks.add(block.toString());
        block = null;
      } else if (block != null) {
        block.append(line).append('\n');
      }
    }
    return blocks;
  }
}
