package org.muniment.archive.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.HexFormat;
import org.muniment.archive.store.CorruptArchiveException;

/// The small file that holds a secret of an archive that is not encrypted.
///
/// ```
/// plain-key = "muniment key 1" LF
///             "key " 64hex LF
/// ```
final class PlainKey {

  private static final String PREFIX = "muniment key 1\nkey ";
  private static final int LENGTH = PREFIX.length() + 64 + 1;

  private PlainKey() {}

  static byte[] read(byte[] octets, String resource) throws CorruptArchiveException {
    String text = new String(octets, US_ASCII);
    if (text.length() == LENGTH) {
      String digits = text.substring(PREFIX.length(), LENGTH - 1);
      if (digits.chars().allMatch(HexFormat::isHexDigit)) {
        byte[] key = HexFormat.of().parseHex(digits);
        if (Arrays.equals(octets, write(key))) {
          return key;
        }
      }
    }
    throw new CorruptArchiveException(resource, -1, "a key", "something else");
  }

  static byte[] write(byte[] key) {
    return (PREFIX + HexFormat.of().formatHex(key) + "\n").getBytes(US_ASCII);
  }
}
