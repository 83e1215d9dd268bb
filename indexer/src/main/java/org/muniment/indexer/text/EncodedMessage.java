package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureReader;
import org.muniment.indexer.text.Extracted.Status;

/// A message/rfc822 in base64 or quoted-printable. RFC 2046 forbids it, and the structure has it as
/// a leaf, as IMAP servers have; what is in it is read all the same, as one text.
final class EncodedMessage {

  private final Part leaf;
  private final OctetSource message;
  private final int encodings;
  private final StringBuilder text = new StringBuilder();
  private Status status = Status.OK;

  /// @param encodings in how many encoded messages the texts lie, this one counted
  EncodedMessage(Part leaf, OctetSource octets, int encodings) {
    this.leaf = leaf;
    this.message = offset -> decoded(octets, offset);
    this.encodings = encodings;
  }

  /// Whether a leaf is such a message.
  static boolean isIn(Part leaf) {
    return leaf.type().equals("message")
        && (leaf.subtype().equals("rfc822") || leaf.subtype().equals("global"))
        && (leaf.encoding().equals("base64") || leaf.encoding().equals("quoted-printable"));
  }

  private TransferDecoder decoded(OctetSource octets, long offset) throws IOException {
    TransferDecoder decoded = DecodedPart.open(leaf, octets);
    decoded.skipNBytes(offset);
    return decoded;
  }

  Extracted read(List<EnclosedFile> files) throws IOException {
    new MessageText(structure(), message).forEach(section -> take(section, files), encodings);
    return new Extracted(text.toString(), status);
  }

  private Structure structure() throws IOException {
    try (InputStream in = message.open(0)) {
      Structure structure = StructureReader.read(in);
      if (in instanceof TransferDecoder decoder && decoder.malformed()) {
        note(Status.MALFORMED_ENCODING);
      }
      return structure;
    }
  }

  private boolean take(MessageText.Section section, List<EnclosedFile> files) {
    switch (section) {
      case MessageText.Section.Header header -> append(header.lines().text());
      case MessageText.Section.PartHeader _ -> {}
      case MessageText.Section.Body body -> {
        append(body.extracted().text());
        note(body.extracted().status());
        if (body.extracted().status() == Status.UNSUPPORTED) {
          files.add(attachment(body.part()));
        }
      }
      case MessageText.Section.Enclosed file ->
          files.add(new EnclosedFile(file.name(), file.status(), file.octets()));
      case MessageText.Section.Bounce bounce -> bounce.recipients().forEach(this::append);
    }
    return text.length() < PartText.MAX_OCTETS && files.size() < TextOctets.MAX_FILES;
  }

  private EnclosedFile attachment(Part part) {
    return new EnclosedFile(
        part.filename().orElse(""), Status.OK, () -> DecodedPart.open(part, message));
  }

  private void append(String more) {
    int room = PartText.MAX_OCTETS - text.length();
    if (more.length() > room) {
      note(Status.CUT);
    }
    if (!more.isEmpty()) {
      text.append(text.isEmpty() ? "" : "\n").append(more, 0, Math.min(more.length(), room));
    }
  }

  private void note(Status of) {
    if (status == Status.OK && !of.isPlain()) {
      status = of;
    }
  }
}
