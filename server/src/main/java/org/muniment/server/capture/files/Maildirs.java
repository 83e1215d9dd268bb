package org.muniment.server.capture.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.imap.ModifiedUtf7;

/// A Maildir with the folders of Maildir++ in it, or a tree of folders that has some Maildirs. The
/// first is `INBOX`; `.Sent.2024` in it is the mailbox `Sent.2024` with the delimiter `.`, as a
/// server shows it; other folders are levels of a name with the delimiter `/`.
final class Maildirs implements MailFiles {

  static final String CUR = "cur";
  static final String NEW = "new";
  private static final String TMP = "tmp";

  private final Path path;
  private final Path temporary;

  Maildirs(Path path, Path temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  @Override
  public long octets() {
    return 0;
  }

  @Override
  public void read(FileReceiver receiver) throws IOException {
    if (!Files.isDirectory(path)) {
      throw new IOException(path + " is no folder: a Maildir is one");
    }
    try (SingleFiles files = new SingleFiles(receiver, temporary)) {
      Tree tree = new Tree(receiver, files);
      FolderTree.read(path, receiver, tree);
      if (!tree.found) {
        throw new IOException(path + " is no Maildir, and has none in it: there is no folder cur");
      }
    }
  }

  /// The mailbox of a Maildir.
  ///
  /// @param levels names of the folders down to it
  static FileMessage.Mailbox mailbox(List<SourceText> levels) {
    if (levels.size() == 1 && isDotted(levels.getFirst())) {
      return FileNames.mailbox(ModifiedUtf7.name(withoutDot(levels.getFirst()).bytes()), ".");
    }
    List<SourceText> names = new ArrayList<>();
    for (SourceText level : levels) {
      if (isDotted(level)) {
        for (String name : withoutDot(level).octets().split("\\.", -1)) {
          names.add(ModifiedUtf7.name(new SourceText(name, "").bytes()));
        }
      } else {
        names.add(ModifiedUtf7.name(level.bytes()));
      }
    }
    return FileNames.mailbox(names);
  }

  private static boolean isDotted(SourceText level) {
    return level.octets().length() > 1 && level.octets().startsWith(".");
  }

  private static SourceText withoutDot(SourceText level) {
    return new SourceText(level.octets().substring(1), "");
  }

  /// Whether a folder is part of a Maildir, and no mailbox.
  static boolean isPart(SourceText level) {
    return level.octets().equals(CUR) || level.octets().equals(NEW) || level.octets().equals(TMP);
  }

  private static final class Tree implements FolderTree.Visitor {
    private final FileReceiver receiver;
    private final SingleFiles files;
    private boolean found;
    private long read;

    Tree(FileReceiver receiver, SingleFiles files) {
      this.receiver = receiver;
      this.files = files;
    }

    @Override
    public boolean enter(List<SourceText> levels, Path folder) throws IOException {
      boolean maildir = isFolder(folder.resolve(CUR)) || isFolder(folder.resolve(NEW));
      if (maildir) {
        found = true;
        read = new MaildirFolder(folder, levels, mailbox(levels), files, receiver, read).read();
      }
      // A folder that is part of this one was read with it.
      return levels.isEmpty() || !isPart(levels.getLast()) || maildir;
    }

    @Override
    public void file(List<SourceText> levels, Path file, BasicFileAttributes attributes) {
      // Beside the messages a server keeps its indexes.
    }
  }

  private static boolean isFolder(Path path) {
    return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
  }
}
