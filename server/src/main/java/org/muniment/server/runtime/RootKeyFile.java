package org.muniment.server.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;

/// The file that holds the root key of an archive; only its owner may read it.
final class RootKeyFile {

  private static final String HEADER =
      """
      # The root key of a Muniment archive. Whoever has it can read the archive; without it nobody
      # can. Keep a copy elsewhere: "scripts/muniment key export" prints it as words.
      """;

  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path file;
  private final Disk disk;

  /// @param file absolute
  RootKeyFile(Path file) throws IOException {
    // The file that a link leads to is replaced, not the link.
    this.file = Files.exists(file) ? file.toRealPath() : file;
    this.disk = new LocalDisk(folder());
  }

  /// @param disk the folder of the file
  RootKeyFile(Path file, Disk disk) {
    this.file = file;
    this.disk = disk;
  }

  private Path folder() {
    return Objects.requireNonNull(file.getParent());
  }

  private String name() {
    return Objects.requireNonNull(file.getFileName()).toString();
  }

  /// The keys in it; empty when there is no such file.
  ///
  /// @throws CannotStartException when others than its owner may read it, or it holds something
  ///   else
  Optional<RootKeys> read() throws IOException, CannotStartException {
    byte[] octets = disk.read(name());
    if (octets == null) {
      return Optional.empty();
    }
    requirePrivate();
    try {
      return Optional.of(RootKeys.parse(new String(octets, UTF_8)));
    } catch (IllegalArgumentException e) {
      throw new CannotStartException("the key file " + file + " is damaged: " + e.getMessage(), e);
    }
  }

  private void requirePrivate() throws IOException, CannotStartException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!OWNER.containsAll(permissions)) {
      throw new CannotStartException(
          "the key file "
              + file
              + " is not for its owner only ("
              + PosixFilePermissions.toString(permissions)
              + "): chmod 600 "
              + file);
    }
  }

  /// Makes the file; durable when this returns.
  ///
  /// @throws CannotStartException when there is one: a key is never overwritten
  void create(RootKeys keys) throws IOException, CannotStartException {
    String unfinished = name() + ".new";
    disk.replace(unfinished, octets(keys));
    try {
      // A link, unlike a rename, never takes the place of a file.
      Files.createLink(file, folder().resolve(unfinished));
      disk.sync(name());
    } catch (FileAlreadyExistsException e) {
      throw new CannotStartException("there is a key file " + file + " already", e);
    } finally {
      disk.delete(unfinished);
    }
  }

  /// Puts other keys into the file, in one step; durable when this returns.
  void replace(RootKeys keys) throws IOException {
    disk.replace(name(), octets(keys));
  }

  private static byte[] octets(RootKeys keys) {
    return (HEADER + keys.text()).getBytes(UTF_8);
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
