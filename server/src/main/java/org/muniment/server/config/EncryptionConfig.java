package org.muniment.server.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where the root key of the archive is, if it has one.
public sealed interface EncryptionConfig {

  /// Beside config.yml.
  String DEFAULT_FILE = "muniment.key";

  /// In a file for its owner only.
  record KeyFile(Path file) implements EncryptionConfig {}

  /// In an environment variable.
  ///
  /// @param keys its value, null where it is not set
  record KeyVariable(String name, @Nullable Secret keys) implements EncryptionConfig {

    /// @throws BadValueException when no variable can have that name, which is not repeated: it may
    ///   be the key
    public KeyVariable {
      boolean word =
          name.chars().allMatch(c -> c == '_' || (c < 128 && Character.isLetterOrDigit(c)));
      if (name.isEmpty() || !word) {
        throw new BadValueException(
            "keyVariable",
            "is no name of an environment variable: letters, digits and _ are allowed");
      }
    }
  }

  /// Nowhere: an archive that is made is not encrypted.
  record Off() implements EncryptionConfig {}

  @JsonCreator
  static EncryptionConfig of(
      @JsonProperty("keyFile") @Nullable String keyFile,
      @JsonProperty("keyVariable") @Nullable String keyVariable,
      @JsonProperty("off") boolean off) {
    if (off) {
      requireAlone("off", keyFile == null && keyVariable == null);
      return new Off();
    }
    if (keyVariable != null) {
      requireAlone("keyVariable", keyFile == null);
      return new KeyVariable(keyVariable, null);
    }
    return new KeyFile(Path.of(keyFile == null ? DEFAULT_FILE : keyFile));
  }

  private static void requireAlone(String key, boolean alone) {
    if (!alone) {
      throw new BadValueException(
          key, "stands beside another: one of keyFile, keyVariable and off: true is allowed");
    }
  }

  /// With paths relative to `folder` and the values of variables.
  default EncryptionConfig in(Path folder, Function<String, @Nullable String> environment) {
    return switch (this) {
      case KeyFile key -> new KeyFile(folder.resolve(key.file()).normalize());
      case KeyVariable key -> {
        String keys = environment.apply(key.name());
        yield new KeyVariable(key.name(), keys == null ? null : new Secret(keys));
      }
      case Off off -> off;
    };
  }
}
