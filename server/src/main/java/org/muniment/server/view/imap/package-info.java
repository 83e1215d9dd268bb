/// The IMAP window on the read model: listener and connections. `wire` knows the syntax, `session`
/// the state, `message` and `search` what is said about messages, `command` the commands.
@NullMarked
package org.muniment.server.view.imap;

import org.jspecify.annotations.NullMarked;
