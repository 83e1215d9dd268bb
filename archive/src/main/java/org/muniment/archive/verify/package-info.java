/// Checks an archive and trusts nothing: octets, frames, events, leaves, tiles, root, signature.
/// Also the last assertion of every crash test. Uses the packages below `archive`, and shares no
/// state with a writer.
@NullMarked
package org.muniment.archive.verify;

import org.jspecify.annotations.NullMarked;
