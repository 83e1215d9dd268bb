package org.muniment.server.trust;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Whom a certificate is for, to show to people. What a stranger's certificate says may be of any
/// length and hold any character.
public final class CertificateNames {

  private static final int MOST = 5;
  private static final int LONGEST = 200;

  /// RFC 5280 section 4.2.1.6: dNSName and iPAddress.
  private static final int DNS = 2;

  private static final int ADDRESS = 7;

  private CertificateNames() {}

  /// The host names and addresses of the certificate, its subject when it has none.
  public static String of(X509Certificate certificate) {
    List<String> names = names(certificate);
    if (names.isEmpty()) {
      return plain(certificate.getSubjectX500Principal().getName());
    }
    String shown =
        String.join(", ", names.stream().limit(MOST).map(CertificateNames::plain).toList());
    return names.size() > MOST ? shown + " and " + (names.size() - MOST) + " more" : shown;
  }

  private static List<String> names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      for (List<?> alternative : alternatives == null ? List.<List<?>>of() : alternatives) {
        if (alternative.get(0) instanceof Integer kind
            && (kind == DNS || kind == ADDRESS)
            && alternative.get(1) instanceof String name) {
          names.add(name);
        }
      }
    } catch (CertificateParsingException unreadable) {
      // then it has none
    }
    return names;
  }

  /// The text on one line, without what a terminal would obey.
  static String plain(String text) {
    String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return cut.codePoints()
        .map(c -> Character.isISOControl(c) ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
