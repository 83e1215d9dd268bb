/// Tests an account step by step and says what is wrong and how to mend it. Captures nothing.
@NullMarked
package org.muniment.server.capture.check;

import org.jspecify.annotations.NullMarked;
