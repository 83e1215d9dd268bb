package org.muniment.indexer.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.muniment.archive.event.Event;
import org.muniment.indexer.mail.Defect;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureReader;
import org.muniment.indexer.text.Extracted;
import org.muniment.indexer.text.OctetSource;
import org.muniment.indexer.text.PartText;

/// Tells journal reports from other mail, and finds the message in them.
///
/// ```
/// report = header                       ; with X-MS-Journal-Report
///          multipart                    ; of at least two parts
///            text/plain                 ; who sent it to whom, see [ReportText]
///            message/rfc822             ; the message
/// ```
///
/// After Microsoft, "[MS-XJRNL]: Journal Record Message File Format" and "Understanding Journal
/// Reports" (Exchange 2007 and later, Microsoft 365). Parts after the second stay in the report. A
/// report in a report is a message like any other. What has the form without the field, which
/// relays remove, is a report all the same when its text is one to the letter.
public final class WrappingReader {

  private static final String FIELD = "X-MS-Journal-Report";

  private static final String NOT_CLOSED = "the report ends before the boundary after its message";

  private WrappingReader() {}

  /// Reads a message to its end.
  ///
  /// @throws IOException only the source's own
  public static Wrapping read(OctetSource octets) throws IOException {
    boolean claimed = isClaimed(octets);
    Structure structure;
    try (InputStream in = octets.open(0)) {
      structure = StructureReader.read(in);
    }
    List<Part> parts = structure.root().children();
    String wrong = shape(structure, parts);
    if (!wrong.isEmpty()) {
      return other(claimed, wrong);
    }
    Extracted text = PartText.read(parts.getFirst(), octets);
    ReportText report = ReportText.read(text.text(), text.status() == Extracted.Status.CUT);
    if (!report.isReport(claimed)) {
      return other(claimed, "does not name a sender and a recipient");
    }
    return unwrap(structure, octets, report);
  }

  private static boolean isClaimed(OctetSource octets) throws IOException {
    try (InputStream in = octets.open(0)) {
      return HeaderFields.read(in).first(FIELD).isPresent();
    }
  }

  private static Wrapping other(boolean claimed, String reason) {
    return claimed ? new Wrapping.Broken(reason) : new Wrapping.Nothing();
  }

  /// @return what is wrong, `""` for nothing
  private static String shape(Structure structure, List<Part> parts) {
    if (isTnef(structure.root()) || parts.stream().anyMatch(WrappingReader::isTnef)) {
      return "is wrapped in TNEF";
    }
    if (parts.size() < 2) {
      return "has no second part";
    }
    if (!is(parts.getFirst(), "text", "plain")) {
      return "does not begin with plain text";
    }
    return is(parts.get(1), "message", "rfc822") || is(parts.get(1), "message", "global")
        ? ""
        : "has no message in its second part";
  }

  private static boolean isTnef(Part part) {
    return is(part, "application", "ms-tnef") || is(part, "application", "vnd.ms-tnef");
  }

  private static boolean is(Part part, String type, String subtype) {
    return part.type().equals(type) && part.subtype().equals(subtype);
  }

  private static Wrapping unwrap(Structure structure, OctetSource octets, ReportText report)
      throws IOException {
    if (structure.defects().stream().anyMatch(d -> d.kind() == Defect.Kind.TOO_MANY_PARTS)) {
      return new Wrapping.Broken("has too many parts to tell where its message ends");
    }
    Part part = structure.root().children().get(1);
    InnerMessage message =
        InnerMessage.of(part.endingAt(end(structure.root(), part, octets)), octets);
    if (message.length() == 0) {
      return new Wrapping.Broken("holds an empty message");
    }
    if (!message.whole()) {
      return new Wrapping.Broken("holds a message in a transfer encoding that is wrong");
    }
    Event.Transmission sent = report.transmission();
    boolean closed = part.end() < structure.length();
    return new Wrapping.Report(message, closed ? sent : ReportText.cut(sent, NOT_CLOSED));
  }

  /// Where the message ends: the line break before a delimiter belongs to the delimiter (RFC 2046
  /// section 5.1.1), also where a reader of mail takes it for the empty line after a header.
  private static long end(Part root, Part part, OctetSource octets) throws IOException {
    Optional<String> boundary = root.parameter("boundary");
    if (boundary.isEmpty() || part.end() < part.body() + 2) {
      return part.end();
    }
    byte[] delimiter = ("--" + boundary.get()).getBytes(StandardCharsets.ISO_8859_1);
    byte[] around;
    try (InputStream in = octets.open(part.end() - 2)) {
      around = in.readNBytes(2 + Math.min(delimiter.length, StructureReader.MAX_BOUNDARY));
    }
    boolean atDelimiter =
        around.length > 2
            && Arrays.equals(
                around,
                2,
                around.length,
                delimiter,
                0,
                Math.min(around.length - 2, delimiter.length));
    if (!atDelimiter || around[1] != '\n') {
      return part.end();
    }
    return part.end() - (around[0] == '\r' ? 2 : 1);
  }
}
