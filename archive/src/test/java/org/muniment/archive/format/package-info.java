@NullMarked
package org.muniment.archive.format;

import org.jspecify.annotations.NullMarked;
