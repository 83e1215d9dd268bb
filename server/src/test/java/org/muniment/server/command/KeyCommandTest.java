package org.muniment.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeyWords;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.crypto.SoftwareRootKey;
import org.muniment.archive.store.WriterLock;
import org.muniment.server.Shell;

class KeyCommandTest {

  private static final Pattern WORD =
      Pattern.compile("\\b[bdfghj-nprstvz][aiou][bdfghj-nprstvz]" + "[aiou][bdfghj-nprstvz]\\b");

  @TempDir private Path folder;
  private Path keyFile;
  private Shell shell;

  @BeforeEach
  void write() throws Exception {
    keyFile = folder.resolve("muniment.key");
    shell = new Shell(configure("{ keyFile: muniment.key }"));
  }

  private Path configure(String encryption) throws Exception {
    return Files.writeString(
        folder.resolve("config.yml"), "archive: { encryption: " + encryption + " }\n");
  }

  @Test
  void initMakesAKeyForItsOwnerOnlyAndSaysWhereAndToCopyIt() throws Exception {
    assertThat(shell.run("init")).isZero();
    assertThat(shell.out())
        .contains("made a root key in " + keyFile)
        .contains("Copy it elsewhere now: \"scripts/muniment key export\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(folder.resolve("data/archive/keys/log")))
        .startsWith("muniment wrapped key 1\nroot " + keys().current().id());
  }

  @Test
  void initUsesAKeyThatIsThere() throws Exception {
    assertThat(shell.run("init")).isZero();
    byte[] before = Files.readAllBytes(keyFile);
    configure("{ keyFile: muniment.key }, path: other");
    assertThat(shell.run("init")).isZero();
    assertThat(shell.out()).contains("made a new archive in " + folder.resolve("other/archive"));
    assertThat(Files.readAllBytes(keyFile)).isEqualTo(before);
  }

  @Test
  void theWordsThatAreExportedConfirmTheCopy() throws Exception {
    assertThat(shell.run("init")).isZero();
    assertThat(status().path("confirmed").isNull()).isTrue();
    assertThat(status().path("text").asText()).contains("NO COPY IS CONFIRMED");
    List<String> words = exported();
    assertThat(words).isEqualTo(RootKeyWords.of((SoftwareRootKey) keys().current()).words());

    assertThat(shell.runWith(String.join("\n", words) + "\n\n", "key", "confirm")).isZero();
    assertThat(shell.out())
        .contains("a copy of root key " + keys().current().id() + " is confirmed");
    assertThat(status().path("confirmed").asText()).startsWith("20");
    assertThat(shell.run("status")).isZero();
    assertThat(shell.out())
        .contains("root key   " + keys().current().id() + ", a copy was confirmed");
  }

  @Test
  void aWrongWordIsNamedAndConfirmsNothing() throws Exception {
    assertThat(shell.run("init")).isZero();
    List<String> words = exported();
    words.set(6, words.get(6).equals("zuzuz") ? "babab" : "zuzuz");
    assertThat(shell.runWith(String.join(" ", words), "key", "confirm")).isEqualTo(1);
    assertThat(shell.out()).contains("NOT CONFIRMED").contains("look at word 7");
    words.set(2, "word");
    assertThat(shell.runWith(String.join(" ", words), "key", "confirm")).isEqualTo(1);
    assertThat(shell.out()).contains("NOT CONFIRMED: word 3 is none of a root key's");
    assertThat(shell.run("key", "confirm")).isEqualTo(1);
    assertThat(shell.out()).contains("a root key has 17 words, and these are 0");
    String other =
        String.join(" ", RootKeyWords.of(SoftwareRootKey.generate(new SecureRandom())).words());
    assertThat(shell.runWith(other, "key", "confirm")).isEqualTo(1);
    assertThat(shell.out()).contains("these are the words of root key ");
    assertThat(status().path("confirmed").isNull()).isTrue();
  }

  @Test
  void aLostKeyFileIsNamedAndNothingIsTouched() throws Exception {
    assertThat(shell.run("init")).isZero();
    String id = keys().current().id();
    Files.delete(keyFile);
    for (String command : List.of("status", "search x", "key export", "key rotate", "init")) {
      assertThat(shell.run(command.split(" ", -1))).as(command).isEqualTo(3);
    }
    assertThat(shell.err())
        .hasLineCount(1)
        .contains("is encrypted under root key " + id)
        .contains("its key file " + keyFile + " is not there");
    assertThat(keyFile).doesNotExist();
  }

  @Test
  void theWordsBringALostKeyFileBack() throws Exception {
    assertThat(shell.run("init")).isZero();
    String words = String.join(" ", exported());
    String text = keys().text();
    assertThat(shell.runWith(words, "key", "restore")).isEqualTo(3);
    assertThat(shell.err()).contains("there is a key file " + keyFile + " already");
    Files.delete(keyFile);
    String other =
        String.join(" ", RootKeyWords.of(SoftwareRootKey.generate(new SecureRandom())).words());
    assertThat(shell.runWith(other, "key", "restore")).isEqualTo(3);
    assertThat(shell.err()).contains("and the archive needs root key");
    assertThat(shell.runWith("some words", "key", "restore")).isEqualTo(3);
    assertThat(keyFile).doesNotExist();
    assertThat(shell.runWith(words, "key", "restore")).isZero();
    assertThat(keys().text()).isEqualTo(text);
    assertThat(shell.run("status")).isZero();
  }

  @Test
  void aKeyFileThatOthersCanReadIsRefused() throws Exception {
    assertThat(shell.run("init")).isZero();
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(shell.run("status")).isEqualTo(3);
    assertThat(shell.err()).hasLineCount(1).contains("chmod 600 " + keyFile);
  }

  @Test
  void afterARotationTheNewKeyHasToBeConfirmed() throws Exception {
    assertThat(shell.run("init")).isZero();
    assertThat(shell.runWith(String.join(" ", exported()), "key", "confirm")).isZero();
    String before = keys().current().id();
    assertThat(shell.run("key", "rotate")).isZero();
    assertThat(shell.out()).contains("under root key " + keys().current().id());
    assertThat(keys().all()).hasSize(1);
    assertThat(keys().current().id()).isNotEqualTo(before);
    assertThat(status().path("id").asText()).isEqualTo(keys().current().id());
    assertThat(status().path("confirmed").isNull()).isTrue();
  }

  @Test
  void aKeyOfAnotherArchiveIsNeitherUsedNorExported() throws Exception {
    assertThat(shell.run("init")).isZero();
    String id = keys().current().id();
    RootKeys other = RootKeys.generate(new SecureRandom());
    Files.writeString(keyFile, other.text());
    for (String command : List.of("status", "key export", "key confirm", "key rotate")) {
      assertThat(shell.run(command.split(" ", -1))).as(command).isEqualTo(3);
      assertThat(shell.err()).hasLineCount(1).contains(id).contains(other.current().id());
    }
  }

  @Test
  void inTheMiddleOfARotationNoKeyIsExported() throws Exception {
    assertThat(shell.run("init")).isZero();
    RootKeys fresh = RootKeys.generate(new SecureRandom());
    Files.writeString(keyFile, fresh.text() + keys().text());
    assertThat(shell.run("status")).isZero();
    for (String work : List.of("export", "confirm")) {
      assertThat(shell.run("key", work)).isEqualTo(3);
      assertThat(shell.err()).contains("more than one root key is given");
    }
    assertThat(shell.run("key", "rotate")).isZero();
    assertThat(shell.out()).contains("that ends a rotation which was cut short");
    assertThat(keys().text()).isEqualTo(fresh.text());
    assertThat(shell.run("key", "export")).isZero();
  }

  @Test
  void nothingIsRotatedWhileSomebodyWrites() throws Exception {
    assertThat(shell.run("init")).isZero();
    byte[] before = Files.readAllBytes(keyFile);
    try (WriterLock _ = WriterLock.acquire(folder.resolve("data/archive/lock"))) {
      assertThat(shell.run("key", "rotate")).isEqualTo(3);
    }
    assertThat(shell.err()).hasLineCount(1).contains("end the server, rotate, start it again");
    assertThat(Files.readAllBytes(keyFile)).isEqualTo(before);
  }

  @Test
  void aVariableHoldsTheKeyAndRotatesUnderItsFirst() throws Exception {
    configure("{ keyVariable: ROOT }");
    assertThat(shell.run("init")).isEqualTo(3);
    assertThat(shell.err())
        .hasLineCount(1)
        .contains("the environment variable ROOT")
        .contains("export ROOT=\"muniment-root-key-1:$(openssl rand -hex 32)\"");
    assertThat(folder.resolve("data/archive")).doesNotExist();

    RootKeys old = RootKeys.generate(new SecureRandom());
    RootKeys fresh = RootKeys.generate(new SecureRandom());
    shell.set("ROOT", old.text());
    assertThat(shell.run("init")).isZero();
    assertThat(shell.run("key", "rotate")).isZero();
    assertThat(shell.out()).contains("set ROOT to NEW,OLD");
    shell.set("ROOT", fresh.text().strip() + "," + old.text().strip());
    assertThat(shell.run("key", "rotate")).isZero();
    assertThat(shell.out()).contains("ROOT needs the first key only now");
    shell.set("ROOT", old.text());
    assertThat(shell.run("status")).isEqualTo(3);
    assertThat(shell.err()).contains(fresh.current().id());
    shell.set("ROOT", fresh.text());
    assertThat(shell.run("status")).isZero();
    assertThat(keyFile).doesNotExist();

    shell.set("ROOT", "nonsense");
    assertThat(shell.run("status")).isEqualTo(3);
    assertThat(shell.err()).contains("ROOT holds no root key").doesNotContain("nonsense");
  }

  @Test
  void anArchiveThatIsNotEncryptedHasNoKey() throws Exception {
    configure("{ off: true }");
    assertThat(shell.run("init")).isZero();
    assertThat(shell.out()).contains("the new archive is not encrypted");
    assertThat(Files.readString(folder.resolve("data/archive/keys/log")))
        .startsWith("muniment key 1\n");
    assertThat(status().path("id").isNull()).isTrue();
    for (String work : List.of("export", "confirm", "rotate")) {
      assertThat(shell.run("key", work)).isEqualTo(3);
      assertThat(shell.err()).contains("is not encrypted");
    }
    configure("{ keyFile: muniment.key }");
    assertThat(shell.run("status")).isZero();
    assertThat(keyFile).doesNotExist();
  }

  @Test
  void anEncryptedArchiveIsNotReadAsAnotherByAWrongConfiguration() throws Exception {
    assertThat(shell.run("init")).isZero();
    configure("{ off: true }");
    assertThat(shell.run("status")).isEqualTo(3);
    assertThat(shell.err()).contains("config.yml says archive.encryption.off");
  }

  @Test
  void withoutAnArchiveThereIsNoKeyToExport() {
    assertThat(shell.run("key", "export")).isEqualTo(3);
    assertThat(shell.err()).contains("there is no archive in");
    assertThat(keyFile).doesNotExist();
  }

  private RootKeys keys() throws Exception {
    return RootKeys.parse(Files.readString(keyFile));
  }

  private List<String> exported() {
    assertThat(shell.run("key", "export")).isZero();
    List<String> lines = shell.out().lines().filter(line -> line.startsWith("  ")).toList();
    return new ArrayList<>(
        lines.stream()
            .filter(line -> Character.isDigit(line.charAt(3)))
            .flatMap(line -> WORD.matcher(line).results().map(found -> found.group()))
            .toList());
  }

  private JsonNode status() throws Exception {
    assertThat(shell.run("status", "--json")).isZero();
    return new ObjectMapper().readTree(shell.out()).path("rootKey");
  }
}
