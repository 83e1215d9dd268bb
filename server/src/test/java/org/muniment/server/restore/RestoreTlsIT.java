package org.muniment.server.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.server.restore.SmallArchive.everything;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.SourceConfig.Security;
import org.muniment.server.config.TrustConfig;

/// Restoring to a server with TLS, and not to one that is somebody else.
class RestoreTlsIT {

  @TempDir Path folder;
  @TempDir Path served;
  @TempDir Path keys;

  @ParameterizedTest
  @EnumSource(names = {"TLS", "STARTTLS"})
  void mailGoesToTheServerThatIsTrustedByItsAuthorityOrPin(Security security) throws Exception {
    Certificates certificates = certificates("san=ip:127.0.0.1");
    try (Dovecot server = start(certificates);
        SmallArchive archive = archive()) {
      TrustConfig authority = new TrustConfig(certificates.certificate("server"), Set.of());
      TrustConfig pin = new TrustConfig(null, Set.of(certificates.fingerprint("server")));
      assertThat(restore(archive, server, security, authority).identical()).isEqualTo(150);
      assertThat(restore(archive, server, security, pin).identical()).isEqualTo(150);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS", "STARTTLS"})
  void nothingGoesToAServerWithAnotherNameOrCertificate(Security security) throws Exception {
    Certificates certificates = certificates("san=dns:mail.example.com");
    certificates.make("other");
    try (Dovecot server = start(certificates);
        SmallArchive archive = archive()) {
      TrustConfig otherName = new TrustConfig(certificates.certificate("server"), Set.of());
      TrustConfig otherPin = new TrustConfig(null, Set.of(certificates.fingerprint("other")));
      for (TrustConfig trust : Set.of(otherName, otherPin, TrustConfig.JAVA)) {
        assertThatThrownBy(() -> restore(archive, server, security, trust))
            .isInstanceOf(SourceException.class)
            .hasMessageContaining("certificate of the server is not accepted");
      }
      assertThat(server.maildir("lena")).doesNotExist();
    }
  }

  @Test
  void aServerWithoutStartTlsGetsNoPassword() throws Exception {
    Requires.dovecot();
    try (Dovecot server = Dovecot.start(served);
        SmallArchive archive = archive()) {
      assertThatThrownBy(() -> restore(archive, server, Security.STARTTLS, TrustConfig.JAVA))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("does not offer STARTTLS");
    }
  }

  private Certificates certificates(String name) throws Exception {
    Requires.dovecot();
    return new Certificates(keys).make("server", "-ext " + name);
  }

  private Dovecot start(Certificates certificates) throws Exception {
    return Dovecot.startWithTls(
        served, certificates.certificate("server"), certificates.key("server"));
  }

  private SmallArchive archive() throws Exception {
    SmallArchive archive = new SmallArchive(folder).mailbox("INBOX");
    archive.fill("INBOX", 150);
    return archive.settle();
  }

  private static RestoreOutcome restore(
      SmallArchive archive, Dovecot server, Security security, TrustConfig trust) throws Exception {
    SourceConfig.Imap config =
        new SourceConfig.Imap(
            "127.0.0.1",
            security == Security.TLS ? server.tlsPort() : server.port(),
            security,
            trust,
            "lena",
            server.source("lena").credential());
    return archive.restore().run(archive.target(config), everything(), null);
  }
}
