package org.muniment.server.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// What became of one message.
///
/// @param box number of its mailbox in the plan
/// @param uid its UID in that mailbox
/// @param span where it lies, null where it is not in the export
/// @param row what the manifest says of it
record Line(int box, long uid, @Nullable Span span, ObjectNode row) {

  /// Where a message lies.
  ///
  /// @param path of the file, or of the file in the zip
  /// @param at offset in the file that was written
  /// @param length octets there
  /// @param crc CRC-32 of the message, 0 where none is needed
  record Span(String path, long at, long length, long crc) {

    long end() {
      return at + length;
    }
  }

  ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("box", box).put("uid", uid);
    if (span != null) {
      json.putObject("span")
          .put("path", span.path)
          .put("at", span.at)
          .put("length", span.length)
          .put("crc", span.crc);
    }
    json.set("row", row);
    return json;
  }

  static Line of(JsonNode json) {
    JsonNode span = json.path("span");
    return new Line(
        json.path("box").asInt(),
        json.path("uid").asLong(),
        span.isMissingNode()
            ? null
            : new Span(
                span.path("path").asText(),
                span.path("at").asLong(),
                span.path("length").asLong(),
                span.path("crc").asLong()),
        (ObjectNode) json.path("row"));
  }

  /// SHA-256 of the octets, hex.
  String sha256() {
    return row.path("sha256").asText();
  }

  long octets() {
    return row.path("octets").asLong();
  }
}
