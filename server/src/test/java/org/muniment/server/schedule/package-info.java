@NullMarked
package org.muniment.server.schedule;

import org.jspecify.annotations.NullMarked;
