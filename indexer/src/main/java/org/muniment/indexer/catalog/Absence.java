package org.muniment.indexer.catalog;

import java.time.Instant;

/// A message is no longer where it was at its source.
///
/// @param since when it was first missed there
/// @param moved whether its octets were elsewhere in the account then
/// @param deletedByArchive whether this program deleted it there, once it was archived
public record Absence(Instant since, boolean moved, boolean deletedByArchive) {}
