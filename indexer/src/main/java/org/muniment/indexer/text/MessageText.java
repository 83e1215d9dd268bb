package org.muniment.indexer.text;

import java.io.IOException;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;

/// The texts of a message, one after the other, in the order of its octets.
public record MessageText(Structure structure, OctetSource octets) {

  /// One text.
  public sealed interface Section {

    /// The decoded header of a message: the archived one where `path` is empty, else the one inside
    /// the message/rfc822 part of that path. Each field is a line `Name: value`.
    record Header(PartPath path, String text) implements Section {}

    /// The text of a leaf.
    record Body(PartPath path, Part part, Extracted extracted) implements Section {}
  }

  /// Takes the texts.
  @FunctionalInterface
  public interface Sink {
    /// Takes one text; false ends the reading.
    boolean accept(Section section) throws IOException;
  }

  /// Gives each text to a sink. Only one is held at a time.
  ///
  /// @return false when the sink ended it
  /// @throws IOException the source's or the sink's own
  public boolean forEach(Sink sink) throws IOException {
    return unwritten(sink.toString());
  }

  @SuppressWarnings("TypeParameterUnusedInFormals")
  private static <T> T unwritten(Object... arguments) {
    throw new UnsupportedOperationException(java.util.Arrays.toString(arguments));
  }
}
