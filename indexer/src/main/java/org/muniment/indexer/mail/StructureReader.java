package org.muniment.indexer.mail;

import java.io.IOException;
import java.io.InputStream;

/// Finds the structure of a message in one pass over its octets.
public final class StructureReader {

  /// Deepest nesting of parts that is read; what is deeper stays a leaf.
  public static final int MAX_DEPTH = 50;

  private StructureReader() {}

  /// Reads a message to its end.
  ///
  /// @throws IOException only the stream's own
  public static Structure read(InputStream octets) throws IOException {
    return unwritten(octets.toString());
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
