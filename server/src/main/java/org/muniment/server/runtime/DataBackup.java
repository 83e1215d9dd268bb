package org.muniment.server.runtime;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.muniment.archive.backup.Backup;
import org.muniment.archive.store.Progress;
import org.muniment.server.access.StateDatabase;
import org.muniment.server.config.Settings;

/// Copies what cannot be made anew: the archive and `state.db`. Reads the files itself, so that the
/// server may run or not.
public final class DataBackup {

  private static final String ARCHIVE = "archive";
  private static final String STATE = "state.db";

  /// What a folder of backups holds, also when a run was cut short.
  private static final Set<String> OWN =
      Set.of(ARCHIVE, STATE, STATE + ".tmp", STATE + ".tmp-journal");

  private DataBackup() {}

  /// What was done.
  ///
  /// @param archive of the archive
  /// @param stateOctets length of the copy of `state.db`, 0 when there is none
  public record Outcome(Backup.Outcome archive, long stateOctets) {}

  /// Copies into a folder, or brings the copies there up to date.
  ///
  /// @param all whether all of the copy is verified, and not only what is new in it
  /// @throws CannotStartException when there is nothing to copy, or the folder is none for copies;
  ///   nothing was changed
  public static Outcome run(
      Settings settings, Path folder, boolean all, Progress copying, Progress verifying)
      throws IOException, CannotStartException {
    Installation.requireArchive(settings);
    requireOutside(settings.archive().path(), folder);
    requireOwn(folder);
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Backup.Outcome archive =
        Backup.run(
            settings.archiveFolder(),
            folder.resolve(ARCHIVE),
            ArchiveKeys.of(settings),
            all,
            copying,
            verifying);
    if (!Files.exists(settings.stateFile())) {
      return new Outcome(archive, 0);
    }
    Path state = folder.resolve(STATE);
    StateDatabase.copy(settings.stateFile(), state);
    return new Outcome(archive, Files.size(state));
  }

  private static void requireOutside(Path data, Path folder)
      throws IOException, CannotStartException {
    Path existing = folder.toAbsolutePath().normalize();
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    if (existing.toRealPath().startsWith(data.toRealPath())) {
      throw new CannotStartException(
          folder + " lies in the data folder " + data + ": a backup has to lie elsewhere");
    }
  }

  private static void requireOwn(Path folder) throws IOException, CannotStartException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<String> others =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> !OWN.contains(name))
              .sorted()
              .toList();
      if (!others.isEmpty()) {
        throw new CannotStartException(
            folder
                + " holds other files, such as "
                + others.getFirst()
                + ": name a folder of its own");
      }
    } catch (NotDirectoryException | FileAlreadyExistsException e) {
      throw new CannotStartException(folder + " is a file, and has to be a folder", e);
    }
  }
}
