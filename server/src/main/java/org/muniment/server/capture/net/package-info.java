/// What every protocol of capture needs below it: sockets on which waiting ends, and whose rate can
/// be limited.
@NullMarked
package org.muniment.server.capture.net;

import org.jspecify.annotations.NullMarked;
