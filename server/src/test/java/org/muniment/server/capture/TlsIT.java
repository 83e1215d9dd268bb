package org.muniment.server.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.ProgramChild;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;

/// Capture through TLS from a real server, by the program in a process of its own, whose trust is
/// that of its JVM.
class TlsIT {

  @TempDir Path served;
  @TempDir Path folder;
  private @Nullable Path trusted;

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
          .contains("it is for mail.example.com, and not for 127.0.0.1");
    }
  }

  @Test
  void aServerWithACertificateThatNobodyVouchesForGetsNoPassword() throws Exception {
    try (Dovecot dovecot = dovecot("ip:127.0.0.1")) {
      for (String security : List.of("tls", "starttls")) {
        assertThat(capture(dovecot, security, false))
            .as(security)
            .contains("eve: INCOMPLETE; the certificate of the server is not accepted: ")
            .contains("it is self-signed: nobody but itself vouches for it");
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
            .contains("it is for mail.example.com, and not for 127.0.0.1");
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
    Certificates certificates = new Certificates(folder).make("own", "-ext san=" + name);
    trusted = certificates.trustStore("own");
    SampleMaildir mail = new SampleMaildir(served.resolve("mail/eve"), 5);
    mail.fill("", 2, 500);
    Dovecot.own(served.resolve("mail"));
    return Dovecot.startWithTls(served, certificates.certificate("own"), certificates.key("own"));
  }

  private String capture(Dovecot dovecot, String security, boolean trusting) throws Exception {
    int port = security.equals("tls") ? dovecot.tlsPort() : dovecot.port();
    return capture(security, port, trusting ? trust() : List.of());
  }

  private List<String> trust() {
    return List.of(
        "-Djavax.net.ssl.trustStore=" + trusted,
        "-Djavax.net.ssl.trustStorePassword=" + Certificates.PASSWORD);
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
