package org.muniment.archive.crypto;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.StoreRefusedException;

/// The keys of an archive's files, each wrapped in a small file of its own below `keys/`:
///
/// ```
/// keys/NAME           secrets, such as the log key     [WrappedKey], or [PlainKey] unencrypted
/// keys/journal/NAME   the key of a journal             [WrappedKey], or no file
/// keys/segments/NAME  the key of a segment             [WrappedKey], or no file
/// ```
///
/// An archive that is not encrypted is used with [RootKeys#NONE]. Safe for use by many threads.
public final class FileKeys {

  private static final String KEYS = "keys";
  private static final List<String> FOLDERS = List.of(KEYS, KEYS + "/journal", KEYS + "/segments");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Disk disk;
  private final RootKeys rootKeys;

  /// Whether a key that another root key has wrapped is damage, and no reason to refuse.
  private final boolean foreignIsDamage;

  /// The keys of an archive.
  ///
  /// @param rootKeys those that somebody holds, [RootKeys#NONE] where nothing is encrypted
  public FileKeys(Disk disk, RootKeys rootKeys) {
    this(disk, rootKeys, false);
  }

  private FileKeys(Disk disk, RootKeys rootKeys, boolean foreignIsDamage) {
    this.disk = disk;
    this.rootKeys = rootKeys;
    this.foreignIsDamage = foreignIsDamage;
  }

  /// The same keys, for one who looks for damage and goes on: a key that none of the root keys has
  /// wrapped is a [CorruptArchiveException], because others show that the root keys are the right
  /// ones.
  ///
  /// @throws StoreRefusedException when the root keys open no key at all, and another root key has
  ///   wrapped one
  public FileKeys foreignAsDamage() throws ArchiveException {
    StoreRefusedException refused = null;
    for (String file : files()) {
      try {
        openSecret(file.substring(KEYS.length() + 1));
        return new FileKeys(disk, rootKeys, true);
      } catch (StoreRefusedException e) {
        refused = refused == null ? e : refused;
      } catch (CorruptArchiveException e) {
        // The next one may open, and whoever needs this one is told.
      }
    }
    if (refused != null && !rootKeys.isEmpty()) {
      throw refused;
    }
    return new FileKeys(disk, rootKeys, true);
  }

  /// Makes the key of a file that does not exist yet; durable when this returns.
  ///
  /// @param keyName such as `journal/0000000001`
  /// @throws StoreRefusedException when there is a key of that name
  public FrameCipher create(String keyName) throws ArchiveException {
    if (rootKeys.isEmpty()) {
      return FrameCipher.NONE;
    }
    byte[] key = new byte[SoftwareRootKey.LENGTH];
    RANDOM.nextBytes(key);
    createSecret(keyName, key);
    return FrameCipher.of(key);
  }

  /// The key of a file.
  ///
  /// @throws StoreRefusedException when none of the root keys has wrapped it
  /// @throws CorruptArchiveException when it is missing or damaged; after [#foreignAsDamage] also
  ///   when none of the root keys has wrapped it
  public FrameCipher open(String keyName) throws ArchiveException {
    String file = file(keyName);
    return rootKeys.isEmpty() && disk.read(file) == null
        ? FrameCipher.NONE
        : FrameCipher.of(unwrap(file, WrappedKey.read(octets(file), file)));
  }

  /// Keeps a secret, wrapped unless the archive is not encrypted; durable when this returns.
  ///
  /// @param secret 32 octets
  /// @throws StoreRefusedException when there is one of that name
  public void createSecret(String name, byte[] secret) throws ArchiveException {
    String file = file(name);
    if (disk.read(file) != null) {
      throw new StoreRefusedException("cannot create the key " + file + ": it exists");
    }
    disk.replace(file, rootKeys.isEmpty() ? PlainKey.write(secret) : wrap(secret).write());
  }

  /// What [#createSecret] kept.
  ///
  /// @throws StoreRefusedException when none of the root keys has wrapped it
  /// @throws CorruptArchiveException when it is missing or damaged
  public byte[] openSecret(String name) throws ArchiveException {
    String file = file(name);
    byte[] octets = octets(file);
    return rootKeys.isEmpty() && !WrappedKey.isOne(octets)
        ? PlainKey.read(octets, file)
        : unwrap(file, WrappedKey.read(octets, file));
  }

