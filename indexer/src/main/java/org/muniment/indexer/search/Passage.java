package org.muniment.indexer.search;

/// A piece of text, and whether it is a match.
public record Passage(String text, boolean match) {}
