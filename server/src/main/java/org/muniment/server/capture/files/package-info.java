/// Reads mail out of files: mbox, Maildir, EML, zip and tar of these, PST. Every reader goes
/// through what it is given once, front to back, and hands over message by message; none writes
/// anywhere but to the temporary folder, and no name inside a file ever becomes a path. Knows
/// nothing of the archive.
@NullMarked
package org.muniment.server.capture.files;

import org.jspecify.annotations.NullMarked;
