@NullMarked
package org.muniment.archive.part;

import org.jspecify.annotations.NullMarked;
