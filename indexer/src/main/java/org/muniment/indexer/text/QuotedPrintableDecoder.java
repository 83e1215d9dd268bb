package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;

/// Quoted-printable (RFC 2045 section 6.7). A `=` that begins neither an octet nor a soft line
/// break is taken as it is; white space at the end of a line is left out.
final class QuotedPrintableDecoder extends TransferDecoder {

  /// Most white space that is held back until it is known whether the line ends after it.
  private static final int MAX_HELD = 1024;

  private final byte[] held = new byte[MAX_HELD + 4];
  private int heldFrom;
  private int heldTo;
  private int ahead = -2;

  QuotedPrintableDecoder(InputStream encoded) {
    super(encoded);
  }

  @Override
  int decode() throws IOException {
    while (true) {
      if (heldFrom < heldTo) {
        return held[heldFrom++] & 0xFF;
      }
      int octet = take();
      if (octet == ' ' || octet == '\t') {
        whiteSpace(octet);
      } else if (octet == '=') {
        escape();
      } else {
        return octet;
      }
    }
  }

  private int take() throws IOException {
    int octet = ahead == -2 ? next() : ahead;
    ahead = -2;
    return octet;
  }

  private void hold(int octet) {
    held[heldTo++] = (byte) octet;
  }

  private void whiteSpace(int first) throws IOException {
    clear();
    int octet = first;
    while ((octet == ' ' || octet == '\t') && heldTo < MAX_HELD) {
      hold(octet);
      octet = take();
    }
    ahead = octet;
    if (octet == '\r' || octet == '\n' || octet < 0) {
      clear();
    }
  }

  private void clear() {
    heldFrom = 0;
    heldTo = 0;
  }

  // hex-octet := "=" 2(DIGIT / "A" / "B" / "C" / "D" / "E" / "F") ; soft break := "=" *WSP CRLF
  private void escape() throws IOException {
    clear();
    int first = take();
    int high = first < 0 ? -1 : Character.digit(first, 16);
    if (high >= 0) {
      int second = take();
      int low = second < 0 ? -1 : Character.digit(second, 16);
      if (low >= 0) {
        hold(high << 4 | low);
      } else {
        noteMalformed();
        hold('=');
        hold(first);
        ahead = second;
      }
    } else {
      softBreak(first);
    }
  }

  private void softBreak(int first) throws IOException {
    hold('=');
    int octet = first;
    while ((octet == ' ' || octet == '\t') && heldTo < MAX_HELD) {
      hold(octet);
      octet = take();
    }
    if (octet == '\r') {
      clear();
      int lf = take();
      ahead = lf == '\n' ? -2 : lf;
    } else if (octet == '\n' || octet < 0) {
      clear();
      ahead = octet < 0 ? -1 : -2;
    } else {
      noteMalformed();
      ahead = octet;
    }
  }
}
