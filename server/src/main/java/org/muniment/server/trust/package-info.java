/// Which servers this program trusts when it speaks TLS to them, and why not, in plain words.
@NullMarked
package org.muniment.server.trust;

import org.jspecify.annotations.NullMarked;
