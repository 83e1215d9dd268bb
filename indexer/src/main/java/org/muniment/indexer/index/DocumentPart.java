package org.muniment.indexer.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.PartText;

/// A part of a message that is a document: no text as it stands.
///
/// @param path its number
public record DocumentPart(PartPath path, Part part) {

  /// Text parts that are documents all the same.
  private static final Set<String> MARKED_UP = Set.of("rtf", "richtext");

  /// Encodings that a message inside a message must not have (RFC 2046 section 5.2.1), so that it
  /// is not opened as one.
  private static final Set<String> ENCODED = Set.of("base64", "quoted-printable");

  private static final Set<String> MESSAGES = Set.of("rfc822", "global");

  /// Those of a message, in the order of its octets.
  ///
  /// @param root of the message
  public static List<DocumentPart> of(Part root) {
    List<DocumentPart> documents = new ArrayList<>();
    PartPath.forEach(
        root,
        (path, part) -> {
          if (isDocument(part)) {
            documents.add(new DocumentPart(path, part));
          }
        });
    return documents;
  }

  private static boolean isDocument(Part part) {
    boolean leaf = part.children().isEmpty() && part.message() == null;
    return leaf
        && switch (part.type()) {
          case "text" -> MARKED_UP.contains(part.subtype());
          case "message" -> MESSAGES.contains(part.subtype()) && ENCODED.contains(part.encoding());
          default -> !PartText.isText(part);
        };
  }
}
