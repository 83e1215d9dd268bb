package org.muniment.server.capture.files;

import java.io.IOException;

/// What is packed unpacks to so much that it can only be meant to fill a disk.
final class InflationException extends IOException {
  private static final long serialVersionUID = 1L;

  InflationException(long packed, long unpacked) {
    super(
        "%,d octets unpack to more than %,d: no mail is packed like that"
            .formatted(packed, unpacked));
  }
}
