package org.muniment.server.trust;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/// The SHA-256 of a certificate, as `openssl x509 -noout -fingerprint -sha256` prints it.
public final class Fingerprint {

  private Fingerprint() {}

  /// @return 64 lower-case hexadecimal digits
  public static String of(X509Certificate certificate) throws CertificateEncodingException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (CertificateEncodingException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
