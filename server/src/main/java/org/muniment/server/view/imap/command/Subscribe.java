package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// SUBSCRIBE (RFC 9051 section 6.3.7), for this user.
record Subscribe(String name) implements Command {

  // ABNF: subscribe = "SUBSCRIBE" SP mailbox
  static Subscribe read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    return new Subscribe(in.mailbox());
  }

  @Override
  public Completion run(Session session) {
    Optional<Folder> folder = Folders.folder(session.model(), name);
    if (folder.isEmpty()) {
      return Completion.noMailbox();
    }
    session.subscribe(folder.get().name());
    return Completion.ok("done");
  }
}
