package org.muniment.indexer.mail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.ContentFields.MediaType;

/// A part whose end is not yet known.
final class OpenPart {

  final @Nullable OpenPart parent;
  final int depth;
  final long start;
  long body;
  long linesBefore;
  MediaType mediaType = MediaType.PLAIN;
  ContentFields fields = new ContentFields(List.of());

  String encoding = "7bit";

  /// What is between `--` and the end of a delimiter line; null when no such line counts.
  byte @Nullable [] boundary;

  /// Envelope of the message of which this is the root; null for other parts.
  @Nullable Envelope envelope;

  private final List<Part> children = new ArrayList<>();
  private Part.@Nullable Embedded embedded;
  private long contentEnd;

  OpenPart(@Nullable OpenPart parent, long start) {
    this.parent = parent;
    this.depth = parent == null ? 1 : parent.depth + 1;
    this.start = start;
    this.body = start;
  }

  boolean hasChildren() {
    return !children.isEmpty();
  }

  /// Whether this is the root of a message.
  boolean isRoot() {
    return parent == null || parent.mediaType.isMessage();
  }

  /// Ends the part and hands it to its parent.
  Part close(long end, long lines) {
    Part part =
        new Part(
            mediaType.type(),
            mediaType.subtype(),
            mediaType.parameters(),
            fields.text("Content-ID").orElse(null),
            fields.text("Content-Description").orElse(null),
            encoding,
            fields.text("Content-MD5").orElse(null),
            fields.disposition().orElse(null),
            fields.languages(),
            fields.text("Content-Location").orElse(null),
            start,
            body,
            end,
            lines,
            children,
            embedded);
    if (parent != null) {
      parent.adopt(part, envelope);
    }
    return part;
  }

  /// Where the part can end at the earliest.
  long leastEnd() {
    return Math.max(body, contentEnd);
  }

  private void adopt(Part part, @Nullable Envelope partEnvelope) {
    contentEnd = part.end();
    if (partEnvelope == null) {
      children.add(part);
    } else {
      embedded = new Part.Embedded(partEnvelope, part);
    }
  }
}
