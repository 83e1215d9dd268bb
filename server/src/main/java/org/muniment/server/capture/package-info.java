/// Pulls mail from its sources into the archive: runs, schedule, completeness receipts. Never calls
/// the indexer.
@NullMarked
package org.muniment.server.capture;

import org.jspecify.annotations.NullMarked;
