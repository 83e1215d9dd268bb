package org.muniment.indexer.kept;

import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.mail.PartPath;

/// A part of a message, or a file inside one, that is a document that was read.
///
/// @param file number of the file inside the part, from 1; 0 for the part itself
/// @param document SHA-256 of its octets, without any transfer encoding; of one that was skipped,
///   and so not even copied, what stands for all that were
/// @param extractor version of what read it
public record KeptPart(
    PartPath path, int file, ContentId document, String extractor, ExtractionStatus status) {

  /// Whether an extractor of that version is not to read it again.
  public boolean standsFor(String version) {
    return extractor.equals(version) || !status.worthAnotherTry();
  }
}
