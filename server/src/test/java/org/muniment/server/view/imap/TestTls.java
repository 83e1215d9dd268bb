package org.muniment.server.view.imap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.muniment.server.trust.SelfSigned;
import org.muniment.server.trust.ServerTls;

/// A certificate for 127.0.0.1, and clients that trust it and no other.
final class TestTls {

  static final ServerTls SERVER = make();

  private TestTls() {}

  private static ServerTls make() {
    try {
      Path folder = Files.createTempDirectory("certificate");
      ServerTls made = SelfSigned.in(folder, List.of("127.0.0.1", "localhost"), Instant.now());
      for (String file : List.of("self-signed.pem", "self-signed.key.pem")) {
        Files.delete(folder.resolve(file));
      }
      Files.delete(folder);
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The certificate in PEM.
  static String pem() throws GeneralSecurityException {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(SERVER.certificate().getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  static Socket connect(InetSocketAddress server) throws IOException {
    return over(new Socket(server.getAddress(), server.getPort()));
  }

  /// TLS over a connection, after its handshake; checks the name.
  static SSLSocket over(Socket connection) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("server", SERVER.certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      SSLSocket socket =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(connection, "127.0.0.1", connection.getPort(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket;
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
