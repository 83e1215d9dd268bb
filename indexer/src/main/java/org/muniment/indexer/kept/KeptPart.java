package org.muniment.indexer.kept;

import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.mail.PartPath;

/// A part of a message that is a document that was read.
///
/// @param document SHA-256 of its octets, without any transfer encoding
/// @param extractor version of what read it
public record KeptPart(
    PartPath path, ContentId document, String extractor, ExtractionStatus status) {

  /// Whether an extractor of that version is not to read it again.
  public boolean standsFor(String version) {
    return extractor.equals(version) || !status.worthAnotherTry();
  }
}
