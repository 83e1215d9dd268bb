/// The parts of a running product, opened and wired in the right order, and closed in the reverse
/// one: archive, catalogue, index, users, capture. What `serve` and every command that needs them
/// begins with.
@NullMarked
package org.muniment.server.runtime;

import org.jspecify.annotations.NullMarked;
