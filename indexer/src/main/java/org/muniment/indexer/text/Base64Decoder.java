package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Base64 (RFC 2045 section 6.8). Octets that are not of the alphabet are left out; after a padding
/// it goes on, so that bodies that were joined are read to their end.
final class Base64Decoder extends TransferDecoder {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  private static final byte[] SEXTETS = new byte[256];

  static {
    Arrays.fill(SEXTETS, (byte) -1);
    for (int i = 0; i < ALPHABET.length(); i++) {
      SEXTETS[ALPHABET.charAt(i)] = (byte) i;
    }
  }

  private int bits;
  private int count;

  Base64Decoder(InputStream encoded) {
    super(encoded);
  }

  @Override
  int decode() throws IOException {
    while (true) {
      int octet = next();
      if (octet < 0) {
        end();
        return -1;
      }
      int sextet = SEXTETS[octet];
      if (sextet >= 0) {
        bits = bits << 6 | sextet;
        count++;
        if (count % 4 != 1) {
          return bits >> (6 - 2 * ((count - 1) % 4)) & 0xFF;
        }
      } else if (octet == '=') {
        end();
      } else if (octet != '\r' && octet != '\n' && octet != ' ' && octet != '\t') {
        noteMalformed();
      }
    }
  }

  private void end() {
    if (count % 4 == 1) {
      noteMalformed();
    }
    count = 0;
  }
}
