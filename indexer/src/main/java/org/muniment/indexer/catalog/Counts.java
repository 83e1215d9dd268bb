package org.muniment.indexer.catalog;

/// How much is in a mailbox.
///
/// @param messages number of placements
/// @param unseen number of those without `\Seen`
/// @param octets sum of their lengths
public record Counts(long messages, long unseen, long octets) {

  Counts minus(Counts other) {
    return new Counts(messages - other.messages, unseen - other.unseen, octets - other.octets);
  }
}
