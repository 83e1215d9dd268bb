package org.muniment.server.view.imap.wire;

import java.io.IOException;

/// Asks the client to go on (RFC 9051 section 7.6): what it waits for before it sends a
/// synchronising literal.
@FunctionalInterface
public interface Continuation {

  /// Sends `+ ` and the text, and flushes.
  void request(String text) throws IOException;
}
