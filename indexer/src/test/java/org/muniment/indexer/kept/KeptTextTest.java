package org.muniment.indexer.kept;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.FoldedText;
import org.muniment.indexer.text.HeaderLines;

class KeptTextTest {

  private static final String NEEDLE = "Xylophone";

  @TempDir Path directory;

  private final RootKeys keys = RootKeys.generate(new SecureRandom());

  private static ContentId id(String text) {
    try {
      return ContentId.sha256(new ByteArrayInputStream(text.getBytes(UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeptDocument document(String version, ExtractionStatus status) {
    return new KeptDocument(
        id("document"),
        version,
        new Extraction(
            status, "because", "application/pdf", List.of("a", "ä"), "de", NEEDLE + " über alles"));
  }

  private static void fill(KeptText kept) throws IOException {
    kept.put(document("1", ExtractionStatus.OK));
    kept.link(id("one"), new PartPath(List.of(1, 2)), 1, id("document"));
    kept.link(id("two"), new PartPath(List.of(2)), 0, id("document"));
    kept.put(List.of(kept.seal(1, id("one"), folded("text"))));
  }

  private static FoldedText folded(String text) {
    return new FoldedText(
        List.of(new HeaderLines.Line("Subject", NEEDLE), new HeaderLines.Line("", "")),
        List.of("inner"),
        List.of(text, ""),
        List.of("NAME"));
  }

  private static Map<Integer, FoldedText> texts(KeptText kept, Map<Integer, ContentId> messages)
      throws IOException {
    Map<Integer, FoldedText> texts = new HashMap<>();
    kept.forEach(messages, texts::put);
    return texts;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsKeptIsThereAgain(boolean sealed) throws IOException {
    RootKeys used = sealed ? keys : RootKeys.NONE;
    try (KeptText kept = KeptText.open(directory, used)) {
      fill(kept);
    }
    try (KeptText kept = KeptText.open(directory, used)) {
      assertThat(kept.document(id("document"))).contains(document("1", ExtractionStatus.OK));
      assertThat(kept.parts(id("one")))
          .containsExactly(
              new KeptPart(
                  new PartPath(List.of(1, 2)), 1, id("document"), "1", ExtractionStatus.OK));
      assertThat(kept.parts(id("two"))).hasSize(1);
      assertThat(texts(kept, Map.of(1, id("one"), 2, id("two"))))
          .isEqualTo(Map.of(1, folded("text")));
      assertThat(texts(kept, Map.of(1, id("another")))).isEmpty();
    }
  }

  @Test
  void aLaterReadingTakesThePlaceOfAnEarlierOne() throws IOException {
    try (KeptText kept = KeptText.open(directory, keys)) {
      kept.put(document("1", ExtractionStatus.TIMEOUT));
      kept.link(id("one"), new PartPath(List.of(2)), 0, id("document"));
      assertThat(kept.parts(id("one")).getFirst().standsFor("1")).isTrue();
      assertThat(kept.parts(id("one")).getFirst().standsFor("2")).isFalse();
      kept.put(document("2", ExtractionStatus.OK));
      assertThat(kept.parts(id("one")).getFirst().standsFor("3")).isTrue();
    }
  }

  @Test
  void nothingOfASealedTextIsInTheFiles() throws IOException {
    try (KeptText kept = KeptText.open(directory, keys)) {
      fill(kept);
      for (String name : List.of("text.db", "text.db-wal")) {
        assertThat(new String(Files.readAllBytes(directory.resolve(name)), UTF_8))
            .doesNotContain(NEEDLE)
            .doesNotContain("because")
            .doesNotContain("pdf");
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(directory.resolve(name))))
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aValueStandsForItsOwnRowOnly() throws Exception {
    try (KeptText kept = KeptText.open(directory, keys)) {
      fill(kept);
      kept.put(List.of(kept.seal(2, id("two"), folded("other"))));
    }
    execute(
        "UPDATE message SET value = (SELECT value FROM message WHERE number = 2) WHERE number = 1");
    try (KeptText kept = KeptText.open(directory, keys)) {
      assertThat(texts(kept, Map.of(1, id("one"), 2, id("two"))))
          .isEqualTo(Map.of(2, folded("other")));
    }
  }

  private void execute(String sql) throws Exception {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("text.db"));
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeUpdate(sql)).isPositive();
    }
  }

  @Test
  void aDamagedValueIsAsIfItWereNotThere() throws Exception {
    try (KeptText kept = KeptText.open(directory, RootKeys.NONE)) {
      fill(kept);
    }
    execute("UPDATE document SET value = x'0102030405060708090a0b0c0d0e0f'");
    execute("UPDATE message SET value = substr(value, 1, 20)");
    try (KeptText kept = KeptText.open(directory, RootKeys.NONE)) {
      assertThat(kept.document(id("document"))).isEmpty();
      assertThat(texts(kept, Map.of(1, id("one")))).isEmpty();
    }
  }

  @Test
  void aDamagedFileBeginsAnew() throws IOException {
    fillAndDamage();
    beginsAnew(keys);
  }

  private void fillAndDamage() throws IOException {
    try (KeptText kept = KeptText.open(directory, keys)) {
      fill(kept);
    }
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("text.db").toFile(), "rw")) {
      file.write("no database of anybody".getBytes(UTF_8));
    }
  }

  private void beginsAnew(RootKeys used) throws IOException {
    try (KeptText kept = KeptText.open(directory, used)) {
      assertThat(kept.document(id("document"))).isEmpty();
      fill(kept);
      assertThat(kept.document(id("document"))).isPresent();
    }
  }

  @Test
  void aDamagedFileIsMovedAside() throws IOException {
    fillAndDamage();
    beginsAnew(keys);
    assertThat(Files.readAllBytes(directory.resolve("aside/text.db")))
        .startsWith("no database of anybody".getBytes(UTF_8));
    assertThat(directory.resolve("aside/text")).exists();
  }

  @Test
  void whatCannotBeOpenedForNowStaysAsItIs() throws IOException {
    try (KeptText kept = KeptText.open(directory, keys)) {
      fill(kept);
    }
    Path file = directory.resolve("text.db");
    byte[] octets = Files.readAllBytes(file);
    Path elsewhere = directory.resolve("elsewhere");
    Files.move(file, elsewhere);
    Files.createDirectory(file);
    assertThatThrownBy(() -> KeptText.open(directory, keys))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file.toString());
    assertThat(file).isDirectory();
    assertThat(directory.resolve("keys/text")).exists();
    Files.delete(file);
    Files.move(elsewhere, file);
    assertThat(file).hasBinaryContent(octets);
    try (KeptText kept = KeptText.open(directory, keys)) {
      assertThat(kept.document(id("document"))).isPresent();
    }
  }

  @Test
  void eachFileHasAnIdOfItsOwnAndKeepsIt() throws IOException {
    String first = idOf(directory.resolve("a"));
    assertThat(idOf(directory.resolve("a"))).isEqualTo(first);
    assertThat(idOf(directory.resolve("b"))).isNotEqualTo(first).hasSameSizeAs(first);
  }

  private String idOf(Path folder) throws IOException {
    try (KeptText kept = KeptText.open(folder, keys)) {
      kept.makeDurable();
      return kept.id();
    }
  }

  @Test
  void whatWasMadeDurableIsInTheFilesWhenTheProcessIsGone() throws IOException {
    Path copy = Files.createDirectories(directory.resolve("copy"));
    try (KeptText kept = KeptText.open(directory, RootKeys.NONE)) {
      fill(kept);
      kept.makeDurable();
      for (String name : List.of("text.db", "text.db-wal")) {
        Files.copy(directory.resolve(name), copy.resolve(name));
      }
    }
    try (KeptText kept = KeptText.open(copy, RootKeys.NONE)) {
      assertThat(kept.document(id("document"))).isPresent();
    }
  }

  @Test
  void whatAnotherKeySealedBeginsAnew() throws IOException {
    try (KeptText kept = KeptText.open(directory, keys)) {
      fill(kept);
    }
    beginsAnew(RootKeys.generate(new SecureRandom()));
    beginsAnew(RootKeys.NONE);
    beginsAnew(keys);
  }

  @Test
  void withoutItsKeyItBeginsAnew() throws IOException {
    try (KeptText kept = KeptText.open(directory, keys)) {
      fill(kept);
    }
    Files.delete(directory.resolve("keys/text"));
    assertThat(KeptText.openExisting(directory, keys)).isEmpty();
    beginsAnew(keys);
  }

  @Test
  void aRotatedRootKeyOpensItStill() throws IOException {
    try (KeptText kept = KeptText.open(directory, keys)) {
      fill(kept);
    }
    RootKeys fresh = RootKeys.generate(new SecureRandom());
    assertThat(KeptText.rewrap(directory, RootKeys.of(fresh.current(), keys.current())))
        .isEqualTo(1);
    try (KeptText kept = KeptText.open(directory, fresh)) {
      assertThat(kept.document(id("document"))).isPresent();
    }
  }

  @Test
  void anotherProcessReadsWhileOneWrites() throws IOException {
    assertThat(KeptText.openExisting(directory, keys)).isEmpty();
    try (KeptText kept = KeptText.open(directory, keys);
        KeptText other = KeptText.openExisting(directory, keys).orElseThrow()) {
      fill(kept);
      assertThat(other.document(id("document"))).isPresent();
    }
  }

  @Test
  void aClosedOneSaysSo() throws IOException {
    KeptText kept = KeptText.open(directory, keys);
    kept.close();
    assertThatThrownBy(() -> kept.document(id("document"))).isInstanceOf(IOException.class);
  }

  @Test
  void thousandsOfMessagesAreKeptASecond() throws IOException {
    String text = "A mail of usual length says this and that of many things. ".repeat(50);
    try (KeptText kept = KeptText.open(directory, keys)) {
      long began = System.nanoTime();
      for (int batch = 0; batch < 10; batch++) {
        List<SealedText> messages = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
          messages.add(kept.seal(batch * 500 + i, id(batch + "/" + i), folded(text + i)));
        }
        kept.put(messages);
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      System.out.printf("kept text: %,.0f messages/s%n", 5_000 / seconds);
      assertThat(seconds).isLessThan(20);
      assertThat(texts(kept, Map.of(4999, id("9/499")))).containsValue(folded(text + 499));
    }
  }
}
