package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;

/// 7bit, 8bit, binary: the octets as they are.
final class IdentityDecoder extends TransferDecoder {

  IdentityDecoder(InputStream octets) {
    super(octets);
  }

  @Override
  int decode() throws IOException {
    return next();
  }
}
