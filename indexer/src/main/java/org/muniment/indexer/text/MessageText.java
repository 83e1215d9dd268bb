package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.AddressList;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.text.Extracted.Status;

/// The texts of a message, one after the other, in the order of its octets: its header, the headers
/// of its parts, its text parts, the same of messages inside it. One is held at a time, and of
/// alternatives the one before; the source is opened once.
public record MessageText(Structure structure, OctetSource octets) {

  /// One text, or what else a text tells of.
  public sealed interface Section {

    /// The decoded header of a message: the archived one where `path` is empty, else the one inside
    /// the message/rfc822 part of that path.
    ///
    /// @param cut whether the header is longer than [HeaderFields#MAX_OCTETS]
    record Header(PartPath path, HeaderLines lines, boolean cut) implements Section {}

    /// The decoded header of a part of a multipart: its MIME fields (RFC 2045 section 3) and
    /// whatever else stands there.
    record PartHeader(PartPath path, HeaderLines lines) implements Section {}

    /// The text of a leaf; without text where its status is UNSUPPORTED. A message/rfc822 in base64
    /// or quoted-printable is a leaf: its text is that of the whole message inside.
    record Body(PartPath path, Part part, Extracted extracted) implements Section {}

    /// A file inside a leaf that has no part number of its own: uuencoded or in yEnc among the
    /// lines of a text, or an attachment of a message in base64. It follows the Body of its leaf.
    ///
    /// @param path of the leaf
    /// @param name what the sender wrote, never to be used as a path; empty where there is none
    /// @param status OK, CUT where only a piece of it is there, or MALFORMED_ENCODING where its
    ///   length or checksum is wrong
    /// @param octets can be opened as long as the source of the message can
    record Enclosed(PartPath path, String name, Status status, EnclosedOctets octets)
        implements Section {}

    /// To whom the message that a report is about could not be delivered, or was: the recipients,
    /// original and final, of a delivery status (RFC 3464, 6533), or X-Failed-Recipients of a
    /// header. It follows that Body or Header.
    ///
    /// @param recipients addresses as they stand, each once
    record Bounce(PartPath path, List<String> recipients) implements Section {
      public Bounce {
        recipients = List.copyOf(recipients);
      }
    }
  }

  /// Takes the texts.
  @FunctionalInterface
  public interface Sink {
    /// Takes one text; false ends the reading.
    boolean accept(Section section) throws IOException;
  }

  /// Gives each text to a sink.
  ///
  /// @return false when the sink ended it
  /// @throws IOException the source's or the sink's own
  public boolean forEach(Sink sink) throws IOException {
    return forEach(sink, 0);
  }

  /// @param encodings in how many encoded messages this one lies
  boolean forEach(Sink sink, int encodings) throws IOException {
    try (ForwardOctets forward = new ForwardOctets(octets)) {
      Walk walk = new Walk(forward, octets, structure.textCharset().orElse(null), encodings, sink);
      return walk.message(PartPath.MESSAGE, structure.root());
    }
  }

  /// The header of the archived message.
  public HeaderFields header() throws IOException {
    return header(structure.root(), octets);
  }

  private static HeaderFields header(Part root, OctetSource octets) throws IOException {
    try (InputStream in = new Limited(octets.open(root.start()), root.body() - root.start())) {
      return HeaderFields.read(in);
    }
  }

  /// Around a leaf.
  ///
  /// @param alternatives the multipart/alternative that it is in, null when there is none
  /// @param encrypted whether it is in a multipart/encrypted (RFC 1847)
  private record Around(@Nullable Alternatives alternatives, boolean encrypted) {

    static final Around NOTHING = new Around(null, false);

    Around inside(Part multipart) {
      return switch (multipart.subtype()) {
        case "alternative" -> new Around(new Alternatives(), encrypted);
        case "encrypted" -> new Around(alternatives, true);
        default -> this;
      };
    }

    Extracted of(Extracted extracted) {
      return switch (extracted.status()) {
        case UNSUPPORTED ->
            encrypted ? new Extracted(extracted.text(), Status.ENCRYPTED) : extracted;
        case OK -> alternatives == null ? extracted : alternatives.next(extracted);
        case REPEATED, CUT, MALFORMED_ENCODING, MALFORMED_CHARSET, UNKNOWN_CHARSET, ENCRYPTED ->
            extracted;
      };
    }
  }

  /// @param forward the octets as they are read from the beginning to the end
  /// @param octets the same, for what is read again later
  /// @param charset of raw 8-bit octets in headers, null where nothing names one
  private record Walk(
      OctetSource forward,
      OctetSource octets,
      @Nullable Charset charset,
      int encodings,
      Sink sink) {

    boolean message(PartPath path, Part root) throws IOException {
      HeaderFields header = header(root, forward);
      List<String> failed = failedRecipients(header);
      return sink.accept(new Section.Header(path, HeaderLines.of(header, charset), header.cut()))
          && (failed.isEmpty() || sink.accept(new Section.Bounce(path, failed)))
          && (root.isMultipart()
              ? children(path, root, Around.NOTHING)
              : part(path.child(1), root, Around.NOTHING));
    }

    private boolean children(PartPath path, Part multipart, Around around) throws IOException {
      Around inside = around.inside(multipart);
      int number = 1;
      for (Part child : multipart.children()) {
        PartPath at = path.child(number++);
        HeaderLines lines = HeaderLines.of(header(child, forward), charset);
        if (!sink.accept(new Section.PartHeader(at, lines)) || !part(at, child, inside)) {
          return false;
        }
      }
      return true;
    }

    private boolean part(PartPath path, Part part, Around around) throws IOException {
      if (part.isMultipart()) {
        return children(path, part, around);
      }
      Part.Embedded message = part.message();
      return message == null ? leaf(path, part, around) : message(path, message.root());
    }

    private boolean leaf(PartPath path, Part part, Around around) throws IOException {
      List<EnclosedFile> files = new ArrayList<>();
      Extracted extracted = around.of(new PartText(part, forward, octets, encodings).read(files));
      if (!sink.accept(new Section.Body(path, part, extracted))) {
        return false;
      }
      List<String> recipients = DeliveryStatus.recipients(part, extracted.text());
      if (!recipients.isEmpty() && !sink.accept(new Section.Bounce(path, recipients))) {
        return false;
      }
      for (EnclosedFile file : files) {
        if (!sink.accept(new Section.Enclosed(path, file.name(), file.status(), file.octets()))) {
          return false;
        }
      }
      return true;
    }
  }

  /// What Exim writes in the header of a bounce.
  private static List<String> failedRecipients(HeaderFields header) {
    return header
        .first("X-Failed-Recipients")
        .map(value -> AddressList.parse(value).addresses())
        .orElse(List.of())
        .stream()
        .filter(Address.Mailbox.class::isInstance)
        .map(address -> ((Address.Mailbox) address).address())
        .filter(address -> !address.isEmpty())
        .distinct()
        .limit(DeliveryStatus.MAX_RECIPIENTS)
        .toList();
  }
}