  /// The ids of the root keys that somebody needs who wants to open all files; none where nothing
  /// is encrypted. Needs no root key.
  public SortedSet<String> rootKeyIds() throws ArchiveException {
    SortedSet<String> ids = new TreeSet<>();
    for (String file : files()) {
      byte[] octets = octets(file);
      if (WrappedKey.isOne(octets)) {
        ids.add(WrappedKey.read(octets, file).rootKeyId());
      }
    }
    return ids;
  }

  /// The id of the root key that has wrapped a key; null when none has, or there is no such key.
  /// Needs no root key.
  public @Nullable String rootKeyId(String keyName) throws ArchiveException {
    String file = file(keyName);
    byte[] octets = disk.read(file);
    return octets == null || !WrappedKey.isOne(octets)
        ? null
        : WrappedKey.read(octets, file).rootKeyId();
  }

  /// Removes the key of a file that is gone, so that no copy of the file can be read any more;
  /// nothing happens when there is none.
  public void delete(String keyName) throws ArchiveException {
    disk.delete(file(keyName));
  }

  /// Wraps every key anew under the current root key, file by file, leaving alone those that it has
  /// wrapped already; nothing to do without root keys. When it is cut short, all keys can still be
  /// opened with the keys given here, and doing it again does the rest. No file may be created
  /// meanwhile under another root key.
  ///
  /// @return number of keys that were wrapped anew
  /// @throws StoreRefusedException when one is wrapped by none of the root keys
  public int rewrap() throws ArchiveException {
    int count = 0;
    for (String file : rootKeys.isEmpty() ? List.<String>of() : files()) {
      WrappedKey wrapped = WrappedKey.read(octets(file), file);
      if (!wrapped.rootKeyId().equals(rootKeys.current().id())) {
        disk.replace(file, wrap(unwrap(file, wrapped)).write());
        count++;
      }
    }
    return count;
  }

  private List<String> files() throws ArchiveException {
    List<String> files = new ArrayList<>();
    for (String folder : FOLDERS) {
      for (String name : disk.list(folder)) {
        files.add(folder + "/" + name);
      }
    }
    return files;
  }

  private static String file(String keyName) {
    String file = KEYS + "/" + keyName;
    if (!FOLDERS.contains(file.substring(0, file.lastIndexOf('/')))) {
      throw new IllegalArgumentException(file + " would not be found by a rotation");
    }
    return file;
  }

  private WrappedKey wrap(byte[] key) {
    RootKey current = rootKeys.current();
    return new WrappedKey(current.id(), current.wrap(key));
  }

  private byte[] octets(String file) throws ArchiveException {
    byte[] octets = disk.read(file);
    if (octets == null) {
      throw new CorruptArchiveException(file, -1, "a key", "no file");
    }
    return octets;
  }

  private byte[] unwrap(String file, WrappedKey wrapped) throws ArchiveException {
    RootKey rootKey = rootKeys.find(wrapped.rootKeyId());
    if (rootKey == null) {
      throw missing(file, wrapped.rootKeyId());
    }
    try {
      return rootKey.unwrap(wrapped.wrapped());
    } catch (GeneralSecurityException e) {
      throw new CorruptArchiveException(
          file, -1, "a key wrapped by root key " + rootKey.id(), "something else");
    }
  }

  private ArchiveException missing(String file, String id) {
    if (foreignIsDamage) {
      return new CorruptArchiveException(
          file, -1, "a key wrapped by one of the root keys given", "one wrapped by root key " + id);
    }
    String given =
        rootKeys.isEmpty()
            ? "none is given"
            : "given " + rootKeys.all().stream().map(RootKey::id).collect(Collectors.joining(", "));
    return new StoreRefusedException(
        file
            + " can be opened with root key "
            + id
            + " only, and "
            + given
            + "; look for it in the key file or variable that the configuration names, in a backup"
            + " of that file, or in the words of `muniment key export`");
  }
}
