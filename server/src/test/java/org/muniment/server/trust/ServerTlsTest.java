package org.muniment.server.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.capture.fixture.Certificates;

class ServerTlsTest {

  private static final List<String> NAMES = List.of("localhost", "127.0.0.1", "::1");

  @TempDir private Path folder;

  @Test
  void pemFilesOfEveryKindOfKeyAreShown() throws Exception {
    for (String kind : List.of("EC", "RSA", "Ed25519")) {
      Path own = Files.createDirectory(folder.resolve(kind));
      Certificates certificates = new Certificates(own).make("server", "-keyalg " + kind);
      ServerTls tls = ServerTls.of(certificates.certificate("server"), certificates.key("server"));
      assertThat(Fingerprint.of(tls.certificate())).isEqualTo(certificates.fingerprint("server"));
    }
  }

  @Test
  void theKeyOfAnotherCertificateIsNamed() throws Exception {
    Certificates certificates = new Certificates(folder).make("one").make("other");
    Path one = certificates.certificate("one");
    Path other = certificates.key("other");
    assertThatThrownBy(() -> ServerTls.of(one, other))
        .isInstanceOf(IOException.class)
        .hasMessage(other + " is not the key of the certificate in " + one);
  }

  @Test
  void aFileOfSomethingElseIsNamed() throws Exception {
    Certificates certificates = new Certificates(folder).make("one");
    Path one = certificates.certificate("one");
    Path words = Files.writeString(folder.resolve("words"), "words");
    assertThatThrownBy(() -> ServerTls.of(words, certificates.key("one")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(words.toString());
    assertThatThrownBy(() -> ServerTls.of(one, words))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(words.toString());
    assertThatThrownBy(() -> ServerTls.of(one, one))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(one + " holds no private key");
  }

  @Test
  void aCertificateThatWasMadeIsKeptAndForItsOwnerOnly() throws Exception {
    Path own = folder.resolve("tls");
    X509Certificate made = SelfSigned.in(own, NAMES, Instant.now()).certificate();
    assertThat(SelfSigned.in(own, NAMES, Instant.now()).certificate()).isEqualTo(made);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(own.resolve("self-signed.key.pem"))))
        .isEqualTo("rw-------");
    assertThat(CertificateNames.of(made)).startsWith("localhost, 127.0.0.1, ");
  }

  @Test
  void aNewOneIsMadeWhenTheOldOneHasExpired() throws Exception {
    Path own = folder.resolve("tls");
    Instant now = Instant.now();
    X509Certificate old = SelfSigned.in(own, NAMES, now.minus(Duration.ofDays(4000))).certificate();
    X509Certificate made = SelfSigned.in(own, NAMES, now).certificate();
    assertThat(made).isNotEqualTo(old);
    assertThat(made.getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(3000)));
  }
}
