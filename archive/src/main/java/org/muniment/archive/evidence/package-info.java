/// The evidence of one message, written so that a stranger checks it with `sha256sum` and
/// `openssl`. Uses the packages above the disk; none of them uses it.
@NullMarked
package org.muniment.archive.evidence;

import org.jspecify.annotations.NullMarked;
