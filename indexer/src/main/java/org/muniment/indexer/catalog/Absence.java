package org.muniment.indexer.catalog;

import java.time.Instant;

/// A message is no longer where it was at its source.
///
/// @param since when it was first missed there
/// @param moved whether its octets were elsewhere in the account then
public record Absence(Instant since, boolean moved) {}
