/// Encryption at rest: every file of octets has a random key of its own, and a root key, which lies
/// outside the archive, wraps all of them. Knows nothing of mail. Uses `archive.store`.
@NullMarked
package org.muniment.archive.crypto;

import org.jspecify.annotations.NullMarked;
