package org.muniment.server.restore;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.muniment.archive.event.ContentId;

/// What is the same of a message before and after a mail server has stored it in its own way.
///
/// @param lines SHA-256 of the octets with every line end (CRLF, lone LF, lone CR) as LF, without
///   those at the end of the message
/// @param text the same without NUL, which IMAP forbids, and without 0x80, which servers put in its
///   place
record Fingerprint(ContentId lines, ContentId text) {

  private static final int BUFFER = 16 << 10;

  /// Reads a message to its end.
  static Fingerprint of(InputStream message) throws IOException {
    Lines lines = new Lines();
    byte[] buffer = new byte[BUFFER];
    for (int count = message.read(buffer); count >= 0; count = message.read(buffer)) {
      for (int i = 0; i < count; i++) {
        lines.accept(buffer[i]);
      }
    }
    return lines.end();
  }

  private static final class Lines {
    private final byte[] out = new byte[BUFFER];
    private final byte[] plain = new byte[BUFFER];
    private final MessageDigest lines = sha256();
    private final MessageDigest text = sha256();
    private int outLength;
    private int plainLength;
    private long ends;
    private boolean afterCr;

    void accept(byte octet) {
      if (octet == '\n' && afterCr) {
        afterCr = false;
        return;
      }
      afterCr = octet == '\r';
      if (octet == '\r' || octet == '\n') {
        ends++;
        return;
      }
      for (; ends > 0; ends--) {
        put((byte) '\n');
      }
      put(octet);
    }

    private void put(byte octet) {
      if (outLength == BUFFER) {
        flush();
      }
      out[outLength++] = octet;
      if (octet != 0 && octet != (byte) 0x80) {
        plain[plainLength++] = octet;
      }
    }

    private void flush() {
      lines.update(out, 0, outLength);
      text.update(plain, 0, plainLength);
      outLength = 0;
      plainLength = 0;
    }

    Fingerprint end() {
      flush();
      return new Fingerprint(ContentId.of(lines.digest()), ContentId.of(text.digest()));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
