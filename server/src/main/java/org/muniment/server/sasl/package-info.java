/// Signing in at a server: the client's side of SASL mechanisms (RFC 4422). Knows no protocol of
/// mail and no other package of ours, so that IMAP, POP3 and SMTP can all use it.
@NullMarked
package org.muniment.server.sasl;

import org.jspecify.annotations.NullMarked;
