package org.muniment.server.capture.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.muniment.archive.event.SourceText;

/// One message in a file, or a tree of folders with some; each folder is a mailbox, the first one
/// `INBOX`. In a tree, a file whose name does not end with `.eml` is no mail.
final class EmlFiles implements MailFiles {

  static final String END = ".eml";

  private final Path path;
  private final Path temporary;
  private long read;

  EmlFiles(Path path, Path temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  @Override
  public long octets() {
    return 0;
  }

  @Override
  public void read(FileReceiver receiver) throws IOException {
    try (SingleFiles files = new SingleFiles(receiver, temporary)) {
      if (Files.isDirectory(path)) {
        FolderTree.read(path, receiver, new Tree(files, receiver));
      } else {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        file(files, List.of(FileNames.of(path)), path, attributes, receiver);
      }
    }
  }

  private void file(
      SingleFiles files,
      List<SourceText> levels,
      Path file,
      BasicFileAttributes attributes,
      FileReceiver receiver)
      throws IOException {
    Instant modified = attributes.lastModifiedTime().toInstant();
    long octets = files.file(filed(levels, modified), file);
    if (octets == SingleFiles.GONE) {
      receiver.vanished(FileNames.place(levels));
    } else {
      read += octets;
    }
    receiver.at(read);
  }

  /// @param levels folders down to a file, and its name
  static SingleFiles.Filed filed(List<SourceText> levels, Instant modified) {
    return new SingleFiles.Filed(
        FileNames.mailbox(levels.subList(0, levels.size() - 1)),
        "eml",
        FileNames.place(levels),
        null,
        modified,
        Set.of());
  }

  private final class Tree implements FolderTree.Visitor {
    private final SingleFiles files;
    private final FileReceiver receiver;

    Tree(SingleFiles files, FileReceiver receiver) {
      this.files = files;
      this.receiver = receiver;
    }

    @Override
    public boolean enter(List<SourceText> levels, Path folder) {
      return true;
    }

    @Override
    public void file(List<SourceText> levels, Path file, BasicFileAttributes attributes)
        throws IOException {
      if (FileNames.endsWith(levels.getLast(), END)) {
        EmlFiles.this.file(files, levels, file, attributes, receiver);
      } else {
        receiver.skipped(FileNames.place(levels));
      }
    }
  }
}
