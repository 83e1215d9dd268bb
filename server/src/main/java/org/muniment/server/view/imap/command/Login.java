package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.muniment.server.config.Secret;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// LOGIN (RFC 9051 section 6.2.3).
record Login(String user, Secret password) implements Command {

  // ABNF: login = "LOGIN" SP userid SP password ; both astring
  static Login read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    String user = utf8(in.astring());
    in.sp();
    return new Login(user, new Secret(utf8(in.astring())));
  }

  private static String utf8(String octets) {
    return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }

  @Override
  public Completion run(Session session) throws IOException {
    return signIn(user, password, session);
  }

  /// The one answer to all wrong names and passwords (RFC 5530).
  static Completion signIn(String user, Secret password, Session session) throws IOException {
    return switch (session.signIn(user, password)) {
      case YES -> Completion.ok(Capability.data(session), "signed in");
      case REFUSED -> Completion.no("AUTHENTICATIONFAILED", "name or password is wrong");
      case TOO_MANY -> Completion.no("LIMIT", "too many sessions of this user");
    };
  }
}
