package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureJson;
import org.muniment.indexer.mail.StructureReader;

/// Reads every file of a folder of real mail, named by MUNIMENT_CORPUS.
class CorpusTest {

  private static final Duration LONGEST = Duration.ofSeconds(5);

  @Test
  void everyFileOfTheCorpusIsReadToItsEnd() throws IOException {
    String corpus = System.getenv("MUNIMENT_CORPUS");
    assumeTrue(corpus != null, "MUNIMENT_CORPUS is not set");
    for (Path file : files(corpus)) {
      long begin = System.nanoTime();
      Structure structure = structure(file);
      assertThat(structure.length()).as("%s", file).isEqualTo(Files.size(file));
      assertThat(StructureJson.read(StructureJson.write(structure)))
          .as("%s", file)
          .isEqualTo(structure);
      new MessageText(structure, offset -> open(file, offset)).forEach(section -> true);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("%s", file).isLessThan(LONGEST);
    }
  }

  private static List<Path> files(@Nullable String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder == null ? "." : folder))) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static Structure structure(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return StructureReader.read(in);
    }
  }

  private static InputStream open(Path file, long offset) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(file));
    in.skipNBytes(Math.min(offset, Files.size(file)));
    return in;
  }
}
