package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// EXPUNGE (RFC 9051 section 6.4.3) and UID EXPUNGE (section 6.4.9): removes nothing.
record Expunge() implements Command {

  // ABNF: uid-expunge = "UID" SP "EXPUNGE" SP sequence-set
  static Expunge readUids(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    in.sequenceSet();
    return new Expunge();
  }

  @Override
  public Completion run(Session session) {
    return Completion.ok("nothing is ever removed");
  }
}
