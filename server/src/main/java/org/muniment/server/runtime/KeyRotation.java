package org.muniment.server.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.muniment.archive.Archive;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.crypto.SoftwareRootKey;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.WriterLock;
import org.muniment.indexer.kept.KeptText;
import org.muniment.server.config.EncryptionConfig;
import org.muniment.server.config.Settings;

/// Puts a new root key in place of the old one: every key of the archive is wrapped anew, its data
/// stays as it is. The new key is durable before anything is wrapped under it, and the old one is
/// kept until nothing is; what a crash cut short is ended by the next rotation.
public final class KeyRotation {

  private final Disk archive;
  private final Path text;

  /// @param archive the folder of an archive to which nobody writes
  /// @param text the folder of the text that is kept beside it
  KeyRotation(Disk archive, Path text) {
    this.archive = archive;
    this.text = text;
  }

  /// What was done.
  ///
  /// @param rootKeyId of the current root key
  /// @param rewrapped number of keys that were wrapped anew
  /// @param resumed whether an earlier rotation was ended, and no new key made
  public record Outcome(String rootKeyId, int rewrapped, boolean resumed) {}

  /// Rotates the root key of the archive of config.yml.
  ///
  /// @throws CannotStartException when it is not encrypted, somebody writes to it, or a key is
  ///   missing
  public static Outcome run(Settings settings) throws IOException, CannotStartException {
    RootKeys keys = ArchiveKeys.of(settings);
    if (keys.isEmpty()) {
      throw new CannotStartException(
          "the archive in " + settings.archiveFolder() + " is not encrypted");
    }
    try (Archive archive = Archive.open(settings.archiveFolder(), keys);
        WriterLock _ = lock(archive)) {
      KeyRotation rotation =
          new KeyRotation(new LocalDisk(settings.archiveFolder()), settings.textFolder());
      return switch (settings.archive().encryption()) {
        case EncryptionConfig.KeyFile key -> rotation.inFile(new RootKeyFile(key.file()));
        case EncryptionConfig.KeyVariable key -> rotation.toFirst(keys);
        case EncryptionConfig.Off off -> throw new IllegalStateException("keys from nowhere");
      };
    }
  }

  private static WriterLock lock(Archive archive) throws IOException, CannotStartException {
    try {
      return archive.lock();
    } catch (StoreRefusedException e) {
      throw new CannotStartException(
          "the root key cannot be rotated while somebody writes to the archive: end the server,"
              + " rotate, start it again ("
              + e.getMessage()
              + ")",
          e);
    }
  }

  Outcome inFile(RootKeyFile file) throws IOException, CannotStartException {
    RootKeys held =
        file.read()
            .orElseThrow(() -> new CannotStartException("the key file " + file + " is gone"));
    boolean resumed = held.all().size() > 1;
    requireEnough(held);
    RootKeys keys = resumed ? held : before(held);
    if (!resumed) {
      file.replace(keys);
    }
    Outcome outcome = new Outcome(keys.current().id(), rewrap(keys), resumed);
    file.replace(RootKeys.of(keys.current()));
    return outcome;
  }

  /// With keys that we cannot change.
  private Outcome toFirst(RootKeys keys) throws IOException, CannotStartException {
    requireEnough(keys);
    return new Outcome(keys.current().id(), rewrap(keys), false);
  }

  private static RootKeys before(RootKeys held) {
    return RootKeys.of(SoftwareRootKey.generate(new SecureRandom()), held.current());
  }

  private int rewrap(RootKeys keys) throws IOException {
    return new FileKeys(archive, keys).rewrap() + KeptText.rewrap(text, keys);
  }

  /// Looks before anything is changed.
  private void requireEnough(RootKeys held) throws IOException, CannotStartException {
    for (String id : new FileKeys(archive, held).rootKeyIds()) {
      if (held.find(id) == null) {
        throw new CannotStartException(
            "files of the archive need root key "
                + id
                + ", which is not given: nothing was changed");
      }
    }
  }
}
