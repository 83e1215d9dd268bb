package org.muniment.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Settings;

class DataFolderTest {

  @TempDir private Path folder;

  @Test
  void everyFolderIsForItsOwnerOnlyWhereverItLies() throws Exception {
    DataFolder.prepare(settings());
    for (String made : new String[] {"data", "data/run", "data/tmp", "apart/index"}) {
      assertThat(permissions(made)).as(made).isEqualTo("rwx------");
    }
  }

  @Test
  void whatOthersCouldReadIsClosedToThem() throws Exception {
    for (String open : new String[] {"data", "apart/index"}) {
      Files.createDirectories(folder.resolve(open));
      Files.setPosixFilePermissions(
          folder.resolve(open), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    DataFolder.prepare(settings());
    assertThat(permissions("data")).isEqualTo("rwx------");
    assertThat(permissions("apart/index")).isEqualTo("rwx------");
  }

  @Test
  void aFolderOfSomebodyElseIsLeftAsItIs() throws Exception {
    Files.createDirectories(folder.resolve("data"));
    Files.setPosixFilePermissions(
        folder.resolve("data"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("data/letter.txt"), "dear");
    assertThatThrownBy(() -> DataFolder.prepare(settings()))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("holds other files");
    assertThat(permissions("data")).isEqualTo("rwxr-xr-x");
    assertThat(folder.resolve("data/run")).doesNotExist();
  }

  private Settings settings() throws Exception {
    Path config = folder.resolve("config.yml");
    return ConfigFile.load(Files.writeString(config, "index: { path: apart/index }"), n -> null);
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name)));
  }
}
