package org.muniment.archive.format;

import java.util.Locale;
import org.muniment.archive.store.CorruptArchiveException;

/// Where a message or a part lies.
///
/// ```
/// place = ("journal" / "segment") ":" number ":" offset ":" index     all decimal
/// ```
///
/// @param offset of the frame in the file
/// @param index of the message in the frame, 0 for a part
public record Place(FileId file, long offset, int index) {

  /// Reads the text form.
  ///
  /// @throws CorruptArchiveException when it is none
  public static Place parse(String text) throws CorruptArchiveException {
    String[] fields = text.split(":", -1);
    try {
      if (fields.length == 4) {
        FileId.Kind kind = FileId.Kind.valueOf(fields[0].toUpperCase(Locale.ROOT));
        FileId file = new FileId(kind, Long.parseUnsignedLong(fields[1]));
        return new Place(
            file, Long.parseUnsignedLong(fields[2]), Integer.parseUnsignedInt(fields[3]));
      }
    } catch (IllegalArgumentException e) {
      // Answered below, like every other text that is no place.
    }
    throw new CorruptArchiveException("location", -1, "journal:N:N:N or segment:N:N:N", text);
  }

  /// The text form.
  public String text() {
    String kind = file.kind().name().toLowerCase(Locale.ROOT);
    return kind + ":" + file.number() + ":" + offset + ":" + index;
  }
}
