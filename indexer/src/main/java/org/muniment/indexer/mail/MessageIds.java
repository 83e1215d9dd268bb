package org.muniment.indexer.mail;

import java.util.List;

/// Message ids (RFC 5322 section 3.6.4).
public final class MessageIds {

  private MessageIds() {}

  /// The ids of a field, without brackets, in order, each once.
  public static List<String> parse(String raw) {
    return unwritten(raw);
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
