package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// UNSUBSCRIBE (RFC 9051 section 6.3.8): refused, since every mailbox stays subscribed.
record Unsubscribe(String name) implements Command {

  // ABNF: unsubscribe = "UNSUBSCRIBE" SP mailbox
  static Unsubscribe read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    return new Unsubscribe(in.mailbox());
  }

  @Override
  public Completion run(Session session) {
    return Completion.no("CANNOT", "every mailbox is subscribed");
  }
}
