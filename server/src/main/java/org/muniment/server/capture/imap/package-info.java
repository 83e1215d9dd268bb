/// The IMAP client (IMAP4rev1 and IMAP4rev2, RFC 3501, RFC 9051): reads mailboxes without changing
/// anything, deletes for [org.muniment.server.capture.source.ExpungeSource] only, and fills the
/// mailboxes of a server that mail is restored to.
@NullMarked
package org.muniment.server.capture.imap;

import org.jspecify.annotations.NullMarked;
