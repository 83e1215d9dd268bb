package org.muniment.archive.format;

import java.util.Locale;
import org.muniment.archive.store.CorruptArchiveException;

/// Names a file of frames. Numbers of a kind begin at 1 and are never given again.
public record FileId(Kind kind, long number) {

  private static final int DIGITS = 10;

  /// The two kinds of file that hold frames.
  public enum Kind {
    /// What was appended, in order of arrival.
    JOURNAL("journal"),
    /// What was sealed.
    SEGMENT("segments");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    /// The folder of these files, relative to the archive; below `keys/`, that of their keys.
    public String folder() {
      return folder;
    }
  }

  /// A journal.
  public static FileId journal(long number) {
    return new FileId(Kind.JOURNAL, number);
  }

  /// A segment.
  public static FileId segment(long number) {
    return new FileId(Kind.SEGMENT, number);
  }

  /// The file of a name in the folder of its kind.
  ///
  /// @throws CorruptArchiveException when the name is no number
  public static FileId of(Kind kind, String fileName) throws CorruptArchiveException {
    if (fileName.length() != DIGITS || !fileName.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new CorruptArchiveException(
          kind.folder + "/" + fileName, -1, "a name of " + DIGITS + " digits", "that name");
    }
    return new FileId(kind, Long.parseLong(fileName));
  }

  /// The file, relative to the archive: `journal/0000000001`. Its key has the same name.
  public String name() {
    return kind.folder + "/" + fileName();
  }

  /// Its name in the folder of its kind.
  public String fileName() {
    return String.format(Locale.ROOT, "%0" + DIGITS + "d", number);
  }
}
