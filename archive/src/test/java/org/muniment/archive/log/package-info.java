@NullMarked
package org.muniment.archive.log;

import org.jspecify.annotations.NullMarked;
