package org.muniment.server.view.imap.message;

import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Uid;
import org.muniment.archive.store.ArchiveException;
import org.muniment.indexer.mail.HeaderFilter;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.DecodedPart;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.imap.wire.ImapWriter;

/// FETCH responses (RFC 9051 section 7.5.2). Octets of messages go from the archive to the client
/// through the writer's buffer alone.
public final class FetchWriter {

  // ABNF: date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("\"dd-MMM-uuuu HH:mm:ss xx\"", Locale.ROOT);

  /// Octets whose number is not known beforehand are read once up to this size, else twice.
  private static final int MAX_KEPT = 64 << 10;

  private final ImapWriter out;
  private final ReadModel model;
  private final List<Asked> items;
  private Map<Uid, ListedFields> listed = Map.of();
  private int unreadable;
  private int undecodable;

  public FetchWriter(ImapWriter out, ReadModel model, List<FetchItem> items) {
    this.out = out;
    this.model = model;
    this.items = items.stream().map(Asked::of).toList();
  }

  /// An item, and what of it is the same for all messages.
  ///
  /// @param listed names of the header fields, in lower case, where it asks for nothing but what is
  ///   kept for lists; else empty
  private record Asked(FetchItem item, Set<String> listed) {
    static Asked of(FetchItem item) {
      return item instanceof FetchItem.Content content && content.section().isListed()
          ? new Asked(
              item,
              content.section().fields().stream()
                  .map(name -> name.toLowerCase(Locale.ROOT))
                  .collect(Collectors.toUnmodifiableSet()))
          : new Asked(item, Set.of());
    }
  }

  /// Says what is kept of the headers of the messages that come next.
  public void list(Map<Uid, ListedFields> fields) {
    listed = fields;
  }

  /// Number of items written as NIL because the archive did not give their octets.
  public int unreadable() {
    return unreadable;
  }

  /// Number of items written as NIL because their transfer encoding is not known.
  public int undecodable() {
    return undecodable;
  }

  // ABNF: message-data = nz-number SP "FETCH" SP "(" msg-att ")"
  /// Writes one response.
  public void write(MessageRow row) throws IOException {
    out.raw("* ").number(row.sequence()).raw(" FETCH ");
    String before = "(";
    for (Asked asked : items) {
      out.raw(before);
      ListedFields kept = asked.listed().isEmpty() ? null : listed.get(row.uid());
      if (kept != null && asked.item() instanceof FetchItem.Content content) {
        listed(content, kept.only(asked.listed()));
      } else {
        write(asked.item(), row);
      }
      before = " ";
    }
    out.raw(")").crlf();
  }

  private void listed(FetchItem.Content content, byte[] fields) throws IOException {
    Section.Range range = cut(new Section.Range(0, fields.length), content.partial());
    int start = Math.toIntExact(range.start());
    int length = Math.toIntExact(range.end()) - start;
    out.raw(content.label()).sp();
    out.literal(length, new ByteArrayInputStream(fields, start, length));
  }

  private void write(FetchItem item, MessageRow row) throws IOException {
    switch (item) {
      case FetchItem.Attribute.FLAGS -> out.raw("FLAGS ").list(new TreeSet<>(row.flags()));
      case FetchItem.Attribute.MODSEQ -> out.raw("MODSEQ (").number(row.modSeq()).raw(")");
      case FetchItem.Attribute.UID -> out.raw("UID ").number(row.uid().value());
      case FetchItem.Attribute.SIZE -> out.raw("RFC822.SIZE ").number(row.length());
      case FetchItem.Attribute.INTERNALDATE ->
          out.raw("INTERNALDATE ").raw(dateTime(row.internalDate()));
      case FetchItem.Attribute.SAVEDATE -> out.raw("SAVEDATE ").raw(dateTime(row.saved()));
      case FetchItem.Attribute.ENVELOPE -> {
        out.raw("ENVELOPE ");
        new EnvelopeWriter(out).write(row.structure().envelope());
      }
      case FetchItem.Attribute.EMAILID -> out.raw("EMAILID (").raw(ObjectIds.email(row)).raw(")");
      case FetchItem.Attribute.THREADID ->
          out.raw("THREADID (").raw(ObjectIds.thread(row)).raw(")");
      case FetchItem.Attribute.PREVIEW -> preview(row);
      case FetchItem.Attribute.BODY -> {
        out.raw("BODY ");
        new BodyStructureWriter(out, false).write(row.root());
      }
      case FetchItem.Attribute.BODYSTRUCTURE -> {
        out.raw("BODYSTRUCTURE ");
        new BodyStructureWriter(out, true).write(row.root());
      }
      case FetchItem.Content content -> {
        out.raw(content.label()).sp();
        content(content, row);
      }
      case FetchItem.Binary binary -> binary(binary, row);
      case FetchItem.BinarySize(var path) -> {
        out.raw("BINARY.SIZE[").raw(path.toString()).raw("] ");
        binarySize(path, row);
      }
    }
  }

  /// The RFC has no NIL for octets that cannot be read: there is no preview of them.
  private void preview(MessageRow row) throws IOException {
    String text = "";
    try {
      text = Preview.of(row.root(), offset -> model.octets(row, offset));
    } catch (FileNotFoundException | ArchiveException | UncheckedIOException e) {
      unreadable++;
    }
    out.raw("PREVIEW ").utf8(text);
  }

  private static String dateTime(Instant instant) {
    return DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
  }

