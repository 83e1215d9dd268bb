package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;

/// NOOP (RFC 9051 section 6.1.2): tells of new messages.
record Noop() implements Command {

  @Override
  public Completion run(Session session) throws IOException {
    session.refresh();
    return Completion.ok("done");
  }
}
