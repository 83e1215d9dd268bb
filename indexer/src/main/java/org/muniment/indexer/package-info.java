/// A message, and what can be found of it. The packages below each have one duty; this one holds
/// none.
@NullMarked
package org.muniment.indexer;

import org.jspecify.annotations.NullMarked;
