package org.muniment.archive;

/// Where the octets of a message lie in the archive. What it says is the archive's own business:
/// others keep the text and hand it back.
///
/// @param text at most 64 ASCII characters, of which the archive alone knows the grammar
public record Location(String text) {}
