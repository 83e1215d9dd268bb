/// Messages in the words of FETCH (RFC 9051 sections 6.4.5 and 7.5.2): items, sections, ENVELOPE,
/// BODYSTRUCTURE. Uses `wire` and the read model.
@NullMarked
package org.muniment.server.view.imap.message;

import org.jspecify.annotations.NullMarked;
