package org.muniment.server.export;

import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;
import org.muniment.indexer.catalog.Place;

/// A message in a mailbox.
///
/// @param box number of the mailbox in the plan
/// @param folder of the mailbox in the export
/// @param then as it was
/// @param place the same place, with what does not change
record Item(int box, Mailbox mailbox, String folder, Past.Then then, Place place) {}
