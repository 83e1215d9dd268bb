package org.muniment.server.view.rest;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.muniment.indexer.mail.Address;
import org.muniment.indexer.mail.Envelope;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.text.Extracted;
import org.muniment.indexer.text.OctetSource;
import org.muniment.indexer.text.PartText;

/// A message as plain text to read: of alternatives the plain one, of HTML its text, of a forwarded
/// message the heading and its text; attachments are left out. Holds the text of one part at a
/// time. Parts nest no deeper than `StructureReader.MAX_DEPTH`.
record ReadableText(Part root, OctetSource octets) {

  private static final String CUT = "\n[The text is cut here; the original has all of it.]\n";

  void write(OutputStream out) throws IOException {
    write(root, out);
  }

  private void write(Part part, OutputStream out) throws IOException {
    Part.Embedded embedded = part.message();
    if (embedded != null) {
      put(heading(embedded.envelope()), out);
      write(embedded.root(), out);
    } else if (part.isMultipart()) {
      for (Part child : readable(part)) {
        write(child, out);
      }
    } else if (part.type().equals("text") && !attached(part)) {
      Extracted extracted = PartText.read(part, octets);
      put(extracted.text() + (extracted.status() == Extracted.Status.CUT ? CUT : ""), out);
    }
  }

  private static void put(String text, OutputStream out) throws IOException {
    if (!text.isBlank()) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.write((text.endsWith("\n") ? "\n" : "\n\n").getBytes(StandardCharsets.UTF_8));
    }
  }

  /// Of multipart/alternative the one child to read, of multipart/related the one that the others
  /// belong to, of anything else all.
  private static List<Part> readable(Part multipart) {
    List<Part> children = multipart.children();
    return switch (multipart.subtype()) {
      case "alternative" ->
          List.of(
              first(children, part -> isText(part, "plain"))
                  .or(() -> first(children, part -> isText(part, "html")))
                  .orElse(children.getLast()));
      case "related" -> List.of(children.getFirst());
      default -> children;
    };
  }

  private static Optional<Part> first(List<Part> parts, Predicate<Part> wanted) {
    return parts.stream().filter(part -> !attached(part)).filter(wanted).findFirst();
  }

  private static boolean isText(Part part, String subtype) {
    return part.type().equals("text") && part.subtype().equals(subtype);
  }

  private static boolean attached(Part part) {
    return part.disposition() != null && part.disposition().type().equals("attachment");
  }

  private static String heading(Envelope envelope) {
    return "---------- Message ----------\n"
        + line("From", addresses(envelope.from()))
        + line("To", addresses(envelope.to()))
        + line("Date", envelope.date() == null ? "" : HeaderText.decode(envelope.date()))
        + line("Subject", envelope.subject() == null ? "" : HeaderText.decode(envelope.subject()));
  }

  private static String line(String name, String value) {
    return value.isEmpty() ? "" : name + ": " + value + "\n";
  }

  private static String addresses(List<Address> addresses) {
    return addresses.stream().map(Address::display).collect(Collectors.joining(", "));
  }
}
