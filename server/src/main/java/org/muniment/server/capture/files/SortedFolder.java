package org.muniment.server.capture.files;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/// What lies in one folder, in the order of names: the whole of a folder of usual size, a part
/// after the other of a larger one, so that memory does not grow with it.
final class SortedFolder {

  private SortedFolder() {}

  /// Takes some files and folders.
  interface Part {
    void take(List<Path> sorted) throws IOException;
  }

  /// Shows what lies in a folder.
  ///
  /// @param most names in one part
  /// @throws UnreadableFolderException when it cannot be listed
  /// @throws IOException from `part`
  static void read(Path folder, int most, Part part) throws IOException {
    try (DirectoryStream<Path> listing = open(folder)) {
      Iterator<Path> rest = listing.iterator();
      List<Path> names = next(folder, rest, most);
      while (!names.isEmpty()) {
        part.take(names);
        names = next(folder, rest, most);
      }
    }
  }

  @SuppressWarnings("StreamResourceLeak") // the caller closes it
  private static DirectoryStream<Path> open(Path folder) throws UnreadableFolderException {
    try {
      return Files.newDirectoryStream(folder);
    } catch (IOException e) {
      throw new UnreadableFolderException(folder, e);
    }
  }

  private static List<Path> next(Path folder, Iterator<Path> rest, int most)
      throws UnreadableFolderException {
    List<Path> names = new ArrayList<>();
    try {
      while (names.size() < most && rest.hasNext()) {
        names.add(rest.next());
      }
    } catch (DirectoryIteratorException e) {
      throw new UnreadableFolderException(folder, new IOException(e.getMessage(), e));
    }
    Collections.sort(names);
    return names;
  }

  /// A folder cannot be listed.
  static final class UnreadableFolderException extends IOException {
    private static final long serialVersionUID = 1L;

    UnreadableFolderException(Path folder, IOException cause) {
      super("the folder " + folder + " cannot be listed: " + Faults.reason(cause), cause);
    }
  }
}
