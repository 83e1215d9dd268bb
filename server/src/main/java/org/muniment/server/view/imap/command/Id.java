package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// ID (RFC 2971). What the client says of itself is read and forgotten.
record Id() implements Command {

  private static final int MAX_PAIRS = 30;

  // ABNF: id = "ID" SP id-params-list
  //       id-params-list = "(" [string SP nstring *(SP string SP nstring)] ")" / nil
  static Id read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    if (!in.skip('(')) {
      if (in.nstring() != null) {
        throw in.expected("a list or NIL");
      }
      return new Id();
    }
    for (int pairs = 0; !in.skip(')'); pairs++) {
      if (pairs == MAX_PAIRS) {
        throw in.expected("at most " + MAX_PAIRS + " fields");
      }
      if (pairs > 0) {
        in.sp();
      }
      in.string();
      in.sp();
      in.nstring();
    }
    return new Id();
  }

  @Override
  public Completion run(Session session) throws IOException {
    session.out().raw("* ID (\"name\" \"Muniment\")").crlf();
    return Completion.ok("done");
  }
}
