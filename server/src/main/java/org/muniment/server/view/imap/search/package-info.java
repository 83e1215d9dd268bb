/// SEARCH (RFC 9051 section 6.4.4): keys, their grammar, their execution. Uses `wire` and the read
/// model.
@NullMarked
package org.muniment.server.view.imap.search;

import org.jspecify.annotations.NullMarked;
