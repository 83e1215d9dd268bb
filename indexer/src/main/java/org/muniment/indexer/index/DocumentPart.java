package org.muniment.indexer.index;

import java.util.ArrayList;
import java.util.List;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.text.PartText;

/// A part of a message that is a document: no text as it stands.
///
/// @param path its number
public record DocumentPart(PartPath path, Part part) {

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
    return leaf && !PartText.isSignature(part) && !PartText.isText(part);
  }
}
