/// The commands of IMAP, one file each: what it holds, its grammar, what it does.
@NullMarked
package org.muniment.server.view.imap.command;

import org.jspecify.annotations.NullMarked;
