/// The commands of IMAP, one file each.
@NullMarked
package org.muniment.server.view.imap.command;

import org.jspecify.annotations.NullMarked;
