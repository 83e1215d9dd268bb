package org.muniment.server.view.imap.command;

import java.io.IOException;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.OverLimitException;
import org.muniment.server.view.imap.wire.SyntaxException;

/// COMPRESS (RFC 4978): both directions are compressed behind the answer.
record Compress() implements Command {

  // ABNF: compress = "COMPRESS" SP algorithm ; algorithm = "DEFLATE"
  static Compress read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    if (!in.word("DEFLATE").equals("DEFLATE")) {
      throw in.expected("DEFLATE");
    }
    return new Compress();
  }

  /// @throws OverLimitException when the client did not wait for the answer: nobody can tell
  ///   whether what it sent is compressed
  @Override
  public Completion run(Session session) throws IOException {
    if (session.isCompressed()) {
      return Completion.no("COMPRESSIONACTIVE", "DEFLATE is active already");
    }
    if (session.in().hasBuffered()) {
      throw new OverLimitException("nothing may be sent before COMPRESS is answered");
    }
    return session.compress()
        ? Completion.ok("DEFLATE begins now")
        : Completion.no("LIMIT", "too many sessions are compressed");
  }
}
