@NullMarked
package org.muniment.archive.crypto;

import org.jspecify.annotations.NullMarked;