  private void content(FetchItem.Content content, MessageRow row) throws IOException {
    Section.Range range = content.section().of(row);
    if (range == null) {
      // There is no such part. RFC 3501 does not say what to answer; others answer this.
      out.string("");
    } else if (content.section().asksForFields()) {
      fields(content, row, range);
    } else {
      octets(cut(range, content.partial()), row);
    }
  }

  private static Section.Range cut(Section.Range range, FetchItem.@Nullable Partial partial) {
    if (partial == null) {
      return range;
    }
    long start = range.start() + Math.min(partial.offset(), range.end() - range.start());
    return new Section.Range(start, start + Math.min(partial.length(), range.end() - start));
  }

  private void octets(Section.Range range, MessageRow row) throws IOException {
    if (range.start() == range.end()) {
      out.string("");
      return;
    }
    try (InputStream octets = open(row, range.start())) {
      if (octets == null) {
        out.raw("NIL");
      } else {
        out.literal(range.end() - range.start(), octets);
      }
    }
  }

  private void fields(FetchItem.Content content, MessageRow row, Section.Range header)
      throws IOException {
    measured(
        () -> openFields(content.section(), row, header), content.partial(), /* binary= */ false);
  }

  /// Opens octets whose number is not known; null when the archive does not give them.
  @FunctionalInterface
  private interface Opening {
    @Nullable InputStream open() throws IOException;
  }

  /// @param binary whether NUL may be among them
  private void measured(Opening opening, FetchItem.@Nullable Partial partial, boolean binary)
      throws IOException {
    long most = partial == null ? Long.MAX_VALUE : partial.offset() + partial.length();
    byte[] kept;
    long length;
    try (InputStream octets = opening.open()) {
      if (octets == null) {
        out.raw("NIL");
        return;
      }
      kept = octets.readNBytes((int) Math.min(MAX_KEPT, most));
      length = kept.length + octets.skip(most - kept.length);
    }
    Section.Range range = cut(new Section.Range(0, length), partial);
    boolean mayHoldNul = binary && (length > kept.length || hasNul(kept));
    try (InputStream octets =
        length == kept.length ? new ByteArrayInputStream(kept) : opening.open()) {
      if (octets == null) {
        out.raw("NIL");
        return;
      }
      octets.skipNBytes(range.start());
      if (mayHoldNul) {
        out.literal8(range.end() - range.start(), octets);
      } else {
        out.literal(range.end() - range.start(), octets);
      }
    }
  }

  private static boolean hasNul(byte[] octets) {
    for (byte octet : octets) {
      if (octet == 0) {
        return true;
      }
    }
    return false;
  }

  // ABNF: "BINARY" section-binary ["<" number ">"] SP (nstring / literal8)
  private void binary(FetchItem.Binary binary, MessageRow row) throws IOException {
    out.raw("BINARY[").raw(binary.path().toString()).raw("]");
    if (binary.partial() != null) {
      out.raw("<").number(binary.partial().offset()).raw(">");
    }
    out.sp();
    if (binary.path().numbers().isEmpty()) {
      stored(cut(new Section.Range(0, row.length()), binary.partial()), row);
      return;
    }
    @Nullable Part part = Section.part(binary.path(), row).orElse(null);
    if (part == null) {
      out.string("");
    } else if (DecodedPart.isIdentity(part)) {
      stored(cut(new Section.Range(part.body(), part.end()), binary.partial()), row);
    } else if (!DecodedPart.isKnown(part)) {
      undecodable++;
      out.raw("NIL");
    } else {
      measured(() -> decoded(part, row), binary.partial(), /* binary= */ true);
    }
  }

  // ABNF: "BINARY.SIZE" section-binary SP number
  /// Where it is not known it is 0, and the command says why.
  private void binarySize(PartPath path, MessageRow row) throws IOException {
    if (path.numbers().isEmpty()) {
      out.number(row.length());
      return;
    }
    @Nullable Part part = Section.part(path, row).orElse(null);
    if (part == null || DecodedPart.isIdentity(part)) {
      out.number(part == null ? 0 : part.size());
    } else if (!DecodedPart.isKnown(part)) {
      undecodable++;
      out.number(0);
    } else {
      try (InputStream octets = decoded(part, row)) {
        out.number(octets == null ? 0 : octets.skip(Long.MAX_VALUE));
      }
    }
  }

  /// Octets as they were archived.
  private void stored(Section.Range range, MessageRow row) throws IOException {
    try (InputStream octets = open(row, range.start())) {
      if (octets == null) {
        out.raw("NIL");
      } else {
        out.literal8(range.end() - range.start(), octets);
      }
    }
  }

  /// The octets of a part without their transfer encoding, null when the archive does not give
  /// them.
  private @Nullable InputStream decoded(Part part, MessageRow row) throws IOException {
    @Nullable InputStream octets = open(row, part.body());
    return octets == null ? null : DecodedPart.open(part, offset -> octets);
  }

  private @Nullable InputStream openFields(Section section, MessageRow row, Section.Range header)
      throws IOException {
    InputStream octets = open(row, header.start());
    return octets == null
        ? null
        : new HeaderFilter(
            new RangeStream(octets, header.end() - header.start()),
            section.fields(),
            section.text() == Section.Text.HEADER_FIELDS_NOT);
  }

  /// The octets from `offset` on, null when the archive does not give them.
  private @Nullable InputStream open(MessageRow row, long offset) throws IOException {
    try {
      return model.octets(row, offset);
    } catch (FileNotFoundException | ArchiveException | UncheckedIOException e) {
      unreadable++;
      return null;
    }
  }
}
