package org.muniment.indexer.mail;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;

/// UTF-7 (RFC 2152), to be read only.
///
/// ```
/// text = *( direct / "+-" / "+" *base64 [ "-" ] )
/// ```
final class Utf7 extends Charset {

  private static final int UTF16_BITS = 16;

  Utf7() {
    super("UTF-7", null);
  }

  @Override
  public boolean contains(Charset other) {
    return false;
  }

  @Override
  public boolean canEncode() {
    return false;
  }

  @Override
  public CharsetEncoder newEncoder() {
    throw new UnsupportedOperationException("UTF-7 is only read");
  }

  @Override
  public CharsetDecoder newDecoder() {
    return new Decoder(this);
  }

  private static final class Decoder extends CharsetDecoder {
    private boolean shifted;
    private boolean first;
    private int bits;
    private int count;

    Decoder(Charset charset) {
      super(charset, 1, 1);
    }

    @Override
    protected void implReset() {
      shifted = false;
      bits = 0;
      count = 0;
    }

    @Override
    protected CoderResult decodeLoop(ByteBuffer in, CharBuffer out) {
      while (in.hasRemaining()) {
        if (!out.hasRemaining()) {
          return CoderResult.OVERFLOW;
        }
        int octet = in.get(in.position()) & 0xFF;
        if (octet > '~') {
          return CoderResult.malformedForLength(1);
        }
        in.position(in.position() + 1);
        if (shifted) {
          shifted(octet, out);
        } else if (octet == '+') {
          shifted = true;
          first = true;
        } else {
          out.put((char) octet);
        }
      }
      return CoderResult.UNDERFLOW;
    }

    private void shifted(int octet, CharBuffer out) {
      int sextet = HeaderText.sextet((char) octet);
      if (sextet >= 0) {
        bits = (bits << 6) | sextet;
        count += 6;
        if (count >= UTF16_BITS) {
          count -= UTF16_BITS;
          out.put((char) (bits >> count));
        }
      } else {
        if (octet != '-' || first) {
          out.put(octet == '-' ? '+' : (char) octet);
        }
        implReset();
      }
      first = false;
    }
  }
}
