package org.muniment.server.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.muniment.server.sasl.Mechanism.Login;

/// RFC 2195: one challenge, and its HMAC-MD5 under the password.
final class CramMd5Exchange implements Exchange {

  private final Login login;
  private boolean answered;

  CramMd5Exchange(Login login) {
    this.login = login;
  }

  @Override
  public byte @Nullable [] first() {
    return null;
  }

  @Override
  public byte[] answer(byte[] challenge) throws SaslException {
    if (answered) {
      throw new SaslException("the server asks on where CRAM-MD5 has ended");
    }
    answered = true;
    // user SP hex(HMAC-MD5(password, challenge))
    return (login.username() + ' ' + HexFormat.of().formatHex(digest(challenge))).getBytes(UTF_8);
  }

  private byte[] digest(byte[] challenge) throws SaslException {
    try {
      Mac mac = Mac.getInstance("HmacMD5");
      mac.init(new SecretKeySpec(login.secret().getBytes(UTF_8), "HmacMD5"));
      return mac.doFinal(challenge);
    } catch (GeneralSecurityException e) {
      throw new SaslException("this Java has no HMAC-MD5", e);
    }
  }
}
