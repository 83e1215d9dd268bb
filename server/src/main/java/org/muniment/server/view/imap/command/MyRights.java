package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.Optional;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folder;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// MYRIGHTS (RFC 4314 section 3.5): to look up and to read, and to keep what was seen.
record MyRights(String name) implements Command {

  // ABNF: myrights = "MYRIGHTS" SP mailbox
  static MyRights read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    return new MyRights(in.mailbox());
  }

  // ABNF: myrights-data = "MYRIGHTS" SP mailbox SP rights
  @Override
  public Completion run(Session session) throws IOException {
    Optional<Folder> folder = Folders.folder(session.model(), name);
    if (folder.isEmpty()) {
      return Completion.noMailbox();
    }
    boolean marks = session.keepsSeen() && folder.get().asOf() == null;
    session.out().raw("* MYRIGHTS ").mailbox(name).raw(marks ? " lrs" : " lr").crlf();
    return Completion.ok("done");
  }
}
