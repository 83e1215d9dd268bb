package org.muniment.server.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.config.TrustConfig;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TlsLayerTest {

  @TempDir Path folder;
  private @Nullable SSLServerSocket listener;

  @AfterEach
  void stop() throws IOException {
    if (listener != null) {
      listener.close();
    }
  }

  @Test
  void aServerOfOnesOwnAuthorityIsTrusted() throws Exception {
    Certificates certificates = authority().make("server", san("dns:localhost"), signer());
    TlsLayer tls = layer(certificates.certificate("ca"), Set.of());

    shake(certificates, "server", tls);

    assertThat(tls.session().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(tls.shown()).hasSize(2);
    assertThat(Fingerprint.of(tls.shown().getFirst()))
        .isEqualTo(certificates.fingerprint("server"));
  }

  @Test
  void onesOwnAuthorityIsTheOnlyOne() throws Exception {
    Certificates certificates = authority().make("server", san("dns:localhost"));
    TlsLayer tls = layer(certificates.certificate("ca"), Set.of());

    assertRefused(certificates, "server", tls, "it is self-signed");

    certificates.make("other", "-ext bc:c").make("theirs", san("dns:localhost"), "-signer other");
    assertRefused(
        certificates,
        "theirs",
        layer(certificates.certificate("ca"), Set.of()),
        "its issuer, CN=other, is not among the authorities of " + folder.resolve("ca.pem"));
  }

  @Test
  void aNameThatIsAnothersIsRefusedWithBothNames() throws Exception {
    Certificates certificates =
        authority().make("server", san("dns:mail.example.com,dns:*.example.org"), signer());

    assertRefused(
        certificates,
        "server",
        layer(certificates.certificate("ca"), Set.of()),
        "it is for mail.example.com, *.example.org, and not for localhost. Write a name that it is"
            + " for under host:, or its SHA-256 under pin: "
            + certificates.fingerprint("server"));
  }

  @Test
  void aCertificateThatHasExpiredIsRefusedWithItsDate() throws Exception {
    Certificates certificates =
        authority()
            .make("old", san("dns:localhost"), signer(), "-startdate -40d", "-validity 10")
            .make("early", san("dns:localhost"), signer(), "-startdate +10d");

    TlsLayer tls = layer(certificates.certificate("ca"), Set.of());
    assertRefused(certificates, "old", tls, "it expired at 20");
    assertRefused(
        certificates,
        "early",
        layer(certificates.certificate("ca"), Set.of()),
        "Is the clock of this machine right?");
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefusedWithItsFingerprint() throws Exception {
    Certificates certificates =
        authority()
            .make("self", san("dns:localhost"))
            .make("server", san("dns:localhost"), signer());

    assertRefused(
        certificates,
        "self",
        layer(null, Set.of()),
        "it is self-signed: nobody but itself vouches for it. If the server's operator says that"
            + " its SHA-256 is this, write it under pin: "
            + certificates.fingerprint("self"));
    assertRefused(
        certificates,
        "server",
        layer(null, Set.of()),
        "its issuer, CN=ca, is no authority that this machine trusts. Write the file with the"
            + " authority's certificate under ca:.");
  }

  @Test
  void aPinnedCertificateIsTrustedWhateverItSays() throws Exception {
    Certificates certificates =
        new Certificates(folder)
            .make("server", san("dns:another"), "-startdate -40d", "-validity 10");
    String pin = certificates.fingerprint("server");

    TlsLayer tls = layer(null, Set.of("0".repeat(64), pin));
    shake(certificates, "server", tls);

    assertThat(tls.session()).isPresent();
  }

  @Test
  void aPinIsForOneCertificateOnly() throws Exception {
    Certificates certificates =
        authority().make("server", san("dns:localhost"), signer()).make("thief", signer());

    assertRefused(
        certificates,
        "thief",
        layer(null, Set.of(certificates.fingerprint("server"))),
        "it is not the one that is pinned.");
    // Nor for those that it vouches for.
    assertRefused(
        certificates,
        "server",
        layer(null, Set.of(certificates.fingerprint("ca"))),
        certificates.fingerprint("server"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void theTwoVersionsThatAreSafeAreSpoken(String version) throws Exception {
    Certificates certificates = new Certificates(folder).make("server");
    TlsLayer tls = layer(null, Set.of(certificates.fingerprint("server")));

    shake(certificates, "server", tls, version);

    assertThat(tls.session().orElseThrow().getProtocol()).isEqualTo(version);
  }

  @Test
  void olderVersionsAreNotEvenOffered() throws Exception {
    try (Socket none = new Socket()) {
      Certificates certificates = new Certificates(folder).make("server");
      listen(certificates, "server", "TLSv1.3");
      none.connect(address().getLocalSocketAddress());
      SSLSocket socket = layer(null, Set.of()).createSocket(none, "localhost", 1, true);
      assertThat(socket.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    }
  }

  @Test
  void aFileOfAuthoritiesThatCannotBeUsedIsNamed() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.pem"), "");
    Path nonsense = Files.writeString(folder.resolve("nonsense.pem"), "nonsense");

    assertThatThrownBy(() -> layer(folder.resolve("none.pem"), Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("ca: there is no file " + folder.resolve("none.pem"));
    assertThatThrownBy(() -> layer(empty, Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("ca: " + empty + " holds no certificate");
    assertThatThrownBy(() -> layer(nonsense, Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("ca: " + nonsense);
  }

  @Test
  void aStrangersNamesAreShownShortAndTame() {
    assertThat(CertificateNames.plain("a\u001b[2J\nb")).isEqualTo("a?[2J?b");
    assertThat(CertificateNames.plain("x".repeat(10_000))).hasSize(203);
  }

  private Certificates authority() throws Exception {
    return new Certificates(folder).make("ca", "-ext bc:c");
  }

  private static String san(String names) {
    return "-ext san=" + names;
  }

  private static String signer() {
    return "-signer ca";
  }

  private static TlsLayer layer(@Nullable Path ca, Set<String> pins) throws IOException {
    return TlsLayer.trusting(new TrustConfig(ca, pins));
  }

  private void assertRefused(
      Certificates certificates, String alias, TlsLayer tls, String message) {
    assertThatThrownBy(() -> shake(certificates, alias, tls))
        .isInstanceOf(SSLException.class)
        .cause()
        .isInstanceOf(CertificateException.class)
        .hasMessageContaining(message);
    assertThat(tls.shown()).isNotEmpty();
  }

  private void shake(Certificates certificates, String alias, TlsLayer tls) throws Exception {
    shake(certificates, alias, tls, "TLSv1.3");
  }

  /// Connects to `localhost` and shakes hands with a server that shows a certificate.
  private void shake(Certificates certificates, String alias, TlsLayer tls, String version)
      throws Exception {
    listen(certificates, alias, version);
    Socket plain = new Socket();
    plain.connect(address().getLocalSocketAddress());
    try (SSLSocket socket = tls.createSocket(plain, "localhost", address().getLocalPort(), true)) {
      socket.startHandshake();
      assertThat(tls.session()).isPresent();
    }
  }

  private SSLServerSocket address() {
    if (listener == null) {
      throw new AssertionError("nobody listens");
    }
    return listener;
  }

  private void listen(Certificates certificates, String alias, String version) throws Exception {
    stop();
    SSLServerSocket server =
        (SSLServerSocket)
            certificates
                .server(alias)
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    server.setEnabledProtocols(new String[] {version});
    listener = server;
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket client = server.accept()) {
                while (client.getInputStream().read() >= 0) {
                  // until the client goes
                }
              } catch (IOException gone) {
                // the client left
              }
            });
  }
}
