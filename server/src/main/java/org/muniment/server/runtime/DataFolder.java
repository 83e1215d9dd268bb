package org.muniment.server.runtime;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.muniment.server.config.Settings;

/// The folder that holds everything, and the one of the index, which may lie elsewhere: for their
/// owner only.
public final class DataFolder {

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /// What a folder of ours holds at least one of.
  private static final List<String> SIGNS = List.of("archive", "state.db", "run", "tokens");

  private DataFolder() {}

  /// Makes the folder ready: made where it is missing, writable, closed to others.
  ///
  /// @throws CannotStartException when it cannot be, or it is full of somebody else's files
  public static void prepare(Settings settings) throws CannotStartException {
    Path folder = settings.archive().path();
    try {
      if (Files.exists(folder)) {
        claim(folder);
      } else {
        create(folder);
      }
      create(settings.runFolder());
      create(settings.temporaryFolder());
      create(settings.index().path());
      close(settings.index().path());
    } catch (FileAlreadyExistsException | NotDirectoryException e) {
      throw new CannotStartException(
          e.getFile() + " is a file where a folder has to be: see archive.path in config.yml", e);
    } catch (IOException e) {
      throw new CannotStartException(
          "the data folder "
              + folder
              + " cannot be written ("
              + e.getClass().getSimpleName()
              + " "
              + e.getMessage()
              + "): see archive.path in config.yml",
          e);
    }
  }

  private static void claim(Path folder) throws IOException, CannotStartException {
    if (!isOurs(folder)) {
      throw new CannotStartException(
          "the folder "
              + folder
              + " holds other files: archive.path has to name a new or an empty one");
    }
    if (!Files.isWritable(folder)) {
      throw new CannotStartException(
          "the data folder "
              + folder
              + " cannot be written by user "
              + System.getProperty("user.name")
              + ": see archive.path in config.yml");
    }
    close(folder);
  }

  /// To others.
  private static void close(Path folder) throws IOException {
    if (!Files.getPosixFilePermissions(folder).equals(OWNER_ONLY)) {
      Files.setPosixFilePermissions(folder, OWNER_ONLY);
    }
  }

  private static boolean isOurs(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isEmpty()
          || SIGNS.stream().anyMatch(sign -> Files.exists(folder.resolve(sign)));
    }
  }

  private static void create(Path folder) throws IOException {
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
  }
}
