package org.muniment.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.FormatTooNewException;

/// The file `FORMAT`, the first that a reader opens. Its first line never changes its form, in any
/// version.
///
/// ```
/// FORMAT = "muniment archive format " version LF
///          "id " 32hex LF
///          "suite zstd" [" aes-256-gcm"] LF
///          "log-key " verifier-key LF
/// ```
///
/// @param id the archive's identity, 16 random octets in hexadecimal; each journal repeats it
/// @param logKey the key that signs the log's checkpoints, as
///   [org.muniment.archive.log.Note.Verifier#text()]
/// @param encrypted whether the payloads of frames are sealed
public record FormatFile(String id, boolean encrypted, String logKey) {

  /// Name of the file in the archive.
  public static final String NAME = "FORMAT";

  /// Name of an empty file that stands in a copy of an archive while the copy may hold journals
  /// that begin behind its checkpoint, and not all of them: a writer does without them.
  public static final String COPYING = "copying";

  /// The version that this program writes and reads.
  public static final int VERSION = 1;

  private static final String PLAIN = "zstd";
  private static final String ENCRYPTED = "zstd aes-256-gcm";
  private static final int ID_LENGTH = 32;
  private static final String FIRST_LINE = "muniment archive format ";

  /// Reads the file.
  ///
  /// @throws FormatTooNewException when it is of a version that this program does not know
  /// @throws CorruptArchiveException when it is anything else
  public static FormatFile read(byte[] octets) throws ArchiveException {
    String[] lines = new String(octets, StandardCharsets.US_ASCII).split("\n", -1);
    if (!lines[0].startsWith(FIRST_LINE)) {
      throw new CorruptArchiveException(NAME, 0, "\"" + FIRST_LINE + "\"", "\"" + lines[0] + "\"");
    }
    requireVersion(lines[0].substring(FIRST_LINE.length()));
    Map<String, String> values = new HashMap<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      if (space > 0) {
        String before = values.put(line.substring(0, space), line.substring(space + 1));
        if (before != null) {
          throw new CorruptArchiveException(NAME, -1, "each line once", line);
        }
      }
    }
    return new FormatFile(
        id(value(values, "id")), encrypted(value(values, "suite")), value(values, "log-key"));
  }

  private static boolean encrypted(String suite) throws CorruptArchiveException {
    return switch (suite) {
      case PLAIN -> false;
      case ENCRYPTED -> true;
      default -> throw new CorruptArchiveException(NAME, -1, PLAIN + " or " + ENCRYPTED, suite);
    };
  }

  private static void requireVersion(String version) throws FormatTooNewException {
    if (!version.equals(Integer.toString(VERSION))) {
      throw new FormatTooNewException(
          "the archive is of format "
              + version
              + " and this program knows format "
              + VERSION
              + " only; nothing was touched: use the release of Muniment that made it");
    }
  }

  private static String id(String text) throws CorruptArchiveException {
    boolean hex = text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (text.length() != ID_LENGTH || !hex) {
      throw new CorruptArchiveException(NAME, -1, ID_LENGTH + " digits of 0-9 a-f", text);
    }
    return text;
  }

  private static String value(Map<String, String> values, String name) throws ArchiveException {
    String value = values.get(name);
    if (value == null) {
      throw new CorruptArchiveException(NAME, -1, "a line \"" + name + " ...\"", "none");
    }
    return value;
  }

  /// The octets of the file.
  public byte[] write() {
    String suite = encrypted ? ENCRYPTED : PLAIN;
    String text =
        FIRST_LINE + VERSION + "\nid " + id + "\nsuite " + suite + "\nlog-key " + logKey + "\n";
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
