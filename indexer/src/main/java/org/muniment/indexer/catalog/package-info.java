/// The catalogue: a rebuildable SQL projection of the log. Accounts, mailboxes, placements, message
/// rows, where octets lie. Follows the log from a position of its own. Uses `indexer.mail` and the
/// archive.
@NullMarked
package org.muniment.indexer.catalog;

import org.jspecify.annotations.NullMarked;
