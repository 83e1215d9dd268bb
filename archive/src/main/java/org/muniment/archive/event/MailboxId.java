package org.muniment.archive.event;

import java.security.SecureRandom;
import java.util.HexFormat;

/// The identity of an archived mailbox (an IMAP folder), given once and kept through renames: 16
/// lower-case hexadecimal digits, so that it is also an OBJECTID (RFC 8474 section 4).
public record MailboxId(String value) implements Comparable<MailboxId> {

  private static final int OCTETS = 8;

  /// @throws IllegalArgumentException when `value` is not 16 lower-case hexadecimal digits
  public MailboxId {
    boolean hex =
        value.length() == 2 * OCTETS
            && value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
    if (!hex) {
      throw new IllegalArgumentException(
          "mailbox id \"" + value + "\": 16 digits of 0-9 a-f are expected");
    }
  }

  /// A fresh id of 64 random bits.
  public static MailboxId random(SecureRandom random) {
    byte[] octets = new byte[OCTETS];
    random.nextBytes(octets);
    return new MailboxId(HexFormat.of().formatHex(octets));
  }

  @Override
  public int compareTo(MailboxId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
