package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;

/// LOGOUT (RFC 9051 section 6.1.3).
record Logout() implements Command {

  @Override
  public Completion run(Session session) throws IOException {
    session.out().raw("* BYE good bye").crlf();
    session.logout();
    return Completion.ok("done");
  }
}
