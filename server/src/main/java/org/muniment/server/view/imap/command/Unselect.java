package org.muniment.server.view.imap.command;

import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;

/// UNSELECT (RFC 9051 section 6.4.2).
record Unselect() implements Command {

  @Override
  public Completion run(Session session) {
    session.unselect();
    return Completion.ok("closed");
  }
}
