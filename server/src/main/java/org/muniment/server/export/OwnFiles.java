package org.muniment.server.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/// Files and folders for their owner only.
final class OwnFiles {

  private static final FileAttribute<Set<PosixFilePermission>> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private OwnFiles() {}

  /// Opens a file for reading and writing, made when it is not there. A link is not followed.
  static FileChannel open(Path file, OpenOption... more) throws IOException {
    Set<OpenOption> options =
        new HashSet<>(
            Set.of(
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                java.nio.file.LinkOption.NOFOLLOW_LINKS));
    options.addAll(Arrays.asList(more));
    return FileChannel.open(file, options, FILE);
  }

  /// Opens a file to be written anew.
  static OutputStream create(Path file) throws IOException {
    return Channels.newOutputStream(open(file, StandardOpenOption.TRUNCATE_EXISTING));
  }

  static void write(Path file, byte[] octets) throws IOException {
    try (OutputStream out = create(file)) {
      out.write(octets);
    }
  }

  static void createFolders(Path folder) throws IOException {
    Files.createDirectories(folder, FOLDER);
  }
}
