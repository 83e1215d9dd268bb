/// Messages as the archive's files keep them: cut into what is their own and parts that others
/// share, written, found, and joined again to the bit. Uses `archive.format` and `archive.part`.
@NullMarked
package org.muniment.archive.content;

import org.jspecify.annotations.NullMarked;
