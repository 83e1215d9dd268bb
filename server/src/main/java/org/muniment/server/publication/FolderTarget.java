package org.muniment.server.publication;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.server.config.TargetConfig;

/// A folder that gets a file for each checkpoint, readable by whoever may read the folder. It has
/// confirmed when the file was read back.
///
/// @param archive the folder of the archive
record FolderTarget(TargetConfig.Folder config, Path archive) implements Target {

  @Override
  public String name() {
    return config.name();
  }

  /// The folder is not made: where a disk is not mounted there is none, or an empty one.
  @Override
  public void send(SignedCheckpoint checkpoint) throws IOException {
    if (!Files.isDirectory(config.path())) {
      throw new IOException("there is no such folder: is its disk not mounted?");
    }
    Path file = config.path().resolve(Target.fileName(checkpoint.checkpoint()));
    byte[] octets = checkpoint.octets();
    if (Files.notExists(file)) {
      write(file, octets);
    }
    if (Files.size(file) != octets.length || !Arrays.equals(Files.readAllBytes(file), octets)) {
      throw new IOException(file.getFileName() + " holds something else: it is left as it is");
    }
  }

  /// Puts a file in one step; durable when this returns. The file is always made: others may write
  /// to the folder, and a link of theirs would lead to a file of ours.
  private void write(Path file, byte[] octets) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(unfinished);
    try (FileChannel channel =
        FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(octets);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(config.path(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  @Override
  public boolean outside() throws IOException {
    return !device(config.path()).equals(device(archive));
  }

  private static Object device(Path path) throws IOException {
    return Files.getAttribute(path, "unix:dev");
  }
}
