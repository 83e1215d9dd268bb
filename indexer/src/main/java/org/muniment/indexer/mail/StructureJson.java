package org.muniment.indexer.mail;

/// A structure as compact JSON, for a column of the catalogue.
public final class StructureJson {

  private StructureJson() {}

  /// The JSON of a structure, in UTF-8.
  public static byte[] write(Structure structure) {
    return unwritten(structure.toString());
  }

  /// The structure that was written.
  ///
  /// @throws IllegalArgumentException where these octets were not written by [#write]
  public static Structure read(byte[] json) {
    return unwritten("" + json.length);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
