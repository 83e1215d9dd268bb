package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.session.State;

/// CAPABILITY (RFC 9051 section 6.1.1).
public record Capability() implements Command {

  private static final String ALWAYS = "CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE";
  private static final String SIGNED_IN =
      " CONDSTORE QRESYNC NAMESPACE CHILDREN UNSELECT LIST-EXTENDED LIST-STATUS SPECIAL-USE STATUS=SIZE ESEARCH"
          + " WITHIN SAVEDATE IDLE UIDPLUS ACL RIGHTS=texk QUOTA APPENDLIMIT=0"
          + " OBJECTID PREVIEW BINARY SEARCHRES PARTIAL MULTISEARCH SORT SORT=DISPLAY ESORT"
          + " THREAD=ORDEREDSUBJECT THREAD=REFERENCES I18NLEVEL=1 UTF8=ACCEPT";

  // ABNF: capability-data = "CAPABILITY" *(SP capability) SP "IMAP4rev1" *(SP capability)
  /// What the server can do for this session now.
  public static String data(Session session) {
    if (session.state() != State.NOT_AUTHENTICATED) {
      return ALWAYS + SIGNED_IN + (session.isCompressed() ? "" : " COMPRESS=DEFLATE");
    }
    return ALWAYS
        + (session.isEncrypted() ? "" : " STARTTLS")
        + (session.allowsPassword() ? " AUTH=PLAIN" : " LOGINDISABLED");
  }

  @Override
  public Completion run(Session session) throws IOException {
    session.out().raw("* ").raw(data(session)).crlf();
    return Completion.ok("done");
  }
}
