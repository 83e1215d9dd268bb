package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Extension;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// ENABLE (RFC 5161, RFC 9051 section 6.3.1). Words that mean nothing here are passed over.
record Enable(Set<Extension> extensions) implements Command {

  private static final int MAX_WORDS = 100;

  Enable {
    extensions = Set.copyOf(extensions);
  }

  // ABNF: enable = "ENABLE" 1*(SP capability)
  static Enable read(ImapReader in) throws IOException, SyntaxException {
    Set<Extension> extensions = EnumSet.noneOf(Extension.class);
    in.sp();
    int words = 0;
    do {
      if (++words > MAX_WORDS) {
        throw in.expected("at most " + MAX_WORDS + " capabilities");
      }
      Extension.of(in.word("a capability")).ifPresent(extensions::add);
    } while (in.skip(' '));
    return new Enable(extensions);
  }

  // ABNF: enable-data = "ENABLED" *(SP capability) ; those that this command has switched on
  @Override
  public Completion run(Session session) throws IOException {
    session.out().raw("* ENABLED");
    for (Extension extension : Extension.values()) {
      if (extensions.contains(extension) && session.enable(extension)) {
        session.out().sp().raw(extension.word());
      }
    }
    session.out().crlf();
    return Completion.ok("done");
  }
}
