package org.muniment.indexer.catalog;

/// Sizes of the catalogue; from counters that are kept with each batch.
///
/// @param position number of log entries that are applied
/// @param messages distinct messages
/// @param octets sum of their lengths
/// @param placements places of messages
public record Totals(
    long position, long accounts, long mailboxes, long messages, long octets, long placements) {}
