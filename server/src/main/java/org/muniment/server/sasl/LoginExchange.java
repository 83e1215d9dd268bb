package org.muniment.server.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.muniment.server.sasl.Mechanism.Login;

/// draft-murchison-sasl-login: the server asks for the user name, then for the password. What it
/// asks with is not looked at: servers differ.
final class LoginExchange implements Exchange {

  private final Login login;
  private int asked;

  LoginExchange(Login login) {
    this.login = login;
  }

  @Override
  public byte @Nullable [] first() {
    return null;
  }

  @Override
  public byte[] answer(byte[] challenge) throws SaslException {
    return switch (asked++) {
      case 0 -> login.username().getBytes(UTF_8);
      case 1 -> login.secret().getBytes(UTF_8);
      default -> throw new SaslException("the server asks on where LOGIN has ended");
    };
  }
}
