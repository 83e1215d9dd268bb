package org.muniment.server.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/// A PEM file of certificates.
final class CertificateFile {

  private CertificateFile() {}

  /// Its certificates, at least one, in order.
  ///
  /// @throws IOException when there are none, or it cannot be read; names the file
  static List<X509Certificate> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IOException(file + " holds no certificate");
      }
      return certificates;
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + file, e);
    } catch (CertificateException e) {
      throw new IOException(file + " is no PEM file of certificates", e);
    }
  }
}
