package org.muniment.archive.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// JSON in its one canonical form (RFC 8785, JSON Canonicalization Scheme), for the values that the
/// log needs: objects ([Map]), arrays ([List]), [String], [Boolean], and [Long] within ±(2^53 - 1).
/// Keys are sorted by UTF-16 code units, nothing is indented, and only what must be escaped is.
public final class CanonicalJson {

  /// The largest integer that every JSON reader keeps exactly, 2^53 - 1. Larger ones are written as
  /// decimal strings.
  public static final long MAX_INTEGER = (1L << 53) - 1;

  private static final int MAX_DEPTH = 32;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(16 << 20)
                  .build())
          .build();

  private CanonicalJson() {}

  /// The octets of `value` in canonical form.
  ///
  /// @throws IllegalArgumentException when a value is of another type, an integer is too large, or
  ///   a string holds half a surrogate pair
  public static byte[] write(Map<String, ?> value) {
    StringBuilder out = new StringBuilder(256);
    append(out, value);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Reads an object.
  ///
  /// @throws IllegalArgumentException when the octets are not one JSON object of the values above
  public static Map<String, Object> read(byte[] octets) {
    try (JsonParser parser = JSON.createParser(octets)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("a JSON object is expected");
      }
      Map<String, Object> value = object(parser);
      if (parser.nextToken() != null) {
        throw new IllegalArgumentException("something follows the JSON object");
      }
      return value;
    } catch (IOException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }

  /// Looks that an object is written as [#write] would write it: [#read] takes white space, members
  /// in any order and other encodings, too.
  ///
  /// @throws IllegalArgumentException when it is not
  public static void requireCanonical(byte[] octets) {
    if (!Arrays.equals(write(read(octets)), octets)) {
      throw new IllegalArgumentException("JSON that is not canonical (RFC 8785)");
    }
  }

  private static void append(StringBuilder out, Object value) {
    switch (value) {
      case Map<?, ?> map -> appendObject(out, map);
      case List<?> list -> appendArray(out, list);
      case String text -> appendString(out, text);
      case Boolean truth -> out.append(truth);
      case Long number -> appendInteger(out, number);
      default -> throw new IllegalArgumentException("no JSON for " + value.getClass());
    }
  }

  private static void appendObject(StringBuilder out, Map<?, ?> map) {
    Map<String, Object> sorted = new TreeMap<>();
    map.forEach((key, value) -> sorted.put((String) key, value));
    String separator = "{";
    for (Map.Entry<String, Object> member : sorted.entrySet()) {
      out.append(separator);
      appendString(out, member.getKey());
      out.append(':');
      append(out, member.getValue());
      separator = ",";
    }
    out.append(sorted.isEmpty() ? "{}" : "}");
  }

  private static void appendArray(StringBuilder out, List<?> list) {
    out.append('[');
    for (int i = 0; i < list.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      append(out, list.get(i));
    }
    out.append(']');
  }

  private static void appendInteger(StringBuilder out, long number) {
    if (number < -MAX_INTEGER || number > MAX_INTEGER) {
      throw new IllegalArgumentException(number + " is no exact JSON number");
    }
    out.append(number);
  }

  /// RFC 8785 section 3.2.2.2.
  private static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else if (Character.isSurrogate(c)) {
            i = appendPair(out, text, i);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static int appendPair(StringBuilder out, String text, int at) {
    int codePoint = text.codePointAt(at);
    if (!Character.isSupplementaryCodePoint(codePoint)) {
      throw new IllegalArgumentException("half a surrogate pair has no UTF-8");
    }
    out.appendCodePoint(codePoint);
    return at + 1;
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> members = new TreeMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (members.put(name, value(parser)) != null) {
        throw new IllegalArgumentException("member \"" + name + "\" stands there twice");
      }
    }
    return members;
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return items;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> throw new IllegalArgumentException("no value is " + parser.currentToken());
    };
  }
}
