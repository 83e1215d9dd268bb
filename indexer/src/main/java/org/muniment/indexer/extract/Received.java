package org.muniment.indexer.extract;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// What the child has said of a document so far. Bounded, whatever it says.
final class Received {

  private static final int MAX_NAMES = 10_000;
  private static final int MAX_SHORT = 1_000;

  private final StringBuilder text = new StringBuilder();
  private final List<String> names = new ArrayList<>();
  private String type = "";
  private String language = "";

  /// Takes a part.
  ///
  /// @throws IOException when the child says more than it may, or what it may not
  void add(Frame frame) throws IOException {
    switch (frame.kind()) {
      case TEXT -> text.append(frame.text());
      case NAME -> names.add(cut(frame.text()));
      case TYPE -> type = cut(frame.text());
      case LANGUAGE -> language = cut(frame.text());
      case DOCUMENT, READY, END ->
          throw new IOException("a frame " + frame.kind() + " out of turn");
    }
    if (text.length() > Extractor.MAX_CHARS || names.size() > MAX_NAMES) {
      throw new IOException("more text than a document may have");
    }
  }

  Extraction ended(ExtractionStatus status, String reason) {
    return new Extraction(status, cut(reason), type, names, language, text.toString());
  }

  private static String cut(String text) {
    return text.length() <= MAX_SHORT ? text : text.substring(0, MAX_SHORT);
  }
}
