package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;

/// CHECK (RFC 3501 section 6.4.1): there is nothing to write; tells of new messages.
record Check() implements Command {

  @Override
  public Completion run(Session session) throws IOException {
    session.refresh();
    return Completion.ok("done");
  }
}
