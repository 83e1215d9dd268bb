/// The demonstration: a throw-away IMAP server with generated sample mail. A jar of its own that
/// the product does not need.
@NullMarked
package org.muniment.server.demo;

import org.jspecify.annotations.NullMarked;
