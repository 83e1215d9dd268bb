/// The Merkle log: leaves, tiles, signed checkpoint, in the public formats of C2SP (tlog-tiles,
/// tlog-checkpoint, signed-note) with the hashing of RFC 6962. Knows nothing of mail. Uses
/// `archive.store`.
@NullMarked
package org.muniment.archive.log;

import org.jspecify.annotations.NullMarked;
