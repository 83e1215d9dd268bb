package org.muniment.indexer.text;

import java.io.IOException;
import org.muniment.indexer.mail.Part;

/// The text of a text part.
public final class PartText {

  /// Most characters of a part that are read.
  public static final int MAX_CHARS = 8 << 20;

  private PartText() {}

  /// Reads a leaf.
  ///
  /// @throws IOException only the source's own
  public static Extracted read(Part leaf, OctetSource octets) throws IOException {
    return unwritten(leaf + "" + octets);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
