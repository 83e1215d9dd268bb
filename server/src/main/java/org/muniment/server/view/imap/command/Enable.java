package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Extension;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// ENABLE (RFC 5161 section 3.1, RFC 9051 section 6.3.1). Names that are not known are passed over.
record Enable(Set<Extension> extensions) implements Command {

  private static final int MAX_NAMES = 100;

  Enable {
    extensions = Set.copyOf(extensions);
  }

  // ABNF: enable = "ENABLE" 1*(SP capability)
  static Enable read(ImapReader in) throws IOException, SyntaxException {
    Set<Extension> extensions = EnumSet.noneOf(Extension.class);
    int names = 0;
    do {
      if (names++ == MAX_NAMES) {
        throw in.expected("at most " + MAX_NAMES + " names");
      }
      in.sp();
      Extension.of(in.atom()).ifPresent(extensions::add);
    } while (!in.atEnd());
    return new Enable(extensions);
  }

  // ABNF: response-data = "*" SP enable-data CRLF ; enable-data = "ENABLED" *(SP capability)
  @Override
  public Completion run(Session session) throws IOException {
    Set<Extension> enabled = session.enable(extensions);
    session.out().raw("* ENABLED");
    for (Extension extension : enabled) {
      session.out().sp().raw(extension.capability());
    }
    session.out().crlf();
    return Completion.ok("done");
  }
}
