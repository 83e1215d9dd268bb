/// Sends signed checkpoints of the log out of the machine, so that a log that was rewritten, by
/// whoever holds its key, differs from what others have in hand. Uses the archive's writer, which
/// keeps what is sent, the configuration, and `state.db`; knows nothing of mail.
@NullMarked
package org.muniment.server.publication;

import org.jspecify.annotations.NullMarked;
