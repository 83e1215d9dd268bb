/// The process that reads documents, with Tika. The only package that knows Tika; nothing else
/// loads it, and it uses nothing of Muniment but the words that the two processes share:
/// [org.muniment.indexer.extract.Frame].
@NullMarked
package org.muniment.indexer.extract.child;

import org.jspecify.annotations.NullMarked;
