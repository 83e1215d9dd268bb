/// Puts archived mail back: into the mailboxes of an IMAP server, with a checkpoint that lets it go
/// on where it was cut, and a receipt for each message. Reads the archive and the catalogue, writes
/// neither.
@NullMarked
package org.muniment.server.restore;

import org.jspecify.annotations.NullMarked;
