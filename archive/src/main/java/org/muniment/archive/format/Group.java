package org.muniment.archive.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What may be disposed of together, and therefore lies in segments of its own.
///
/// @param retention class of the retention policy, 1 to 32 of a-z, 0-9 and -
/// @param expires year and month, `202711` for November 2027; 0 for never
public record Group(String retention, int expires) {

  /// Octets of the retention class in a header.
  static final int LENGTH = 32;

  /// What no policy lets expire.
  public static final Group KEEP = new Group("keep", 0);

  public Group {
    boolean named =
        retention
            .chars()
            .allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    if (!named || retention.isEmpty() || retention.length() > LENGTH) {
      throw new IllegalArgumentException("a retention class of a-z, 0-9 and -: " + retention);
    }
    if (expires != 0 && (expires % 100 < 1 || expires % 100 > 12 || expires < 197_001)) {
      throw new IllegalArgumentException("a month as 202711, or 0: " + expires);
    }
  }

  byte[] retentionOctets() {
    return Arrays.copyOf(retention.getBytes(StandardCharsets.US_ASCII), LENGTH);
  }

  static Group of(byte[] retention, int expires) {
    int length = LENGTH;
    while (length > 0 && retention[length - 1] == 0) {
      length--;
    }
    return new Group(new String(retention, 0, length, StandardCharsets.US_ASCII), expires);
  }
}
