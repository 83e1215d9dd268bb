package org.muniment.indexer.text;

import java.io.IOException;
import java.io.InputStream;
import org.muniment.indexer.mail.HeaderFields;
import org.muniment.indexer.mail.HeaderText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;

/// The texts of a message, one after the other, in the order of its octets: its header, its text
/// parts, the header and text parts of messages inside it. Only one is held at a time, and the
/// source is opened once.
public record MessageText(Structure structure, OctetSource octets) {

  /// One text.
  public sealed interface Section {

    /// The decoded header of a message: the archived one where `path` is empty, else the one inside
    /// the message/rfc822 part of that path. Each field is a line `Name: value`.
    ///
    /// @param cut whether the header is longer than [HeaderFields#MAX_OCTETS]
    record Header(PartPath path, String text, boolean cut) implements Section {}

    /// The text of a leaf; without text where its status is UNSUPPORTED.
    record Body(PartPath path, Part part, Extracted extracted) implements Section {}
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
    try (ForwardOctets forward = new ForwardOctets(octets)) {
      return new MessageText(structure, forward).message(PartPath.MESSAGE, structure.root(), sink);
    }
  }

  /// The header of the archived message.
  public HeaderFields header() throws IOException {
    return header(structure.root());
  }

  private HeaderFields header(Part root) throws IOException {
    try (InputStream in = new Limited(octets.open(root.start()), root.body() - root.start())) {
      return HeaderFields.read(in);
    }
  }

  private boolean message(PartPath path, Part root, Sink sink) throws IOException {
    HeaderFields header = header(root);
    if (!sink.accept(new Section.Header(path, text(header), header.cut()))) {
      return false;
    }
    return root.isMultipart() ? children(path, root, sink) : part(path.child(1), root, sink);
  }

  private boolean children(PartPath path, Part multipart, Sink sink) throws IOException {
    int number = 1;
    for (Part child : multipart.children()) {
      if (!part(path.child(number++), child, sink)) {
        return false;
      }
    }
    return true;
  }

  private boolean part(PartPath path, Part part, Sink sink) throws IOException {
    if (part.isMultipart()) {
      return children(path, part, sink);
    }
    Part.Embedded message = part.message();
    return message != null
        ? message(path, message.root(), sink)
        : sink.accept(new Section.Body(path, part, PartText.read(part, octets)));
  }

  private static String text(HeaderFields header) {
    StringBuilder text = new StringBuilder();
    for (HeaderFields.Field field : header.fields()) {
      text.append(field.name()).append(field.name().isEmpty() ? "" : ": ");
      text.append(HeaderText.decode(field.value())).append('\n');
    }
    return text.toString();
  }
}
