package org.muniment.server.trust;

import java.net.Socket;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.muniment.server.config.TrustConfig;

/// Accepts the certificate of a server, or says why not and what to do. A pinned certificate is
/// accepted whatever name it has, whoever vouches for it, and after it has expired: whoever pinned
/// it has looked at it.
final class ServerTrust extends X509ExtendedTrustManager {

  private final TrustConfig config;
  private final X509ExtendedTrustManager authorities;
  private volatile List<X509Certificate> shown = List.of();

  ServerTrust(TrustConfig config, X509ExtendedTrustManager authorities) {
    this.config = config;
    this.authorities = authorities;
  }

  List<X509Certificate> shown() {
    return shown;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    shown = List.of(chain);
    X509Certificate own = chain[0];
    if (!config.pins().isEmpty()) {
      checkPin(own);
      return;
    }
    try {
      authorities.checkServerTrusted(chain, authType, socket);
    } catch (CertificateException e) {
      throw new CertificateException(words(chain, authType, host(socket), e), e);
    }
  }

  private void checkPin(X509Certificate own) throws CertificateException {
    String fingerprint = Fingerprint.of(own);
    if (!config.pins().contains(fingerprint)) {
      throw new CertificateException(
          "it is not the one that is pinned. If the server's operator says that it has a new one,"
              + " write its SHA-256 under pin: "
              + fingerprint);
    }
  }

  private static @Nullable String host(Socket socket) {
    SSLSession session = socket instanceof SSLSocket tls ? tls.getHandshakeSession() : null;
    return session == null ? null : session.getPeerHost();
  }

  private String words(
      X509Certificate[] chain, String authType, @Nullable String host, CertificateException e)
      throws CertificateException {
    X509Certificate own = chain[0];
    Instant now = Instant.now();
    if (now.isAfter(own.getNotAfter().toInstant())) {
      return "it expired at " + own.getNotAfter().toInstant() + ". The server needs a new one";
    }
    if (now.isBefore(own.getNotBefore().toInstant())) {
      return "it is valid from "
          + own.getNotBefore().toInstant()
          + " on. Is the clock of this machine right?";
    }
    if (vouchedFor(chain, authType)) {
      return "it is for "
          + CertificateNames.of(own)
          + ", and not for "
          + host
          + ". Write a name that it is for under host:, or its SHA-256 under pin: "
          + Fingerprint.of(own);
    }
    return unknown(e) ? unknownIssuer(own) : String.valueOf(e.getMessage());
  }

  /// Whether nothing but the name is wrong.
  private boolean vouchedFor(X509Certificate[] chain, String authType) {
    try {
      authorities.checkServerTrusted(chain, authType);
      return true;
    } catch (CertificateException e) {
      return false;
    }
  }

  private static boolean unknown(CertificateException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertPathBuilderException) {
        return true;
      }
    }
    return false;
  }

  private String unknownIssuer(X509Certificate own) throws CertificateException {
    String pin =
        "If the server's operator says that its SHA-256 is this, write it under pin: "
            + Fingerprint.of(own);
    if (own.getSubjectX500Principal().equals(own.getIssuerX500Principal())) {
      return "it is self-signed: nobody but itself vouches for it. " + pin;
    }
    String issuer = CertificateNames.plain(own.getIssuerX500Principal().getName());
    return config.ca() == null
        ? "its issuer, "
            + issuer
            + ", is no authority that this machine trusts. Write the file with the authority's"
            + " certificate under ca:. "
            + pin
        : "its issuer, " + issuer + ", is not among the authorities of " + config.ca();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("nobody knows which server this is about");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is about servers");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authorities.getAcceptedIssuers();
  }
}
