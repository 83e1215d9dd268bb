package org.muniment.server.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.BodyPart;
import jakarta.mail.Multipart;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.TargetConfig;
import org.muniment.server.config.TrustConfig;

class MailTargetIT extends WithCheckpoint {

  private static MailTarget target(
      MailServer server, SourceConfig.Security security, @Nullable String username) {
    return new MailTarget(
        new TargetConfig.Mail(
            List.of("auditor@example.org", "Bob <bob@example.org>"),
            "archive@example.com",
            "127.0.0.1",
            server.port(),
            security,
            username,
            username == null ? null : new Secret("pass word")),
        Duration.ofSeconds(2));
  }

  private static MailTarget target(MailServer server) {
    return target(server, SourceConfig.Security.NONE, null);
  }

  @Test
  void theNoteIsInTheTextAndOctetForOctetAttached() throws Exception {
    try (MailServer server = new MailServer(Map.of())) {
      target(server).send(checkpoint);

      assertThat(server.commands())
          .contains(
              "MAIL FROM:<archive@example.com>",
              "RCPT TO:<auditor@example.org>",
              "RCPT TO:<bob@example.org>");
      MimeMessage message = message(server);
      assertThat(message.getSubject()).isEqualTo("Checkpoint of test.example/log: 1 entries");
      Multipart parts = (Multipart) message.getContent();
      assertThat(((String) parts.getBodyPart(0).getContent()).replace("\r\n", "\n"))
          .endsWith("\n\n" + checkpoint.note());
      BodyPart attachment = parts.getBodyPart(1);
      assertThat(attachment.getFileName()).isEqualTo("test.example_log-1");
      assertThat(attachment.getInputStream().readAllBytes()).isEqualTo(checkpoint.octets());
    }
  }

  private static MimeMessage message(MailServer server) throws Exception {
    assertThat(server.messages()).hasSize(1);
    return new MimeMessage(
        Session.getInstance(new Properties()),
        new ByteArrayInputStream(
            server.messages().getFirst().getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void whoHasAPasswordSignsIn() throws Exception {
    Map<String, String> answers =
        Map.of("EHLO", "250-test.example\r\n250 AUTH PLAIN", "AUTH", "235 welcome");
    try (MailServer server = new MailServer(answers)) {
      target(server, SourceConfig.Security.NONE, "relay").send(checkpoint);
      String plain = server.commands().get(1).substring("AUTH PLAIN ".length());
      // RFC 4616: for whom, who, password.
      assertThat(Base64.getDecoder().decode(plain))
          .asString(StandardCharsets.US_ASCII)
          .endsWith("\0relay\0pass word");
      assertThat(server.messages()).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "EHLO, 421 go away, 421",
    "MAIL, 451 not now, 451 not now",
    "RCPT TO:<bob, 550 no such user, 550 no such user",
    "DATA, 554 no, 554 no",
    "., 552 too large, 552 too large"
  })
  void whatTheServerDoesNotAcceptIsNotConfirmed(String command, String answer, String words)
      throws Exception {
    try (MailServer server = new MailServer(Map.of(command, answer, "HELO", "421 go away"))) {
      assertThatThrownBy(() -> target(server).send(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(words);
    }
  }

  @ParameterizedTest
  @CsvSource({"EHLO", "MAIL", "DATA", "."})
  void aServerThatFallsSilentIsLeft(String command) throws Exception {
    try (MailServer server = new MailServer(Map.of(command, ""))) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> target(server).send(checkpoint)).isInstanceOf(IOException.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void noPasswordAndNoMailGoOutWithoutThePromisedTls() throws Exception {
    try (MailServer server = new MailServer(Map.of())) {
      assertThatThrownBy(
              () -> target(server, SourceConfig.Security.STARTTLS, "relay").send(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("STARTTLS");
      assertThat(server.commands()).noneMatch(line -> line.startsWith("AUTH"));
      assertThat(server.messages()).isEmpty();
    }
  }

  @Test
  void aServerIsTrustedByItsPin(@TempDir Path folder) throws Exception {
    Certificates certificates = new Certificates(folder).make("mail");
    try (ServerSocket listener =
        certificates
            .server("mail")
            .getServerSocketFactory()
            .createServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> refuseAll(listener));
      TrustConfig pin = new TrustConfig(null, Set.of(certificates.fingerprint("mail")));
      assertThatThrownBy(() -> overTls(listener.getLocalPort(), pin).send(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("421");
      assertThatThrownBy(() -> overTls(listener.getLocalPort(), TrustConfig.JAVA).send(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("it is self-signed")
          .hasMessageContaining(certificates.fingerprint("mail"));
    }
  }

  private static MailTarget overTls(int port, TrustConfig trust) {
    return new MailTarget(
        new TargetConfig.Mail(
            List.of("auditor@example.org"),
            "archive@example.com",
            "127.0.0.1",
            port,
            SourceConfig.Security.TLS,
            trust,
            null,
            null),
        Duration.ofSeconds(5));
  }

  private static void refuseAll(ServerSocket listener) {
    while (!listener.isClosed()) {
      try (Socket client = listener.accept()) {
        client.getOutputStream().write("421 busy\r\n".getBytes(StandardCharsets.US_ASCII));
      } catch (IOException gone) {
        // the client did not like the certificate
      }
    }
  }
}
