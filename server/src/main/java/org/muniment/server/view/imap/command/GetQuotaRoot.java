package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Folders;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// GETQUOTAROOT (RFC 9208 section 4.1.2): nothing limits an archive, so no mailbox has a root.
record GetQuotaRoot(String name) implements Command {

  // ABNF: getquotaroot = "GETQUOTAROOT" SP mailbox
  static GetQuotaRoot read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    return new GetQuotaRoot(in.mailbox());
  }

  // ABNF: quotaroot-response = "QUOTAROOT" SP mailbox *(SP quota-root-name)
  @Override
  public Completion run(Session session) throws IOException {
    if (Folders.folder(session.model(), name).isEmpty()) {
      return Completion.noMailbox();
    }
    session.out().raw("* QUOTAROOT ").mailbox(name).crlf();
    return Completion.ok("done");
  }
}
