package org.muniment.indexer.kept;

import org.muniment.archive.event.ContentId;

/// The text of a message as it is kept.
///
/// @param number of the message in the catalogue
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SealedText(int number, ContentId content, byte[] value) {}
