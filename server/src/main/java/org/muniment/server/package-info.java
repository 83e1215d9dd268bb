/// The running product: wires the archive, the indexer and the windows together and starts them.
@NullMarked
package org.muniment.server;

import org.jspecify.annotations.NullMarked;
