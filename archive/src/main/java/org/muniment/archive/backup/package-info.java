/// Copies an archive while a writer appends to it: consistent, incremental, verified. Works on
/// files and their headers, below `archive`; uses no reader and no writer of messages.
@NullMarked
package org.muniment.archive.backup;

import org.jspecify.annotations.NullMarked;
