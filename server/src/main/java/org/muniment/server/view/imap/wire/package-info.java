/// Octets to tokens and back (RFC 9051 section 9): the only place that knows the syntax.
@NullMarked
package org.muniment.server.view.imap.wire;

import org.jspecify.annotations.NullMarked;
