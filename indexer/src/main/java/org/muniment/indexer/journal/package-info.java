/// Journal reports of Exchange and Microsoft 365: who really sent a message to whom, with that
/// message inside. Reads them as hostile mail; knows nothing of accounts. May use `mail` and
/// `text`.
@NullMarked
package org.muniment.indexer.journal;

import org.jspecify.annotations.NullMarked;
