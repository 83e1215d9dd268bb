package org.muniment.server.runtime;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.crypto.SoftwareRootKey;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.LocalDisk;
import org.muniment.server.config.EncryptionConfig;
import org.muniment.server.config.Settings;

/// The root keys of the archive that config.yml names, from where it says they are.
public final class ArchiveKeys {

  private static final String LOG_KEY = "log";

  private ArchiveKeys() {}

  /// The keys of an archive that exists; none when it is not encrypted.
  ///
  /// @throws CannotStartException when there is no archive, or its keys are not where config.yml
  ///   says
  public static RootKeys of(Settings settings) throws IOException, CannotStartException {
    Installation.requireArchive(settings);
    String needed = needed(settings);
    if (needed == null && !encrypted(settings)) {
      return RootKeys.NONE;
    }
    String encrypted =
        "the archive in "
            + settings.archiveFolder()
            + " is encrypted"
            + (needed == null ? "" : " under root key " + needed);
    EncryptionConfig encryption = settings.archive().encryption();
    RootKeys keys =
        read(settings)
            .orElseThrow(
                () -> new CannotStartException(encrypted + ", and " + missing(encryption)));
    if (needed != null && keys.find(needed) == null) {
      throw new CannotStartException(encrypted + ", and config.yml leads to " + keys + " only");
    }
    return keys;
  }

  /// The keys of an archive that is about to be made; a key file is made where there is none.
  ///
  /// @param say told what is made, and what to do with it
  static RootKeys forNew(Settings settings, Consumer<String> say)
      throws IOException, CannotStartException {
    EncryptionConfig encryption = settings.archive().encryption();
    Optional<RootKeys> keys = read(settings);
    if (keys.isPresent()) {
      return keys.get();
    }
    return switch (encryption) {
      case EncryptionConfig.KeyFile key -> make(new RootKeyFile(key.file()), say);
      case EncryptionConfig.KeyVariable key ->
          throw new CannotStartException(
              "an archive is to be made, and "
                  + missing(key)
                  + "; a new key: export "
                  + key.name()
                  + "=\"muniment-root-key-1:$(openssl rand -hex 32)\"");
      case EncryptionConfig.Off off -> {
        say.accept("the new archive is not encrypted (archive.encryption.off in config.yml)");
        yield RootKeys.NONE;
      }
    };
  }

  private static RootKeys make(RootKeyFile file, Consumer<String> say)
      throws IOException, CannotStartException {
    RootKeys keys = RootKeys.generate(new SecureRandom());
    file.create(keys);
    say.accept(
        "made a root key in "
            + file
            + ": without it nobody can read the archive. Copy it elsewhere now:"
            + " \"scripts/muniment key export\"");
    return keys;
  }

  /// Makes the key file anew from a key that was exported.
  ///
  /// @return the name of the file
  /// @throws CannotStartException when there is one, or the archive needs another key
  public static String restore(Settings settings, SoftwareRootKey key)
      throws IOException, CannotStartException {
    if (!(settings.archive().encryption() instanceof EncryptionConfig.KeyFile config)) {
      throw new CannotStartException(
          "config.yml names no key file: archive.encryption.keyFile says where to make one");
    }
    String needed = Archive.exists(settings.archiveFolder()) ? needed(settings) : key.id();
    if (!key.id().equals(needed)) {
      throw new CannotStartException(
          "these are the words of root key "
              + key.id()
              + ", and the archive "
              + (needed == null ? "is not encrypted" : "needs root key " + needed));
    }
    RootKeyFile file = new RootKeyFile(config.file());
    file.create(RootKeys.of(key));
    return file.toString();
  }

  /// What is damaged is for those to name who open the archive or verify it.
  private static boolean encrypted(Settings settings) throws IOException {
    byte[] format = new LocalDisk(settings.archiveFolder()).read(FormatFile.NAME);
    try {
      return format != null && FormatFile.read(format).encrypted();
    } catch (CorruptArchiveException e) {
      return false;
    }
  }

  /// The id of the root key that the archive's log key is wrapped under; null when it is not
  /// encrypted, or its log key is damaged.
  private static @Nullable String needed(Settings settings) throws IOException {
    LocalDisk disk = new LocalDisk(settings.archiveFolder());
    return new FileKeys(disk, RootKeys.NONE).rootKeyId(LOG_KEY);
  }

  private static Optional<RootKeys> read(Settings settings)
      throws IOException, CannotStartException {
    return switch (settings.archive().encryption()) {
      case EncryptionConfig.KeyFile key -> new RootKeyFile(key.file()).read();
      case EncryptionConfig.KeyVariable key ->
          key.keys() == null
              ? Optional.empty()
              : Optional.of(parse(key.name(), key.keys().value()));
      case EncryptionConfig.Off off -> Optional.empty();
    };
  }

  private static RootKeys parse(String variable, String keys) throws CannotStartException {
    try {
      return RootKeys.parse(keys);
    } catch (IllegalArgumentException e) {
      throw new CannotStartException(
          "the environment variable " + variable + " holds no root key: " + e.getMessage(), e);
    }
  }

  private static String missing(EncryptionConfig encryption) {
    return switch (encryption) {
      case EncryptionConfig.KeyFile key ->
          "its key file "
              + key.file()
              + " is not there: bring it back from a copy, or make it from its words with"
              + " \"scripts/muniment key restore\"";
      case EncryptionConfig.KeyVariable key ->
          "the environment variable "
              + key.name()
              + ", which holds its root key by config.yml, is not set";
      case EncryptionConfig.Off off ->
          "config.yml says archive.encryption.off: name its key file or variable instead";
    };
  }
}
