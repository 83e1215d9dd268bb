package org.muniment.archive.verify;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TilePath;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Pin;

/// Looks that every file of the archive is one that belongs there, and that every key opens.
final class Inventory {

  static final String LOG_KEY = "log";

  private static final String KEYS = "keys";
  private static final Set<String> ROOT_FILES =
      Set.of(FormatFile.NAME, FormatFile.COPYING, "lock", Pin.NAME);
  private static final Set<String> ROOT_FOLDERS =
      Set.of(FileId.Kind.JOURNAL.folder(), FileId.Kind.SEGMENT.folder(), "log", KEYS);
  private static final Set<String> KEY_FOLDERS =
      Set.of(FileId.Kind.JOURNAL.folder(), FileId.Kind.SEGMENT.folder());

  /// Folders below that of a level: a number has six groups of three digits at most.
  private static final int DEEPEST = 6;

  private final Verification run;
  private final Findings findings;

  Inventory(Verification run) {
    this.run = run;
    this.findings = run.findings();
  }

  /// @param covered number of leaves that the checkpoint covers
  void check(long covered) throws ArchiveException {
    folder("", ROOT_FILES, ROOT_FOLDERS);
    for (FileId.Kind kind : FileId.Kind.values()) {
      folder(kind.folder(), null, Set.of());
      folder(KEYS + "/" + kind.folder(), null, Set.of());
      keys(kind);
    }
    folder(KEYS, Set.of(LOG_KEY), KEY_FOLDERS);
    folder("log", Set.of("checkpoint"), Set.of("checkpoints", "tile"));
    folder("log/checkpoints", null, Set.of());
    folder("log/tile", Set.of(), null);
    for (String level : run.disk().folders("log/tile")) {
      tiles("tile/" + level, 0, covered);
    }
  }

  /// @param files that may be there, null when others look at them
  /// @param folders that may be there, null when others look at them
  private void folder(String folder, @Nullable Set<String> files, @Nullable Set<String> folders)
      throws ArchiveException {
    String prefix = folder.isEmpty() ? "" : folder + "/";
    if (files != null) {
      run.disk().list(folder).stream()
          .filter(name -> !files.contains(name))
          .forEach(name -> findUnknown(prefix + name));
    }
    if (folders != null) {
      run.disk().folders(folder).stream()
          .filter(name -> !folders.contains(name))
          .forEach(name -> findUnknown(prefix + name + "/"));
    }
  }

  private void findUnknown(String name) {
    findings.add(name, "only what belongs to an archive", "a file that does not");
  }

  /// @param depth folders between that of the level and this one
  private void tiles(String folder, int depth, long covered) throws ArchiveException {
    for (String name : run.disk().list("log/" + folder)) {
      TilePath tile = TilePath.parse(folder + "/" + name);
      if (tile == null) {
        findUnknown("log/" + folder + "/" + name);
      } else if (tile.leastSize() > covered) {
        findings.note("tiles of leaves that the checkpoint does not cover");
      }
    }
    for (String name : run.disk().folders("log/" + folder)) {
      if (depth == DEEPEST) {
        findUnknown("log/" + folder + "/" + name + "/");
      } else {
        tiles(folder + "/" + name, depth + 1, covered);
      }
    }
  }

  /// A key goes after its file, so that one can be left over.
  private void keys(FileId.Kind kind) throws ArchiveException {
    Set<String> files = new TreeSet<>(run.disk().list(kind.folder()));
    for (String name : run.disk().list(KEYS + "/" + kind.folder())) {
      if (!run.format().encrypted()) {
        findUnknown(KEYS + "/" + kind.folder() + "/" + name);
        continue;
      }
      key(kind.folder() + "/" + name);
      if (!files.contains(name) && isNumber(kind, name)) {
        findings.note("the key of " + kind.folder() + "/" + name + " is left, the file is gone");
      }
    }
  }

  private boolean isNumber(FileId.Kind kind, String name) {
    try {
      FileId.of(kind, name);
      return true;
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return false;
    }
  }

  private void key(String name) throws ArchiveException {
    try {
      run.keys().openSecret(name);
    } catch (CorruptArchiveException e) {
      if (run.length(KEYS + "/" + name) >= 0) {
        findings.add(e);
      }
    }
  }

  /// Whether the secret half of the log key opens and belongs to the public one.
  void checkLogKey(Note.Verifier verifier) throws ArchiveException {
    try {
      Note.Signer signer = Note.Signer.of(verifier, run.keys().openSecret(LOG_KEY));
      verifier.open(signer.sign("a text\n"));
    } catch (CorruptArchiveException e) {
      findings.add(e);
    } catch (IllegalArgumentException e) {
      findings.add(
          KEYS + "/" + LOG_KEY, "the secret half of the key in " + FormatFile.NAME, "another key");
    }
  }
}
