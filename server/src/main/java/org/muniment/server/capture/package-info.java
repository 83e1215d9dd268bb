/// Pulls mail from its sources into the archive: sources, runs, schedule, completeness receipts.
/// Never calls the indexer.
@NullMarked
package org.muniment.server.capture;

import org.jspecify.annotations.NullMarked;
