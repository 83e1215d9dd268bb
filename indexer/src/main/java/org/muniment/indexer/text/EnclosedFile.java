package org.muniment.indexer.text;

/// A file that was found inside a part, and is no part itself.
///
/// @param name what the sender wrote, never to be used as a path; empty where there is none
/// @param status OK, CUT where only a piece of it is there, or MALFORMED_ENCODING where its length
///   or its checksum is wrong
record EnclosedFile(String name, Extracted.Status status, EnclosedOctets octets) {}
