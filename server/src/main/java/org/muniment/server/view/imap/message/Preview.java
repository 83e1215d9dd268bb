package org.muniment.server.view.imap.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.OctetSource;
import org.muniment.indexer.text.PartText;

/// PREVIEW (RFC 8970): the beginning of the first text that is no attachment, in one line.
final class Preview {

  /// Most characters (section 3.3).
  static final int MAX_CHARACTERS = 200;

  /// Most octets that are read of a part, and most parts: what a preview costs.
  static final int MAX_OCTETS = 64 << 10;

  static final int MAX_PARTS = 3;

  private Preview() {}

  /// Empty where there is no text.
  static String of(Part root, OctetSource octets) throws IOException {
    for (Part part : texts(root)) {
      Part beginning = part.endingAt(Math.min(part.end(), part.body() + MAX_OCTETS));
      String line = line(PartText.read(beginning, octets).text());
      if (!line.isEmpty()) {
        return line;
      }
    }
    return "";
  }

  private static List<Part> texts(Part root) {
    List<Part> texts = new ArrayList<>();
    PartPath.forEach(
        root,
        (path, part) -> {
          if (texts.size() < MAX_PARTS && PartText.isText(part) && !isAttachment(part)) {
            texts.add(part);
          }
        });
    return texts;
  }

  private static boolean isAttachment(Part part) {
    return part.disposition() != null && part.disposition().type().equals("attachment");
  }

  /// Each stretch of white space and control characters becomes one space.
  private static String line(String text) {
    StringBuilder line = new StringBuilder();
    int characters = 0;
    boolean space = false;
    for (int at = 0; at < text.length() && characters < MAX_CHARACTERS; ) {
      int c = text.codePointAt(at);
      at += Character.charCount(c);
      if (isSpace(c)) {
        space = !line.isEmpty();
      } else {
        if (space && ++characters < MAX_CHARACTERS) {
          line.append(' ');
        }
        space = false;
        if (characters++ < MAX_CHARACTERS) {
          line.appendCodePoint(c);
        }
      }
    }
    return line.toString();
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c)
        || Character.isSpaceChar(c)
        || Character.isISOControl(c)
        || Character.getType(c) == Character.SURROGATE;
  }
}
