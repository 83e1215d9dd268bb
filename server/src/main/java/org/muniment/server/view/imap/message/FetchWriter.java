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
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.store.ArchiveException;
import org.muniment.indexer.mail.Structure;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.imap.wire.ImapWriter;

/// FETCH responses (RFC 9051 section 7.5.2). Octets of messages go from the archive to the client
/// through the writer's buffer alone.
public final class FetchWriter {

  // ABNF: date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("\"dd-MMM-uuuu HH:mm:ss xx\"", Locale.ROOT);

  /// Selected header fields up to this size are read once, larger ones twice.
  private static final int MAX_FIELDS_KEPT = 64 << 10;

  private final ImapWriter out;
  private final ReadModel model;
  private final List<FetchItem> items;
  private int unreadable;

  public FetchWriter(ImapWriter out, ReadModel model, List<FetchItem> items) {
    this.out = out;
    this.model = model;
    this.items = List.copyOf(items);
  }

  /// Number of items written as NIL because the archive did not give their octets.
  public int unreadable() {
    return unreadable;
  }

  // ABNF: message-data = nz-number SP "FETCH" SP "(" msg-att ")"
  /// Writes one response.
  public void write(MessageRow row) throws IOException {
    write(row, false);
  }

  /// Writes one response.
  ///
  /// @param withFlags whether to show the flags, also where they were not asked for
  public void write(MessageRow row, boolean withFlags) throws IOException {
    out.raw("* ").number(row.sequence()).raw(" FETCH ");
    String before = "(";
    for (FetchItem item : items) {
      out.raw(before);
      write(item, row);
      before = " ";
    }
    if (withFlags && !items.contains(FetchItem.Attribute.FLAGS)) {
      out.sp();
      write(FetchItem.Attribute.FLAGS, row);
    }
    out.raw(")").crlf();
  }

  private void write(FetchItem item, MessageRow row) throws IOException {
    switch (item) {
      case FetchItem.Attribute.FLAGS -> out.raw("FLAGS ").list(new TreeSet<>(row.flags()));
      case FetchItem.Attribute.UID -> out.raw("UID ").number(row.uid().value());
      case FetchItem.Attribute.SIZE -> out.raw("RFC822.SIZE ").number(row.length());
      case FetchItem.Attribute.INTERNALDATE ->
          out.raw("INTERNALDATE ").raw(dateTime(row.internalDate()));
      case FetchItem.Attribute.SAVEDATE -> out.raw("SAVEDATE ").raw(dateTime(row.saved()));
      case FetchItem.Attribute.ENVELOPE -> {
        out.raw("ENVELOPE ");
        new EnvelopeWriter(out).write(structure(row).envelope());
      }
      case FetchItem.Attribute.BODY -> {
        out.raw("BODY ");
        new BodyStructureWriter(out, false).write(structure(row).root());
      }
      case FetchItem.Attribute.BODYSTRUCTURE -> {
        out.raw("BODYSTRUCTURE ");
        new BodyStructureWriter(out, true).write(structure(row).root());
      }
      case FetchItem.Content content -> {
        out.raw(content.label()).sp();
        content(content, row);
      }
    }
  }

  private static String dateTime(Instant instant) {
    return DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
  }

  private static Structure structure(MessageRow row) {
    if (row.structure() == null) {
      throw new IllegalArgumentException("the item needs the structure of the message");
    }
    return row.structure();
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
    byte[] kept;
    long length;
    try (InputStream fields = openFields(content.section(), row, header)) {
      if (fields == null) {
        out.raw("NIL");
        return;
      }
      kept = fields.readNBytes(MAX_FIELDS_KEPT);
      length = kept.length + fields.skip(Long.MAX_VALUE);
    }
    Section.Range range = cut(new Section.Range(0, length), content.partial());
    try (InputStream fields =
        length == kept.length
            ? new ByteArrayInputStream(kept)
            : openFields(content.section(), row, header)) {
      if (fields == null) {
        out.raw("NIL");
        return;
      }
      fields.skipNBytes(range.start());
      out.literal(range.end() - range.start(), fields);
    }
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
      return model.octets(row.content(), offset);
    } catch (FileNotFoundException | ArchiveException | UncheckedIOException e) {
      unreadable++;
      return null;
    }
  }
}
