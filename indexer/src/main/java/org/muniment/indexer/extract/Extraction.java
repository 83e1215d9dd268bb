package org.muniment.indexer.extract;

import java.util.List;

/// What was found in a document.
///
/// @param status how it went
/// @param reason why, for people; empty where the status says it all
/// @param type media type by its octets, `""` when it is not known
/// @param names of documents inside it, as they are written there, in order
/// @param language as the document declares it, `""` when it does not
/// @param text of it and of the documents inside it, in order; what it says of itself, such as a
///   title or the maker of a camera, comes last
public record Extraction(
    ExtractionStatus status,
    String reason,
    String type,
    List<String> names,
    String language,
    String text) {

  public Extraction {
    names = List.copyOf(names);
  }

  /// Of a document that was not read at all.
  public static Extraction without(ExtractionStatus status, String reason) {
    return new Extraction(status, reason, "", List.of(), "", "");
  }
}
