/// `scripts/bench archive`: a generated corpus of mail, what the method of the archive can give at
/// most, other programs that keep mail, and the archive itself, all on the same Maildir. Uses the
/// public face of the archive only.
@NullMarked
package org.muniment.archive.bench;

import org.jspecify.annotations.NullMarked;
