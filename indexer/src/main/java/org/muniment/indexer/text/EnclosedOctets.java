package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;

/// The octets of a file that stands inside a part, decoded as they are read. Nothing is held: the
/// part is read anew each time.
@FunctionalInterface
public interface EnclosedOctets {

  /// The octets from the first one on; they end where the file does, or where it breaks off.
  InputStream open() throws IOException;
}
