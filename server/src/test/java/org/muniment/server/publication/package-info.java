@NullMarked
package org.muniment.server.publication;

import org.jspecify.annotations.NullMarked;
