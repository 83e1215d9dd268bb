@NullMarked
package org.muniment.archive.event;

import org.jspecify.annotations.NullMarked;
