package org.muniment.server.view;

import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Totals;

/// How far the archive and what follows it have come.
///
/// @param entries number of log entries that are durable
/// @param catalogued number of those that the catalogue has
/// @param indexed number of those that can be searched
/// @param totals sizes of the whole archive, null for one who does not run the system
public record ArchiveStatus(long entries, long catalogued, long indexed, @Nullable Totals totals) {}
