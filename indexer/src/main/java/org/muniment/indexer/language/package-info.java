/// Which language a text is in, told from its script and its most common words. Uses nothing.
@NullMarked
package org.muniment.indexer.language;

import org.jspecify.annotations.NullMarked;
