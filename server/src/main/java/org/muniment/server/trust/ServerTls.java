package org.muniment.server.trust;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMException;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;

/// The server's side of TLS 1.2 and 1.3 (RFC 8446), with one certificate. Safe for use by many
/// threads.
public final class ServerTls {

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private final X509Certificate certificate;
  private final SSLSocketFactory sockets;

  private ServerTls(X509Certificate certificate, SSLSocketFactory sockets) {
    this.certificate = certificate;
    this.sockets = sockets;
  }

  /// Shows the certificate of a PEM file.
  ///
  /// @param certificate the certificate, with those that vouch for it behind it
  /// @param key its private key, PKCS #8 or as OpenSSL once wrote it, not encrypted
  /// @throws IOException when they cannot be read, or do not belong together
  public static ServerTls of(Path certificate, Path key) throws IOException {
    List<X509Certificate> chain = CertificateFile.read(certificate);
    PrivateKey secret = key(key);
    try {
      if (!belong(secret, chain.getFirst().getPublicKey())) {
        throw new IOException(key + " is not the key of the certificate in " + certificate);
      }
      return new ServerTls(chain.getFirst(), context(chain, secret).getSocketFactory());
    } catch (GeneralSecurityException e) {
      throw new IOException(
          "TLS cannot be set up with " + certificate + " and " + key + ": " + e.getMessage(), e);
    }
  }

  private static PrivateKey key(Path file) throws IOException {
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
    try (PEMParser parser =
        new PEMParser(Files.newBufferedReader(file, StandardCharsets.ISO_8859_1))) {
      for (Object found = parser.readObject(); found != null; found = parser.readObject()) {
        if (found instanceof PrivateKeyInfo key) {
          return converter.getPrivateKey(key);
        }
        if (found instanceof PEMKeyPair pair) {
          return converter.getKeyPair(pair).getPrivate();
        }
      }
    } catch (PEMException e) {
      throw new IOException(file + " holds a private key that cannot be read", e);
    }
    throw new IOException(file + " holds no private key, or an encrypted one");
  }

  private static boolean belong(PrivateKey key, PublicKey other) throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] words = "one pair".getBytes(StandardCharsets.US_ASCII);
    if (!key.getAlgorithm().equals(other.getAlgorithm())) {
      return false;
    }
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(words);
    byte[] signed = signature.sign();
    signature.initVerify(other);
    signature.update(words);
    return signature.verify(signed);
  }

  private static SSLContext context(List<X509Certificate> chain, PrivateKey key)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = {};
    store.setKeyEntry("server", key, password, chain.toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /// TLS over a connection that came in; the handshake is still to come. To close it closes the
  /// connection.
  public SSLSocket over(Socket connection) throws IOException {
    SSLSocket secured =
        (SSLSocket) sockets.createSocket(connection, null, connection.getPort(), true);
    secured.setUseClientMode(false);
    secured.setEnabledProtocols(PROTOCOLS);
    return secured;
  }

  /// What is shown.
  public X509Certificate certificate() {
    return certificate;
  }
}
