/// What capture knows of a place where mail lies: mailboxes, UIDs and messages, whatever protocol
/// brings them. Every protocol implements it in a package of its own.
@NullMarked
package org.muniment.server.capture.source;

import org.jspecify.annotations.NullMarked;
