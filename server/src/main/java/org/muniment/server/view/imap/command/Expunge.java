package org.muniment.server.view.imap.command;

import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;

/// EXPUNGE (RFC 9051 section 6.4.3): removes nothing.
record Expunge() implements Command {

  @Override
  public Completion run(Session session) {
    return Completion.ok("nothing is ever removed");
  }
}
