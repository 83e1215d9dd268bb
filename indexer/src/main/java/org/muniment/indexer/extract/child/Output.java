package org.muniment.indexer.extract.child;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.extract.Extractor;
import org.muniment.indexer.extract.Frame;
import org.muniment.indexer.extract.Frame.Kind;

/// What is said of one document: sent as it is found, and counted.
final class Output {

  /// Characters that are sent at once.
  private static final int CHUNK = 64 << 10;

  private static final int MAX_SHORT = 1_000;

  private final DataOutputStream out;
  private final StringBuilder chunk = new StringBuilder();
  private int sent;
  private boolean text;
  private int documents;
  private long octets;
  private @Nullable Limit limit;
  private ExtractionStatus status = ExtractionStatus.OK;
  private String reason = "";

  Output(DataOutputStream out) {
    this.out = out;
  }

  /// Takes text of a document.
  void text(char[] characters, int from, int length) {
    requireUnlimited();
    for (int i = from; !text && i < from + length; i++) {
      text = !Character.isWhitespace(characters[i]);
    }
    append(characters, from, Math.min(length, left()));
    if (length > 0 && left() == 0) {
      throw reached(Limit.TEXT);
    }
  }

  /// Takes a line of what a document says of itself.
  void line(String line) {
    if (limit == null && left() > line.length() + 2) {
      char[] characters = ("\n" + line + "\n").toCharArray();
      append(characters, 0, characters.length);
    }
  }

  private int left() {
    return Extractor.MAX_CHARS - sent - chunk.length();
  }

  private void append(char[] characters, int from, int length) {
    int at = from;
    int end = from + length;
    while (at < end) {
      int some = Math.min(end - at, CHUNK);
      chunk.append(characters, at, some);
      at += some;
      if (chunk.length() >= CHUNK) {
        sendChunk();
      }
    }
  }

  /// All but the first half of a character that is not whole.
  private void sendChunk() {
    int length = chunk.length();
    if (length > 0 && Character.isHighSurrogate(chunk.charAt(length - 1))) {
      length--;
    }
    if (length > 0) {
      send(Kind.TEXT, chunk.substring(0, length));
      sent += length;
      chunk.delete(0, length);
    }
  }

  /// A document inside begins.
  ///
  /// @param name `""` where it has none
  /// @param depth from 1
  void document(String name, int depth) {
    requireUnlimited();
    if (++documents > Limit.MAX_DOCUMENTS) {
      throw reached(Limit.DOCUMENTS);
    }
    if (!name.isBlank()) {
      send(Kind.NAME, cut(name));
    }
    if (depth > Limit.MAX_DEPTH) {
      throw reached(Limit.DEPTH);
    }
  }

  /// So many octets of documents inside were unpacked.
  void unpacked(long count) {
    requireUnlimited();
    octets += count;
    if (octets > Limit.MAX_OCTETS) {
      throw reached(Limit.OCTETS);
    }
  }

  private void requireUnlimited() {
    if (limit != null) {
      throw new Limit.Reached(limit);
    }
  }

  Limit.Reached reached(Limit met) {
    limit = limit == null ? met : limit;
    return new Limit.Reached(limit);
  }

  boolean limited() {
    return limit != null;
  }

  /// Something could not be read; the first of it is told.
  void failed(ExtractionStatus how, String why) {
    if (status == ExtractionStatus.OK) {
      status = how;
      reason = cut(why);
    }
  }

  void type(@Nullable String type) {
    if (type != null) {
      send(Kind.TYPE, cut(type));
    }
  }

  void language(@Nullable String language) {
    if (language != null) {
      send(Kind.LANGUAGE, cut(language));
    }
  }

  /// Says how it went.
  ///
  /// @param supported whether there is a parser for the document
  void end(boolean supported) {
    sendChunk();
    ExtractionStatus how = status;
    String why = reason;
    if (limit != null) {
      how = ExtractionStatus.PARTIAL;
      why = limit.words();
    } else if (how == ExtractionStatus.OK && !text) {
      how = supported ? ExtractionStatus.EMPTY : ExtractionStatus.UNSUPPORTED;
    }
    send(Kind.END, how.name() + "\n" + why);
  }

  private void send(Kind kind, String words) {
    try {
      new Frame(kind, words).write(out);
    } catch (IOException e) {
      // Nobody listens any more; unchecked, because parsers hand on all else as they like.
      throw new UncheckedIOException(e);
    }
  }

  private static String cut(String words) {
    return words.length() <= MAX_SHORT ? words : words.substring(0, MAX_SHORT);
  }
}
