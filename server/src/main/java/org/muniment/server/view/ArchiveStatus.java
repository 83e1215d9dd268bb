package org.muniment.server.view;

import org.jspecify.annotations.Nullable;
import org.muniment.indexer.catalog.Totals;

/// How far the archive and what follows it have come.
///
/// @param entries number of log entries that are durable
/// @param catalogued number of those that the catalogue has
/// @param indexed number of those that can be searched
/// @param totals sizes of the whole archive, null for one who does not run the system
/// @param attachments those that wait to be read, null for one who does not run the system
public record ArchiveStatus(
    long entries,
    long catalogued,
    long indexed,
    @Nullable Totals totals,
    @Nullable Attachments attachments) {

  /// Attachments that wait to be read.
  ///
  /// @param messages that have at least one
  /// @param perSecond documents that were read a second, in the last minute
  public record Attachments(int messages, double perSecond) {}
}
