package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import org.muniment.indexer.mail.Part;

/// The octets of a part without their transfer encoding.
public final class DecodedPart {

  private DecodedPart() {}

  /// Opens the body of a part; wrong octets are left out.
  public static InputStream open(Part part, OctetSource octets) throws IOException {
    return unwritten(part + "" + octets);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
