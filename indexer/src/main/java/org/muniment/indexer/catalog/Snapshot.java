package org.muniment.indexer.catalog;

/// A mailbox and the UIDs in it, at one moment. Shared between all that look at it.
///
/// @param uids as many as [Mailbox#messages()]
public record Snapshot(Mailbox mailbox, UidSet uids) {}
