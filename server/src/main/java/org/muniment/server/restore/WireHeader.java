package org.muniment.server.restore;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.muniment.archive.event.ContentId;

/// The header of a message as a mail server gives it (RFC 9051 section 6.4.5.1), whatever line ends
/// the message came with: up to and with the first empty line, all of it when there is none.
final class WireHeader {

  private static final int TOGETHER = 8 << 10;

  private WireHeader() {}

  /// Reads the header.
  ///
  /// @return SHA-256 of it, with CRLF for every lone LF
  static ContentId of(InputStream message) throws IOException {
    InputStream in = new BufferedInputStream(message);
    MessageDigest digest = sha256();
    ByteArrayOutputStream some = new ByteArrayOutputStream(TOGETHER);
    int before = '\n';
    int line = 0;
    for (int octet = in.read(); octet >= 0; octet = in.read()) {
      if (octet == '\n' && before != '\r') {
        some.write('\r');
        line++;
      }
      some.write(octet);
      line++;
      if (octet == '\n') {
        if (line == 2) {
          break;
        }
        line = 0;
      }
      if (some.size() >= TOGETHER) {
        digest.update(some.toByteArray());
        some.reset();
      }
      before = octet;
    }
    digest.update(some.toByteArray());
    return ContentId.of(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
