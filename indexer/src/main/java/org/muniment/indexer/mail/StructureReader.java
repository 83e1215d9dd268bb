package org.muniment.indexer.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.ContentFields.MediaType;
import org.muniment.indexer.mail.HeaderFields.Field;

/// Finds the structure of a message in one pass over its octets (RFC 5322, 2045, 2046).
///
/// Malformed mail is read as Dovecot reads it: LF ends a line as CRLF does and a CR alone does not;
/// a header ends only at an empty line or at a delimiter; a delimiter line is one that begins with
/// a boundary, the longest where several fit, and an empty boundary begins each line with `--`; a
/// delimiter at the very end, without a line break, begins no part. A message/rfc822 part in base64
/// or quoted-printable, which RFC 2046 forbids, is a leaf.
public final class StructureReader {

  /// Deepest nesting of parts that is read; a multipart or message at that depth is a leaf
  /// application/octet-stream.
  public static final int MAX_DEPTH = 100;

  /// Most parts of a message; after them no delimiter counts.
  public static final int MAX_PARTS = 10_000;

  /// Most octets that are kept of one header.
  static final int MAX_HEADER = HeaderFields.MAX_OCTETS;

  /// Most octets that are kept of all headers of a message.
  static final int MAX_HEADERS = 8 << 20;

  /// Longest boundary (RFC 2046 allows 70); of a longer one the beginning counts.
  public static final int MAX_BOUNDARY = 256;

  private final OctetLines lines;
  private final Defects defects = new Defects();

  private OpenPart part;
  private @Nullable FieldCollector header;
  private int parts = 1;
  private int headerOctets;
  private boolean inDelimiterLine;
  private long lineBreaks;
  private int lastBreak;
  private List<String> references = List.of();
  private @Nullable Envelope envelope;
  private @Nullable Part root;

  private StructureReader(InputStream octets) {
    lines = new OctetLines(octets);
    part = new OpenPart(null, 0);
    header = collector(part);
  }

  /// Reads a message to its end.
  ///
  /// @throws IOException only the stream's own
  public static Structure read(InputStream octets) throws IOException {
    return new StructureReader(octets).structure();
  }

  private Structure structure() throws IOException {
    while (lines.next()) {
      noteNul();
      take();
      if (lines.endsLine()) {
        lastBreak = lines.breakLength();
        lineBreaks += lastBreak > 0 ? 1 : 0;
      }
    }
    return finish(lines.nextOffset());
  }

  private void take() {
    OpenPart owner = lines.beginsLine() ? delimited() : null;
    if (owner != null) {
      delimiter(owner);
    } else if (!inDelimiterLine) {
      content();
    }
    if (inDelimiterLine && lines.endsLine()) {
      delimiterEnded();
    }
  }

  private void content() {
    if (header == null) {
      body();
    } else if (lines.beginsLine() && lines.length() == 0) {
      headerEnded(lines.nextOffset(), lineBreaks + 1);
    } else {
      header.take(lines);
    }
  }

  private void noteNul() {
    if (!defects.has(Defect.Kind.NUL) && lines.hasNul()) {
      defects.add(Defect.Kind.NUL, lines.offset());
    }
  }

  private void body() {
    if (!defects.has(Defect.Kind.MALFORMED_ENCODING)
        && part.boundary == null
        && !part.hasChildren()
        && !EncodedLine.isLegal(part.encoding, lines)) {
      defects.add(Defect.Kind.MALFORMED_ENCODING, lines.offset());
    }
  }

  // delimiter := CRLF "--" boundary
  /// The part to which the boundary belongs that the line begins with; null when it is no
  /// delimiter. An exact line wins, else the longest boundary, else the innermost part.
  private @Nullable OpenPart delimited() {
    if (lines.length() < 2 || lines.at(0) != '-' || lines.at(1) != '-') {
      return null;
    }
    OpenPart best = null;
    int longest = -1;
    for (OpenPart open = part; open != null; open = open.parent) {
      byte[] boundary = open.boundary;
      if (boundary != null && boundary.length > longest && lines.startsWith(boundary, 2)) {
        best = open;
        longest = boundary.length;
        if (isExact(longest)) {
          break;
        }
      }
    }
    if (best != null && parts >= MAX_PARTS) {
      if (!defects.has(Defect.Kind.TOO_MANY_PARTS)) {
        defects.add(Defect.Kind.TOO_MANY_PARTS, lines.offset());
      }
      return null;
    }
    return best;
  }

  private boolean isExact(int boundaryLength) {
    int rest = lines.length() - 2 - boundaryLength;
    return rest == 0 || (rest == 2 && closes(boundaryLength));
  }

  // close-delimiter := delimiter "--"
  private boolean closes(int boundaryLength) {
    int at = 2 + boundaryLength;
    return lines.length() >= at + 2 && lines.at(at) == '-' && lines.at(at + 1) == '-';
  }

  private void delimiter(OpenPart owner) {
    int boundaryLength = Objects.requireNonNull(owner.boundary).length;
    endParts(owner, lines.offset() - lastBreak, lineBreaks - (lastBreak > 0 ? 1 : 0));
    inDelimiterLine = true;
    if (closes(boundaryLength)) {
      if (!owner.hasChildren()) {
        defects.add(Defect.Kind.BOUNDARY_NOT_FOUND, owner.start);
      }
      owner.boundary = null;
    }
  }

  private void delimiterEnded() {
    inDelimiterLine = false;
    if (part.boundary != null && lines.breakLength() > 0) {
      open(part, lines.nextOffset());
    }
  }

