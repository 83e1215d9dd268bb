package org.muniment.server.capture.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import org.muniment.archive.event.SourceText;

/// A tree of folders, gone through in the order of names. Symbolic links are not followed.
final class FolderTree {

  /// Levels of folders below the first.
  static final int MAX_DEPTH = 64;

  /// Names of one folder that are in memory at once; on every level of the tree.
  private static final int PART = 10_000;

  private final FileReceiver receiver;
  private final Visitor visitor;

  private FolderTree(FileReceiver receiver, Visitor visitor) {
    this.receiver = receiver;
    this.visitor = visitor;
  }

  /// Takes what there is in a tree.
  interface Visitor {

    /// A folder is met.
    ///
    /// @param levels names of the folders down to it, without the first
    /// @return whether to look into it
    boolean enter(List<SourceText> levels, Path folder) throws IOException;

    /// A file is met.
    ///
    /// @param levels names of the folders above it, and its own
    void file(List<SourceText> levels, Path file, BasicFileAttributes attributes)
        throws IOException;
  }

  /// Goes through a tree. What cannot be read is told to `receiver`, what is neither file nor
  /// folder is skipped.
  static void read(Path first, FileReceiver receiver, Visitor visitor) throws IOException {
    FolderTree tree = new FolderTree(receiver, visitor);
    if (visitor.enter(List.of(), first)) {
      tree.folder(List.of(), first);
    }
  }

  private void folder(List<SourceText> levels, Path folder) throws IOException {
    try {
      SortedFolder.read(
          folder,
          PART,
          names -> {
            for (Path name : names) {
              one(FileNames.below(levels, FileNames.of(name)), name);
            }
          });
    } catch (SortedFolder.UnreadableFolderException e) {
      receiver.failed(FileNames.place(levels), String.valueOf(e.getMessage()));
    }
  }

  private void one(List<SourceText> levels, Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      receiver.failed(FileNames.place(levels), Faults.reason(e));
      return;
    }
    if (attributes.isRegularFile()) {
      visitor.file(levels, path, attributes);
    } else if (!attributes.isDirectory()) {
      receiver.skipped(FileNames.place(levels));
    } else if (levels.size() > MAX_DEPTH) {
      receiver.failed(FileNames.place(levels), "lies more than " + MAX_DEPTH + " folders deep");
    } else if (visitor.enter(levels, path)) {
      folder(levels, path);
    }
  }
}
