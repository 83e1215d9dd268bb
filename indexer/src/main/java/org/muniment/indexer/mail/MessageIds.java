package org.muniment.indexer.mail;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Message ids (RFC 5322 section 3.6.4).
public final class MessageIds {

  /// Most ids that are read of a field; the first and the last ones matter to a thread.
  public static final int MAX_IDS = 1000;

  private MessageIds() {}

  // msg-id = [CFWS] "<" id-left "@" id-right ">" [CFWS]
  /// The ids of a field, without brackets and white space, in order, each once. A field without any
  /// bracket is one id where it has an `@`.
  ///
  /// @param raw value of a field, each octet one ISO-8859-1 character
  public static List<String> parse(String raw) {
    Set<String> ids = new LinkedHashSet<>();
    int open = raw.indexOf('<');
    while (open >= 0 && ids.size() < MAX_IDS) {
      int close = raw.indexOf('>', open);
      if (close < 0) {
        break;
      }
      add(ids, raw.substring(raw.lastIndexOf('<', close) + 1, close));
      open = raw.indexOf('<', close);
    }
    if (ids.isEmpty() && raw.indexOf('<') < 0 && raw.indexOf('@') >= 0) {
      add(ids, raw);
    }
    return List.copyOf(ids);
  }

  private static void add(Set<String> ids, String text) {
    StringBuilder id = new StringBuilder(text.length());
    text.chars().filter(c -> !HeaderCursor.isSpace((char) c)).forEach(c -> id.append((char) c));
    if (!id.isEmpty()) {
      ids.add(id.toString());
    }
  }
}
