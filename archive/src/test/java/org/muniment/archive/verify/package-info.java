@NullMarked
package org.muniment.archive.verify;

import org.jspecify.annotations.NullMarked;
