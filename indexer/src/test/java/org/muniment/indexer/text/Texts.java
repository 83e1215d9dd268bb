package org.muniment.indexer.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.muniment.indexer.mail.Mails;
import org.muniment.indexer.mail.Structure;

/// Messages in memory for tests.
final class Texts {

  private Texts() {}

  static OctetSource source(byte[] octets) {
    return offset -> {
      int from = (int) Math.min(offset, octets.length);
      return new ByteArrayInputStream(octets, from, octets.length - from);
    };
  }

  static MessageText message(byte[] octets) {
    return new MessageText(Mails.read(octets), source(octets));
  }

  static SubstringMatcher matcher(String text) {
    byte[] octets = Mails.crlf(text);
    return new SubstringMatcher(Mails.read(octets), source(octets), AttachedTexts.NONE);
  }

  /// The text of a message of one part.
  static Extracted read(byte[] octets) throws IOException {
    Structure structure = Mails.read(octets);
    return PartText.read(structure.root(), source(octets));
  }
}
