/// Tests of reading mail out of files.
@NullMarked
package org.muniment.server.capture.files;

import org.jspecify.annotations.NullMarked;
