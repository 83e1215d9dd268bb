/// What an IMAP session knows between its commands: state, user, selected mailbox, and the names of
/// mailboxes. Uses `wire`, `message` and the read model.
@NullMarked
package org.muniment.server.view.imap.session;

import org.jspecify.annotations.NullMarked;
