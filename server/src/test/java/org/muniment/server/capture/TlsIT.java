package org.muniment.server.capture;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.ProgramChild;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;

/// Capture through TLS from a real server, by the program in a process of its own, whose trust is
/// that of its JVM.
class TlsIT {

  private static final String STORE_PASSWORD = "changeit";

  @TempDir Path served;
  @TempDir Path folder;

  @BeforeEach
  void requireDovecot() {
    Requires.dovecot();
  }

  @Test
  void mailOfAServerWithATrustedCertificateIsCapturedThroughTlsAndStartTls() throws Exception {
    try (Dovecot dovecot = dovecot("ip:127.0.0.1")) {
      for (String security : List.of("tls", "starttls")) {
        assertThat(capture(dovecot, security, true))
            .as(security)
            .contains("eve: complete, 2 new messages");
      }
    }
  }

  @Test
  void aMaildropIsCapturedThroughTlsAndStlsOfATrustedCertificateOnly() throws Exception {
    Requires.dovecotWithPop3();
    try (Dovecot dovecot = dovecot("ip:127.0.0.1")) {
      for (String security : List.of("tls", "starttls")) {
        int port = security.equals("tls") ? dovecot.pop3sPort() : dovecot.pop3Port();
        assertThat(capture("pop3", security, port, trust()))
            .as(security)
            .contains("eve: complete, 2 new messages");
        assertThat(capture("pop3", security, port, List.of()))
            .as(security)
            .contains("eve: INCOMPLETE; ")
            .contains("the certificate of the server is not accepted: ");
      }
    }
  }

  @Test
  void aPop3ServerWithTheCertificateOfAnotherGetsNoPassword() throws Exception {
    Requires.dovecotWithPop3();
    try (Dovecot dovecot = dovecot("dns:mail.example.com")) {
      assertThat(capture("pop3", "tls", dovecot.pop3sPort(), trust()))
          .contains("the certificate of the server is not accepted: ")
          .contains("127.0.0.1");
    }
  }

  @Test
  void aServerWithACertificateThatNobodyVouchesForGetsNoPassword() throws Exception {
    try (Dovecot dovecot = dovecot("ip:127.0.0.1")) {
      for (String security : List.of("tls", "starttls")) {
        assertThat(capture(dovecot, security, false))
            .as(security)
            .contains("eve: INCOMPLETE; the certificate of the server is not accepted: ")
            .contains("unable to find valid certification path");
      }
    }
  }

  @Test
  void aServerWithTheCertificateOfAnotherGetsNoPassword() throws Exception {
    try (Dovecot dovecot = dovecot("dns:mail.example.com")) {
      for (String security : List.of("tls", "starttls")) {
        assertThat(capture(dovecot, security, true))
            .as(security)
            .contains("eve: INCOMPLETE; the certificate of the server is not accepted: ")
            .contains("127.0.0.1");
      }
    }
  }

  @Test
  void aServerWithoutTlsIsNamedAsOne() throws Exception {
    try (Dovecot dovecot = Dovecot.start(served)) {
      assertThat(capture("tls", dovecot.port(), List.of()))
          .contains("eve: INCOMPLETE; TLS with the server fails: ");
    }
  }

  /// A server that shows a certificate of its own making for `name`; the file `trusted` vouches for
  /// it.
  private Dovecot dovecot(String name) throws Exception {
    Path store = folder.resolve("own.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + name,
                "-keystore",
                store.toString(),
                "-storepass",
                STORE_PASSWORD)
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    KeyStore own = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      own.load(in, STORE_PASSWORD.toCharArray());
    }
    Certificate certificate = own.getCertificate("own");
    trust(certificate);
    SampleMaildir mail = new SampleMaildir(served.resolve("mail/eve"), 5);
    mail.fill("", 2, 500);
    Dovecot.own(served.resolve("mail"));
    return Dovecot.startWithTls(
        served,
        pem("CERTIFICATE", certificate.getEncoded()),
        pem("PRIVATE KEY", own.getKey("own", STORE_PASSWORD.toCharArray()).getEncoded()));
  }

  private void trust(Certificate certificate) throws Exception {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("server", certificate);
    try (OutputStream out = Files.newOutputStream(folder.resolve("trusted.p12"))) {
      trusted.store(out, STORE_PASSWORD.toCharArray());
    }
  }

  private Path pem(String kind, byte[] octets) throws Exception {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(octets);
    return Files.writeString(
        folder.resolve(kind.replace(' ', '-') + ".pem"),
        "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(kind, text));
  }

  private String capture(Dovecot dovecot, String security, boolean trusting) throws Exception {
    int port = security.equals("tls") ? dovecot.tlsPort() : dovecot.port();
    return capture(security, port, trusting ? trust() : List.of());
  }

  private List<String> trust() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + folder.resolve("trusted.p12"),
        "-Djavax.net.ssl.trustStorePassword=" + STORE_PASSWORD);
  }

  private String capture(String security, int port, List<String> flags) throws Exception {
    return capture("imap", security, port, flags);
  }

  private String capture(String type, String security, int port, List<String> flags)
      throws Exception {
    Path config =
        Files.writeString(
            folder.resolve(type + security + flags.size() + ".yml"),
            """
            archive: { path: %5$s }
            accounts:
              - name: eve
                source: { type: %4$s, host: 127.0.0.1, port: %2$d, security: %1$s, username: eve, password: %3$s }
            """
                .formatted(security, port, Dovecot.PASSWORD, type, type + security + flags.size()));
    Process child = ProgramChild.start(flags, config, ProcessBuilder.Redirect.INHERIT, "capture");
    String said = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertThat(child.waitFor()).as(said).isEqualTo(said.contains("INCOMPLETE") ? 1 : 0);
    return said;
  }
}
