package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where everything is kept.
///
/// @param path the data folder
/// @param encryption where the root key is, which lies outside the data folder
public record ArchiveConfig(Path path, EncryptionConfig encryption) {

  /// @throws BadValueException when the root key would lie with what it protects
  public ArchiveConfig {
    if (encryption instanceof EncryptionConfig.KeyFile key && key.file().startsWith(path)) {
      throw new BadValueException(
          "encryption/keyFile",
          key.file()
              + " is inside archive.path: whoever copies the archive would have its key, too");
    }
  }

  @JsonCreator
  static ArchiveConfig of(
      @JsonProperty("path") @Nullable String path,
      @JsonProperty("encryption") @Nullable EncryptionConfig encryption) {
    return new ArchiveConfig(
        Path.of(path == null ? "data" : path),
        encryption == null ? EncryptionConfig.of(null, null, false) : encryption);
  }

  /// With paths relative to `folder` and the values of variables.
  ArchiveConfig in(Path folder, Function<String, @Nullable String> environment) {
    return new ArchiveConfig(folder.resolve(path).normalize(), encryption.in(folder, environment));
  }
}
