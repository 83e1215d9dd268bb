package org.muniment.indexer.catalog;

import org.muniment.archive.event.UidRanges;

/// What became of the messages of a mailbox that were touched since some moment.
///
/// @param here those that the mailbox shows now, new ones among them
/// @param left those that it does not show now
public record Changes(UidRanges here, UidRanges left) {

  /// No message was touched.
  public static final Changes NONE = new Changes(UidRanges.EMPTY, UidRanges.EMPTY);
}
