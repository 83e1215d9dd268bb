package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;

/// The octets of one message, wherever they lie.
@FunctionalInterface
public interface OctetSource {

  /// The octets from an offset to the end of the message.
  ///
  /// @param offset from 0; at or beyond the length of the message there are none
  InputStream open(long offset) throws IOException;
}
