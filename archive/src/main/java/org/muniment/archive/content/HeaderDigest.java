package org.muniment.archive.content;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Digests the header of the message that is read through it: up to and with the first empty line,
/// as `BODY[HEADER]` gives it (RFC 9051 section 6.4.5.1); all of it when there is none.
public final class HeaderDigest extends FilterInputStream {

  private final MessageDigest digest = sha256();

  /// Whether the line has anything but a CR at its end.
  private boolean lineHasMore;

  private boolean afterCr;
  private boolean ended;

  public HeaderDigest(InputStream message) {
    super(message);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int read() throws IOException {
    int octet = in.read();
    if (octet >= 0 && !ended) {
      digest.update((byte) octet);
      follow(octet);
    }
    return octet;
  }

  @Override
  public int read(byte[] octets, int offset, int length) throws IOException {
    int read = in.read(octets, offset, length);
    int at = offset;
    while (at < offset + read && !ended) {
      follow(octets[at++]);
    }
    digest.update(octets, offset, at - offset);
    return read;
  }

  private void follow(int octet) {
    if (octet == '\n') {
      ended = !lineHasMore;
      lineHasMore = false;
      afterCr = false;
    } else {
      lineHasMore |= octet != '\r' || afterCr;
      afterCr = octet == '\r';
    }
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /// The digest of the header, as far as it was read. To be asked once.
  public byte[] digest() {
    return digest.digest();
  }
}
