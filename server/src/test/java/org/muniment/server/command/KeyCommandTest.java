package org.muniment.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeyWords;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.crypto.SoftwareRootKey;
import org.muniment.archive.store.WriterLock;

class KeyCommandTest {

  private static final Pattern WORD =
      Pattern.compile("\\b[bdfghj-nprstvz][aiou][bdfghj-nprstvz]" + "[aiou][bdfghj-nprstvz]\\b");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Map<String, String> environment = new HashMap<>();

  @TempDir private Path folder;
  private Path config;
  private Path keyFile;

  @BeforeEach
  void write() throws Exception {
    keyFile = folder.resolve("muniment.key");
    config = configure("{ keyFile: muniment.key }");
  }

  private Path configure(String encryption) throws Exception {
    return Files.writeString(
        folder.resolve("config.yml"), "archive: { encryption: " + encryption + " }\n");
  }

  @Test
  void initMakesAKeyForItsOwnerOnlyAndSaysWhereAndToCopyIt() throws Exception {
    assertThat(run("", "init")).isZero();
    assertThat(text(out))
        .contains("made a root key in " + keyFile)
        .contains("Copy it elsewhere now: \"scripts/muniment key export\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(folder.resolve("data/archive/keys/log")))
        .startsWith("muniment wrapped key 1\nroot " + keys().current().id());
  }

  @Test
  void initUsesAKeyThatIsThere() throws Exception {
    assertThat(run("", "init")).isZero();
    byte[] before = Files.readAllBytes(keyFile);
    configure("{ keyFile: muniment.key }, path: other");
    assertThat(run("", "init")).isZero();
    assertThat(text(out)).contains("made a new archive in " + folder.resolve("other/archive"));
    assertThat(Files.readAllBytes(keyFile)).isEqualTo(before);
  }

  @Test
  void theWordsThatAreExportedConfirmTheCopy() throws Exception {
    assertThat(run("", "init")).isZero();
    assertThat(status().path("confirmed").isNull()).isTrue();
    assertThat(status().path("text").asText()).contains("NO COPY IS CONFIRMED");
    List<String> words = exported();
    assertThat(words).isEqualTo(RootKeyWords.of((SoftwareRootKey) keys().current()).words());

    assertThat(run(String.join("\n", words) + "\n\n", "key", "confirm")).isZero();
    assertThat(text(out)).contains("a copy of root key " + keys().current().id() + " is confirmed");
    assertThat(status().path("confirmed").asText()).startsWith("20");
    assertThat(run("", "status")).isZero();
    assertThat(text(out))
        .contains("root key   " + keys().current().id() + ", a copy was confirmed");
  }

  @Test
  void aWrongWordIsNamedAndConfirmsNothing() throws Exception {
    assertThat(run("", "init")).isZero();
    List<String> words = exported();
    words.set(6, words.get(6).equals("zuzuz") ? "babab" : "zuzuz");
    assertThat(run(String.join(" ", words), "key", "confirm")).isEqualTo(1);
    assertThat(text(out)).contains("NOT CONFIRMED").contains("look at word 7");
    words.set(2, "word");
    assertThat(run(String.join(" ", words), "key", "confirm")).isEqualTo(1);
    assertThat(text(out)).contains("NOT CONFIRMED: word 3 is none of a root key's");
    assertThat(run("", "key", "confirm")).isEqualTo(1);
    assertThat(text(out)).contains("a root key has 17 words, and these are 0");
    String other =
        String.join(" ", RootKeyWords.of(SoftwareRootKey.generate(new SecureRandom())).words());
    assertThat(run(other, "key", "confirm")).isEqualTo(1);
    assertThat(text(out)).contains("these are the words of root key ");
    assertThat(status().path("confirmed").isNull()).isTrue();
  }

  @Test
  void aLostKeyFileIsNamedAndNothingIsTouched() throws Exception {
    assertThat(run("", "init")).isZero();
    String id = keys().current().id();
    Files.delete(keyFile);
    for (String command : List.of("status", "search x", "key export", "key rotate", "init")) {
      assertThat(run("", command.split(" ", -1))).as(command).isEqualTo(3);
    }
    assertThat(text(err))
        .hasLineCount(1)
        .contains("is encrypted under root key " + id)
        .contains("its key file " + keyFile + " is not there");
    assertThat(keyFile).doesNotExist();
  }

  @Test
  void theWordsBringALostKeyFileBack() throws Exception {
    assertThat(run("", "init")).isZero();
    String words = String.join(" ", exported());
    String text = keys().text();
    assertThat(run(words, "key", "restore")).isEqualTo(3);
    assertThat(text(err)).contains("there is a key file " + keyFile + " already");
    Files.delete(keyFile);
    String other =
        String.join(" ", RootKeyWords.of(SoftwareRootKey.generate(new SecureRandom())).words());
    assertThat(run(other, "key", "restore")).isEqualTo(3);
    assertThat(text(err)).contains("and the archive needs root key");
    assertThat(run("some words", "key", "restore")).isEqualTo(3);
    assertThat(keyFile).doesNotExist();
    assertThat(run(words, "key", "restore")).isZero();
    assertThat(keys().text()).isEqualTo(text);
    assertThat(run("", "status")).isZero();
  }

  @Test
  void aKeyFileThatOthersCanReadIsRefused() throws Exception {
    assertThat(run("", "init")).isZero();
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(run("", "status")).isEqualTo(3);
    assertThat(text(err)).hasLineCount(1).contains("chmod 600 " + keyFile);
  }

  @Test
  void afterARotationTheNewKeyHasToBeConfirmed() throws Exception {
    assertThat(run("", "init")).isZero();
    assertThat(run(String.join(" ", exported()), "key", "confirm")).isZero();
    String before = keys().current().id();
    assertThat(run("", "key", "rotate")).isZero();
    assertThat(text(out)).contains("under root key " + keys().current().id());
    assertThat(keys().all()).hasSize(1);
    assertThat(keys().current().id()).isNotEqualTo(before);
    assertThat(status().path("id").asText()).isEqualTo(keys().current().id());
    assertThat(status().path("confirmed").isNull()).isTrue();
  }

  @Test
  void aKeyOfAnotherArchiveIsNeitherUsedNorExported() throws Exception {
    assertThat(run("", "init")).isZero();
    String id = keys().current().id();
    RootKeys other = RootKeys.generate(new SecureRandom());
    Files.writeString(keyFile, other.text());
    for (String command : List.of("status", "key export", "key confirm", "key rotate")) {
      assertThat(run("", command.split(" ", -1))).as(command).isEqualTo(3);
      assertThat(text(err)).hasLineCount(1).contains(id).contains(other.current().id());
    }
  }

  @Test
  void inTheMiddleOfARotationNoKeyIsExported() throws Exception {
    assertThat(run("", "init")).isZero();
    RootKeys fresh = RootKeys.generate(new SecureRandom());
    Files.writeString(keyFile, fresh.text() + keys().text());
    assertThat(run("", "status")).isZero();
    for (String work : List.of("export", "confirm")) {
      assertThat(run("", "key", work)).isEqualTo(3);
      assertThat(text(err)).contains("more than one root key is given");
    }
    assertThat(run("", "key", "rotate")).isZero();
    assertThat(text(out)).contains("that ends a rotation which was cut short");
    assertThat(keys().text()).isEqualTo(fresh.text());
    assertThat(run("", "key", "export")).isZero();
  }

  @Test
  void nothingIsRotatedWhileSomebodyWrites() throws Exception {
    assertThat(run("", "init")).isZero();
    byte[] before = Files.readAllBytes(keyFile);
    try (WriterLock _ = WriterLock.acquire(folder.resolve("data/archive/lock"))) {
      assertThat(run("", "key", "rotate")).isEqualTo(3);
    }
    assertThat(text(err)).hasLineCount(1).contains("end the server, rotate, start it again");
    assertThat(Files.readAllBytes(keyFile)).isEqualTo(before);
  }

  @Test
  void aVariableHoldsTheKeyAndRotatesUnderItsFirst() throws Exception {
    configure("{ keyVariable: ROOT }");
    assertThat(run("", "init")).isEqualTo(3);
    assertThat(text(err))
        .hasLineCount(1)
        .contains("the environment variable ROOT")
        .contains("export ROOT=\"muniment-root-key-1:$(openssl rand -hex 32)\"");
    assertThat(folder.resolve("data/archive")).doesNotExist();

    RootKeys old = RootKeys.generate(new SecureRandom());
    RootKeys fresh = RootKeys.generate(new SecureRandom());
    environment.put("ROOT", old.text());
    assertThat(run("", "init")).isZero();
    assertThat(run("", "key", "rotate")).isZero();
    assertThat(text(out)).contains("set ROOT to NEW,OLD");
    environment.put("ROOT", fresh.text().strip() + "," + old.text().strip());
    assertThat(run("", "key", "rotate")).isZero();
    assertThat(text(out)).contains("ROOT needs the first key only now");
    environment.put("ROOT", old.text());
    assertThat(run("", "status")).isEqualTo(3);
    assertThat(text(err)).contains(fresh.current().id());
    environment.put("ROOT", fresh.text());
    assertThat(run("", "status")).isZero();
    assertThat(keyFile).doesNotExist();

    environment.put("ROOT", "nonsense");
    assertThat(run("", "status")).isEqualTo(3);
    assertThat(text(err)).contains("ROOT holds no root key").doesNotContain("nonsense");
  }

  @Test
  void anArchiveThatIsNotEncryptedHasNoKey() throws Exception {
    configure("{ off: true }");
    assertThat(run("", "init")).isZero();
    assertThat(text(out)).contains("the new archive is not encrypted");
    assertThat(Files.readString(folder.resolve("data/archive/keys/log")))
        .startsWith("muniment key 1\n");
    assertThat(status().path("id").isNull()).isTrue();
    for (String work : List.of("export", "confirm", "rotate")) {
      assertThat(run("", "key", work)).isEqualTo(3);
      assertThat(text(err)).contains("is not encrypted");
    }
    configure("{ keyFile: muniment.key }");
    assertThat(run("", "status")).isZero();
    assertThat(keyFile).doesNotExist();
  }

  @Test
  void anEncryptedArchiveIsNotReadAsAnotherByAWrongConfiguration() throws Exception {
    assertThat(run("", "init")).isZero();
    configure("{ off: true }");
    assertThat(run("", "status")).isEqualTo(3);
    assertThat(text(err)).contains("config.yml says archive.encryption.off");
  }

  @Test
  void withoutAnArchiveThereIsNoKeyToExport() {
    assertThat(run("", "key", "export")).isEqualTo(3);
    assertThat(text(err)).contains("there is no archive in");
    assertThat(keyFile).doesNotExist();
  }

  private RootKeys keys() throws Exception {
    return RootKeys.parse(Files.readString(keyFile));
  }

  private List<String> exported() {
    assertThat(run("", "key", "export")).isZero();
    List<String> lines = text(out).lines().filter(line -> line.startsWith("  ")).toList();
    return new ArrayList<>(
        lines.stream()
            .filter(line -> Character.isDigit(line.charAt(3)))
            .flatMap(line -> WORD.matcher(line).results().map(found -> found.group()))
            .toList());
  }

  private JsonNode status() throws Exception {
    assertThat(run("", "status", "--json")).isZero();
    return new ObjectMapper().readTree(text(out)).path("rootKey");
  }

  private int run(String input, String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    List<String> line = new ArrayList<>(List.of("--config", config.toString()));
    line.addAll(List.of(arguments));
    return new CommandLine(console, environment::get).run(line);
  }

  private static String text(ByteArrayOutputStream octets) {
    return octets.toString(StandardCharsets.UTF_8);
  }
}
