/// Reads mailboxes over IMAP4rev1 and IMAP4rev2 (RFC 3501, RFC 9051). Never changes anything at the
/// server.
@NullMarked
package org.muniment.server.capture.imap;

import org.jspecify.annotations.NullMarked;
