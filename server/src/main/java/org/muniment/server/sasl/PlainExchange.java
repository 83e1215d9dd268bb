package org.muniment.server.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.security.sasl.SaslException;
import org.muniment.server.sasl.Mechanism.Login;

/// RFC 4616.
///
/// ```
/// message = [authzid] UTF8NUL authcid UTF8NUL passwd
/// ```
record PlainExchange(Login login) implements Exchange {

  @Override
  public byte[] first() throws SaslException {
    if (login.username().indexOf('\0') >= 0 || login.secret().indexOf('\0') >= 0) {
      throw new SaslException("PLAIN forbids NUL in user name and password");
    }
    return ('\0' + login.username() + '\0' + login.secret()).getBytes(UTF_8);
  }

  @Override
  public byte[] answer(byte[] challenge) throws SaslException {
    throw new SaslException("the server asks on where PLAIN has ended");
  }
}
