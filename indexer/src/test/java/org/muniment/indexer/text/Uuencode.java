package org.muniment.indexer.text;

import java.util.zip.CRC32;

/// Encodes files as they stand in texts: each octet of the result is one ISO-8859-1 character.
final class Uuencode {

  private static final int LINE = 45;

  private Uuencode() {}

  /// A uuencoded file.
  static String encode(String name, byte[] octets) {
    StringBuilder text = new StringBuilder("begin 644 " + name + "\n");
    for (int from = 0; from < octets.length; from += LINE) {
      int length = Math.min(LINE, octets.length - from);
      text.append(character(length));
      for (int i = from; i < from + length; i += 3) {
        int bits = (at(octets, i) << 16) | (at(octets, i + 1) << 8) | at(octets, i + 2);
        for (int shift = 18; shift >= 0; shift -= 6) {
          text.append(character((bits >> shift) & 0x3F));
        }
      }
      text.append('\n');
    }
    return text.append("`\nend\n").toString();
  }

  private static int at(byte[] octets, int index) {
    return index < octets.length ? octets[index] & 0xFF : 0;
  }

  private static char character(int sextet) {
    return (char) (sextet == 0 ? '`' : sextet + ' ');
  }

  /// A file in yEnc, its lines of 128 characters.
  static String yenc(String name, byte[] octets, long checksum) {
    StringBuilder text =
        new StringBuilder("=ybegin line=128 size=" + octets.length + " name=" + name + "\n");
    int column = 0;
    for (byte octet : octets) {
      char c = (char) ((octet + 42) & 0xFF);
      if (c == 0 || c == '\n' || c == '\r' || c == '=') {
        text.append('=').append((char) ((c + 64) & 0xFF));
      } else {
        text.append(c);
      }
      if (++column % 128 == 0) {
        text.append('\n');
      }
    }
    text.append(column % 128 == 0 ? "" : "\n");
    return text.append("=yend size=" + octets.length)
        .append(" crc32=" + Long.toHexString(checksum) + "\n")
        .toString();
  }

  static long checksum(byte[] octets) {
    CRC32 crc = new CRC32();
    crc.update(octets);
    return crc.getValue();
  }
}
