package org.muniment.server.trust;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.TrustConfig;

/// Lays TLS 1.2 or 1.3 over connected sockets, for one connection, and remembers what the server
/// showed. A certificate that is not accepted ends the handshake with an
/// [javax.net.ssl.SSLException] whose cause, a [CertificateException], says in plain words what is
/// wrong.
public final class TlsLayer extends SSLSocketFactory {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final ServerTrust trust;
  private final SSLSocketFactory sockets;
  private volatile @Nullable SSLSocket last;

  private TlsLayer(ServerTrust trust, SSLSocketFactory sockets) {
    this.trust = trust;
    this.sockets = sockets;
  }

  /// @throws IOException when the file of authorities cannot be used
  public static TlsLayer trusting(TrustConfig config) throws IOException {
    try {
      ServerTrust trust = new ServerTrust(config, authorities(config.ca()));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return new TlsLayer(trust, context.getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  private static X509ExtendedTrustManager authorities(@Nullable Path ca)
      throws IOException, GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(ca == null ? null : store(ca));
    return Arrays.stream(factory.getTrustManagers())
        .filter(X509ExtendedTrustManager.class::isInstance)
        .map(X509ExtendedTrustManager.class::cast)
        .findFirst()
        .orElseThrow(() -> new GeneralSecurityException("this Java checks no certificates"));
  }

  private static KeyStore store(Path ca) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    try {
      int number = 0;
      for (X509Certificate certificate : CertificateFile.read(ca)) {
        store.setCertificateEntry("ca" + number++, certificate);
      }
    } catch (IOException e) {
      throw new IOException("ca: " + e.getMessage(), e);
    }
    return store;
  }

  /// @param host the name that the certificate has to be for
  @Override
  public SSLSocket createSocket(Socket connected, String host, int port, boolean closeBelow)
      throws IOException {
    SSLSocket socket = (SSLSocket) sockets.createSocket(connected, host, port, closeBelow);
    socket.setEnabledProtocols(PROTOCOLS);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    last = socket;
    return socket;
  }

  /// The session of the socket that was made last; empty when none was made, or its handshake
  /// failed.
  public Optional<SSLSession> session() {
    SSLSocket socket = last;
    return Optional.ofNullable(socket)
        .map(SSLSocket::getSession)
        .filter(session -> session.isValid() && !session.getProtocol().equals("NONE"));
  }

  /// The certificates that the server showed last, its own first, accepted or not.
  public List<X509Certificate> shown() {
    return trust.shown();
  }

  /// Why a certificate was not accepted, when that is what `e` is about.
  public static Optional<String> refusal(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return Optional.of("the certificate of the server is not accepted: " + cause.getMessage());
      }
    }
    return Optional.empty();
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return sockets.getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return sockets.getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw new UnsupportedOperationException();
  }
}
