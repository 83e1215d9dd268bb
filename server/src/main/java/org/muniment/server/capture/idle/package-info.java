/// Watches mailboxes of IMAP servers in IDLE and has an account captured when something changes
/// there. Knows of capture only how to ask for a run.
@NullMarked
package org.muniment.server.capture.idle;

import org.jspecify.annotations.NullMarked;
