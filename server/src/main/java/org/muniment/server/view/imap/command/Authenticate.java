package org.muniment.server.view.imap.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.Secret;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// AUTHENTICATE (RFC 9051 section 6.2.2) with PLAIN (RFC 4616).
///
/// @param mechanism in upper case
/// @param initial the initial response in Base64, null when the client waits for a challenge
record Authenticate(String mechanism, @Nullable String initial) implements Command {

  // ABNF: authenticate = "AUTHENTICATE" SP auth-type [SP initial-resp]
  //       initial-resp = (base64 / "=")
  static Authenticate read(ImapReader in) throws IOException, SyntaxException {
    in.sp();
    String mechanism = in.word("a mechanism");
    return new Authenticate(mechanism, in.skip(' ') ? in.atom() : null);
  }

  @Override
  public Completion run(Session session) throws IOException, SyntaxException {
    if (!mechanism.equals("PLAIN")) {
      return Completion.no("CANNOT", "the one mechanism is PLAIN");
    }
    return plain(initial == null ? challenge(session) : initial, session);
  }

  private static String challenge(Session session) throws IOException, SyntaxException {
    session.out().raw("+ ").crlf();
    session.out().flush();
    return session.in().line();
  }

  // ABNF: message = [authzid] UTF8NUL authcid UTF8NUL passwd
  private static Completion plain(String response, Session session)
      throws IOException, SyntaxException {
    if (response.equals("*")) {
      return Completion.bad("cancelled");
    }
    String[] parts = decode(response).split("\0", -1);
    if (parts.length != 3) {
      throw new SyntaxException("expected three texts with NUL between them");
    }
    if (!parts[0].isEmpty() && !parts[0].equals(parts[1])) {
      return Completion.no("AUTHORIZATIONFAILED", "nobody may act for somebody else");
    }
    return Login.signIn(parts[1], new Secret(parts[2]), session);
  }

  private static String decode(String base64) throws SyntaxException {
    try {
      byte[] octets = Base64.getDecoder().decode(base64.equals("=") ? "" : base64);
      return new String(octets, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new SyntaxException("expected Base64");
    }
  }
}
