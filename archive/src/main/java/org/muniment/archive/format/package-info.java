/// The files of the archive, one class family per kind: its grammar, what writes it, what reads it.
/// Uses `archive.store`, `archive.event` and `archive.log`.
@NullMarked
package org.muniment.archive.format;

import org.jspecify.annotations.NullMarked;
