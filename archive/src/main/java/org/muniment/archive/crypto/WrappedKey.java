package org.muniment.archive.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import org.muniment.archive.store.CorruptArchiveException;

/// A small file that holds a key which a root key has wrapped (RFC 3394).
///
/// ```
/// wrapped-key = "muniment wrapped key 1" LF
///               "root " 16hex LF
///               "key " 80hex LF
/// ```
///
/// @param rootKeyId [RootKey#id()] of the key that wrapped it
/// @param wrapped 40 octets
@SuppressWarnings("ArrayRecordComponent") // never compared
public record WrappedKey(String rootKeyId, byte[] wrapped) {

  private static final String FIRST_LINE = "muniment wrapped key 1\n";
  private static final String ROOT = "root ";
  private static final String KEY = "\nkey ";
  private static final int ROOT_DIGITS = 16;
  private static final int KEY_DIGITS = 80;
  private static final int ROOT_AT = FIRST_LINE.length() + ROOT.length();
  private static final int KEY_AT = ROOT_AT + ROOT_DIGITS + KEY.length();
  private static final int LENGTH = KEY_AT + KEY_DIGITS + 1;

  /// Whether a file is meant to be one, right or wrong.
  static boolean isOne(byte[] octets) {
    return new String(octets, US_ASCII).startsWith(FIRST_LINE);
  }

  /// Reads the file.
  ///
  /// @param resource its name, for the error
  public static WrappedKey read(byte[] octets, String resource) throws CorruptArchiveException {
    String text = new String(octets, US_ASCII);
    if (text.length() == LENGTH) {
      String root = text.substring(ROOT_AT, ROOT_AT + ROOT_DIGITS);
      String key = text.substring(KEY_AT, LENGTH - 1);
      if (key.chars().allMatch(HexFormat::isHexDigit)) {
        WrappedKey read = new WrappedKey(root, HexFormat.of().parseHex(key));
        if (root.chars().allMatch(HexFormat::isHexDigit) && text.equals(read.text())) {
          return read;
        }
      }
    }
    throw new CorruptArchiveException(resource, -1, "a wrapped key", "something else");
  }

  /// The octets of the file.
  public byte[] write() {
    return text().getBytes(US_ASCII);
  }

  private String text() {
    return FIRST_LINE + ROOT + rootKeyId + KEY + HexFormat.of().formatHex(wrapped) + "\n";
  }
}
