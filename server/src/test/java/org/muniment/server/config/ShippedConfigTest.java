package org.muniment.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The file that is shipped says all there is, and nothing that is not.
class ShippedConfigTest {

  private static final Path SHIPPED = Path.of("../config.yml");

  @TempDir private Path folder;

  @Test
  void theShippedFileHasNoLiveAccountAndTheDefaults() throws Exception {
    Settings shipped = ConfigFile.load(SHIPPED, name -> null);
    Path empty = Files.writeString(folder.resolve("config.yml"), "");
    Settings defaults = ConfigFile.load(empty, name -> null);

    assertThat(shipped.accounts()).isEmpty();
    assertThat(shipped.imap()).isEqualTo(defaults.imap());
    assertThat(shipped.capture()).isEqualTo(defaults.capture()).isEqualTo(CaptureConfig.DEFAULT);
    assertThat(shipped.results()).isEqualTo(defaults.results()).isEqualTo(ResultsConfig.DEFAULT);
    assertThat(shipped.restore()).isEqualTo(defaults.restore()).isEqualTo(RestoreConfig.DEFAULT);
    assertThat(shipped.publish()).isEmpty();
    assertThat(shipped.publishSchedule()).isEqualTo(defaults.publishSchedule());
    assertThat(keyFileName(shipped)).isEqualTo(keyFileName(defaults)).isEqualTo("muniment.key");
    assertThat(shipped.archive().path().getFileName())
        .isEqualTo(defaults.archive().path().getFileName());
  }

  private static String keyFileName(Settings settings) {
    return ((EncryptionConfig.KeyFile) settings.archive().encryption())
        .file()
        .getFileName()
        .toString();
  }

  @Test
  void everyKeyThatIsCommentedOutIsKnown() throws Exception {
    Settings all = ConfigFile.load(uncommented(), name -> "secret");

    assertThat(all.accounts()).hasSize(1);
    assertThat(all.accounts().getFirst().source())
        .isEqualTo(
            new SourceConfig.Imap(
                "imap.example.com", 993, SourceConfig.Security.TLS, "alice", new Secret("secret")));
    assertThat(all.catalogue().file().endsWith("data/catalogue.db")).isTrue();
    assertThat(all.index().path().endsWith("data/index")).isTrue();
    assertThat(all.publish())
        .extracting(TargetConfig::name)
        .containsExactly(
            "folder /mnt/elsewhere/muniment",
            "post https://witness.example.org/checkpoints",
            "mail to auditor@example.org");
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyIsDocumented(String key) throws Exception {
    assertThat(Files.readAllLines(SHIPPED))
        .as("a line of config.yml for the key %s", key)
        .anyMatch(line -> words(line).equals(key + ":"));
  }

  static Stream<String> keys() {
    Stream<Class<?>> records =
        Stream.of(
            ArchiveConfig.class,
            EncryptionConfig.class,
            AccountConfig.class,
            AccountConfig.Folders.class,
            AccountLimits.class,
            CaptureConfig.class,
            DeleteAtSource.class,
            CatalogueConfig.class,
            ImapConfig.class,
            IndexConfig.class,
            RestoreConfig.class,
            ResultsConfig.class,
            SourceConfig.Imap.class,
            TargetConfig.class,
            TargetConfig.Mail.class);
    return Stream.concat(
            ConfigFile.KEYS.stream(), records.flatMap(type -> Keys.of(type).keySet().stream()))
        .distinct();
  }

  /// The key that a line begins with, commented out or not.
  private static String words(String line) {
    String text = line.strip();
    while (text.startsWith("#") || text.startsWith("-")) {
      text = text.substring(1).strip();
    }
    return text.split(" ", 2)[0];
  }

  /// The shipped file with its examples made live: lines of the form `#key:` and `# ...`.
  private Path uncommented() throws Exception {
    String text =
        Files.readAllLines(SHIPPED).stream()
            .map(line -> line.equals("accounts: []") ? "accounts:" : line)
            .map(line -> line.equals("publish: []") ? "publish:" : line)
            .map(line -> isExample(line) ? line.substring(1) : line)
            .collect(Collectors.joining("\n"));
    return Files.writeString(folder.resolve("all.yml"), text);
  }

  private static boolean isExample(String line) {
    return line.startsWith("#  ") || (line.startsWith("#") && !line.startsWith("# "));
  }
}
