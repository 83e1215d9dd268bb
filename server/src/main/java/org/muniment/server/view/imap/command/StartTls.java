package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.OverLimitException;

/// STARTTLS (RFC 9051 section 6.2.1): TLS begins behind the answer.
record StartTls() implements Command {

  /// @throws OverLimitException when the client did not wait for the answer: what it sent may be
  ///   another's, put between, and must not be taken for what comes over TLS
  @Override
  public Completion run(Session session) throws IOException {
    if (session.isEncrypted()) {
      return Completion.bad("the connection is encrypted already");
    }
    if (session.in().hasBuffered()) {
      throw new OverLimitException("nothing may be sent before STARTTLS is answered");
    }
    session.startTls();
    return Completion.ok("begin TLS now");
  }
}
