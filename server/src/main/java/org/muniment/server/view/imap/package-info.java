/// The IMAP window on the read model: listener and sessions.
@NullMarked
package org.muniment.server.view.imap;

import org.jspecify.annotations.NullMarked;
