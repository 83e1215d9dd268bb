package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Session;

/// NAMESPACE (RFC 2342).
record Namespace() implements Command {

  // ABNF: namespace-response = "NAMESPACE" SP namespace SP namespace SP namespace
  @Override
  public Completion run(Session session) throws IOException {
    session.out().raw("* NAMESPACE ((\"\" ").string(Folders.DELIMITER).raw(")) ((");
    session.out().string(Folders.OTHER_USERS).sp().string(Folders.DELIMITER).raw(")) NIL").crlf();
    return Completion.ok("done");
  }
}
