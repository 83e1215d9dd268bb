package org.muniment.indexer.catalog;

/// A mailbox and the UIDs that it shows, at one moment. Shared between all that look at it.
///
/// @param shown which messages `uids` has
/// @param position entries of the log that were followed
public record Snapshot(Mailbox mailbox, Shown shown, UidSet uids, long position) {}
