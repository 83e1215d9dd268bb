/// Archived mail as files that anybody can read and check: EML, mbox, Maildir or zip, with a
/// manifest that has a proof for every message. Reads the archive and the catalogue, writes
/// neither.
@NullMarked
package org.muniment.server.export;

import org.jspecify.annotations.NullMarked;