  /// Ends all parts inside a part; null stands for the outside of the message.
  private void endParts(@Nullable OpenPart owner, long end, long linesAtEnd) {
    while (header != null) {
      headerEnded(Math.max(part.start, end), linesAtEnd);
    }
    for (OpenPart open = part; open != owner && open != null; open = open.parent) {
      root = close(open, end, linesAtEnd);
    }
    part = owner == null ? part : owner;
  }

  private Structure finish(long length) {
    endParts(null, length, lineBreaks);
    if (length == 0) {
      defects.add(Defect.Kind.EMPTY, 0);
    }
    return new Structure(
        Objects.requireNonNull(envelope),
        Objects.requireNonNull(root),
        references,
        defects.inOrder(),
        length);
  }

  private void open(OpenPart parent, long start) {
    parts++;
    part = new OpenPart(parent, start);
    header = collector(part);
  }

  private FieldCollector collector(OpenPart open) {
    int most = Math.min(MAX_HEADER, MAX_HEADERS - headerOctets);
    return open.isRoot()
        ? new FieldCollector(
            n -> ContentFields.isContentField(n) || EnvelopeFields.isEnvelopeField(n), most)
        : new FieldCollector(ContentFields::isContentField, most);
  }

  private void headerEnded(long body, long linesBefore) {
    FieldCollector ended = header;
    if (ended == null) {
      return;
    }
    header = null;
    part.body = body;
    part.linesBefore = linesBefore;
    List<Field> fields = ended.finish();
    headerOctets += ended.kept();
    noteHeader(ended);
    describe(fields);
    if (part.isRoot()) {
      envelope(fields);
    }
    enter();
  }

  private void noteHeader(FieldCollector ended) {
    if (ended.malformed()) {
      defects.add(Defect.Kind.MALFORMED_HEADER_LINE, part.start);
    }
    if (ended.cut() || part.body - part.start > MAX_HEADER) {
      defects.add(Defect.Kind.HEADER_TOO_LONG, part.start);
    }
    if (part.parent == null && part.body > 0 && !ended.hasField()) {
      defects.add(Defect.Kind.NO_HEADER, part.start);
    }
  }

  private void describe(List<Field> fields) {
    ContentFields content = new ContentFields(fields);
    part.fields = content;
    part.encoding = content.encoding();
    part.mediaType = content.mediaType(isInDigest() ? MediaType.MESSAGE : MediaType.PLAIN);
    if (!part.mediaType.understood()) {
      defects.add(Defect.Kind.MALFORMED_CONTENT_TYPE, part.start);
    }
    if (!content.knowsEncoding()) {
      defects.add(Defect.Kind.UNKNOWN_ENCODING, part.start);
    }
    if (part.mediaType.parameter("charset").filter(c -> Charsets.find(c).isEmpty()).isPresent()) {
      defects.add(Defect.Kind.MALFORMED_CHARSET, part.start);
    }
  }

  private boolean isInDigest() {
    OpenPart parent = part.parent;
    return parent != null
        && parent.mediaType.isMultipart()
        && parent.mediaType.subtype().equals("digest");
  }

  private void envelope(List<Field> fields) {
    EnvelopeFields found = new EnvelopeFields(fields);
    part.envelope = found.envelope();
    if (found.hasMalformedAddress()) {
      defects.add(Defect.Kind.MALFORMED_ADDRESS, part.start);
    }
    String date = found.text("Date");
    if (date != null && SentDate.parse(date).isEmpty()) {
      defects.add(Defect.Kind.MALFORMED_DATE, part.start);
    }
    if (part.parent == null) {
      envelope = part.envelope;
      references = found.references();
    }
  }

  /// Goes on inside a multipart or a message.
  private void enter() {
    MediaType mediaType = part.mediaType;
    boolean message = mediaType.isMessage() && !EncodedLine.isEncoded(part.encoding);
    if (!message && !mediaType.isMultipart()) {
      return;
    }
    if (part.depth >= MAX_DEPTH) {
      part.mediaType = new MediaType("application", "octet-stream", mediaType.parameters(), true);
      defects.add(Defect.Kind.TOO_DEEP, part.start);
    } else if (mediaType.isMultipart()) {
      multipart();
    } else if (parts < MAX_PARTS) {
      open(part, part.body);
    } else {
      defects.add(Defect.Kind.TOO_MANY_PARTS, part.start);
    }
  }

  private void multipart() {
    Optional<String> boundary = part.mediaType.parameter("boundary");
    if (boundary.isEmpty()) {
      defects.add(Defect.Kind.NO_BOUNDARY, part.start);
    } else {
      byte[] octets = boundary.get().getBytes(StandardCharsets.ISO_8859_1);
      part.boundary = Arrays.copyOf(octets, Math.min(octets.length, MAX_BOUNDARY));
    }
  }

  private Part close(OpenPart open, long end, long linesAtEnd) {
    if (open.boundary != null && !defects.has(Defect.Kind.TOO_MANY_PARTS)) {
      defects.add(
          open.hasChildren() ? Defect.Kind.BOUNDARY_NOT_CLOSED : Defect.Kind.BOUNDARY_NOT_FOUND,
          open.start);
    }
    // The line break before a delimiter stays inside where something has begun after it.
    long last = Math.max(end, open.leastEnd());
    long linesAtLast = linesAtEnd + (last > end ? 1 : 0);
    return open.close(last, last > open.body ? linesAtLast - open.linesBefore : 0);
  }
}
