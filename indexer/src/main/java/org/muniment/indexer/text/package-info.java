/// From the octets of a part to the text that a person reads: transfer encoding, charset, HTML.
/// Bounded in size and time.
@NullMarked
package org.muniment.indexer.text;

import org.jspecify.annotations.NullMarked;
