package org.muniment.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.crypto.RootKeys;

class RootKeyFileTest {

  private final RootKeys keys = RootKeys.generate(new SecureRandom());

  @TempDir private Path folder;

  @Test
  void theFileIsForItsOwnerOnlyAndSaysWhatItIs() throws Exception {
    Path file = folder.resolve("new/muniment.key");
    assertThat(new RootKeyFile(file).read()).isEmpty();
    new RootKeyFile(file).create(keys);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file).content().startsWith("# The root key of a Muniment archive.");
    assertThat(new RootKeyFile(file).read().orElseThrow().text()).isEqualTo(keys.text());
    assertThat(file.getParent()).isDirectoryNotContaining(other -> !other.equals(file));
  }

  @Test
  void noKeyIsOverwritten() throws Exception {
    Path file = folder.resolve("muniment.key");
    new RootKeyFile(file).create(keys);
    RootKeys other = RootKeys.generate(new SecureRandom());
    assertThatThrownBy(() -> new RootKeyFile(file).create(other))
        .isInstanceOf(CannotStartException.class)
        .hasMessage("there is a key file " + file + " already");
    assertThat(new RootKeyFile(file).read().orElseThrow().text()).isEqualTo(keys.text());
    assertThat(folder).isDirectoryNotContaining(left -> !left.equals(file));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
  void aFileThatOthersCanUseIsRefused(String permissions) throws Exception {
    Path file = folder.resolve("muniment.key");
    new RootKeyFile(file).create(keys);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> new RootKeyFile(file).read())
        .isInstanceOf(CannotStartException.class)
        .hasMessage(
            "the key file %s is not for its owner only (%s): chmod 600 %s"
                .formatted(file, permissions, file));
  }

  @Test
  void aDamagedFileIsNamedAndNotRepeated() throws Exception {
    Path file = folder.resolve("muniment.key");
    new RootKeyFile(file).create(keys);
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() - 2));
    assertThatThrownBy(() -> new RootKeyFile(file).read())
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("the key file " + file + " is damaged: line 3 is no root key")
        .hasMessageNotContaining(text.substring(text.length() - 12, text.length() - 2));
  }

  @Test
  void whereTheFileIsALinkWhatItLeadsToIsReplaced() throws Exception {
    Path file = folder.resolve("muniment.key");
    new RootKeyFile(file).create(keys);
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    RootKeys other = RootKeys.generate(new SecureRandom());
    new RootKeyFile(link).replace(other);
    assertThat(link).isSymbolicLink();
    assertThat(new RootKeyFile(file).read().orElseThrow().text()).isEqualTo(other.text());
  }
}
