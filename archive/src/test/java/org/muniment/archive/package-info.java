@NullMarked
package org.muniment.archive;

import org.jspecify.annotations.NullMarked;
