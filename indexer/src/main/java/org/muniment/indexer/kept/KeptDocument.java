package org.muniment.indexer.kept;

import org.muniment.archive.event.ContentId;
import org.muniment.indexer.extract.Extraction;

/// A document that was read.
///
/// @param content SHA-256 of its octets, without any transfer encoding
/// @param extractor version of what read it
public record KeptDocument(ContentId content, String extractor, Extraction extraction) {}
