/// The archive: octets and events in, octets and events out. One writer, many readers.
///
/// This is the only package other modules need: [org.muniment.archive.Archive] opens a folder for
/// reading, [org.muniment.archive.ArchiveWriter] appends to it. May use every package below it;
/// none of them may use it.
@NullMarked
package org.muniment.archive;

import org.jspecify.annotations.NullMarked;
