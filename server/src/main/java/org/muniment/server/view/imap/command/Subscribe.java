package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SUBSCRIBE (RFC 9051 section 6.3.7): every mailbox is subscribed already.
record Subscribe(String name) implements Command {

  // ABNF: subscribe = "SUBSCRIBE" SP mailbox
  static Subscribe read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    return new Subscribe(in.mailbox());
  }

  @Override
  public Completion run(Session session) {
    return Folders.find(session.model(), name).isPresent()
        ? Completion.ok("every mailbox is subscribed")
        : Completion.noMailbox();
  }
}
