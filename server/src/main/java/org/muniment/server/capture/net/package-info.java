/// What every protocol of capture needs below it: sockets on which waiting ends.
@NullMarked
package org.muniment.server.capture.net;

import org.jspecify.annotations.NullMarked;
