@NullMarked
package org.muniment.archive.store;

import org.jspecify.annotations.NullMarked;
