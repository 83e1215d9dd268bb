/// Reads a maildrop over POP3 (RFC 1939, with CAPA of RFC 2449, STLS of RFC 2595 and AUTH of RFC
/// 5034). Never changes anything at the server: there is no DELE in it.
@NullMarked
package org.muniment.server.capture.pop3;

import org.jspecify.annotations.NullMarked;
