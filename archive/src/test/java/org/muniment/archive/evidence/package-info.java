@NullMarked
package org.muniment.archive.evidence;

import org.jspecify.annotations.NullMarked;
