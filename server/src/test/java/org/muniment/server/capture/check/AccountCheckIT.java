package org.muniment.server.capture.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.Credential;
import org.muniment.server.config.DeleteAtSource;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SecretSource;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.SourceConfig.Security;
import org.muniment.server.config.TrustConfig;
import org.muniment.server.credential.Credentials;

class AccountCheckIT {

  private static final AccountConfig.Folders NO_TRASH =
      new AccountConfig.Folders(List.of("*"), List.of("Trash"));

  @TempDir Path folder;
  @TempDir Path served;

  @Test
  void aSoundAccountPassesEveryStep() throws Exception {
    Requires.dovecot();
    SampleMaildir mail = new SampleMaildir(served.resolve("mail/eve"), 3);
    mail.fill("", 3, 300);
    mail.fill(".Work", 2, 300);
    mail.fill(".Trash", 4, 300);
    Dovecot.own(served.resolve("mail"));
    Certificates certificates = certificates("-validity 400");
    try (Dovecot dovecot =
        Dovecot.startWithTls(
            served, certificates.certificate("server"), certificates.key("server"))) {
      for (Security security : List.of(Security.TLS, Security.STARTTLS)) {
        int port = security == Security.TLS ? dovecot.tlsPort() : dovecot.port();
        List<Step> steps = check(imap(port, security, trust(certificates), Dovecot.PASSWORD));

        assertThat(steps).as(security.name()).noneMatch(Step::finding);
        assertThat(steps)
            .extracting(Step::name)
            .containsExactlyInAnyOrder(
                "name",
                "connection",
                "TLS",
                "greeting",
                "capabilities",
                "sign-in",
                "mailboxes",
                "messages");
        assertThat(text(steps, "name")).isEqualTo("127.0.0.1 is 127.0.0.1");
        assertThat(text(steps, "TLS"))
            .startsWith("TLSv1.3, certificate for 127.0.0.1, valid until ")
            .endsWith(", chain of 2, pin: " + certificates.fingerprint("server"));
        assertThat(text(steps, "greeting")).contains("Dovecot");
        assertThat(text(steps, "capabilities")).contains("IMAP4REV1");
        assertThat(text(steps, "sign-in")).isEqualTo("eve by SCRAM-SHA-256");
        assertThat(text(steps, "mailboxes")).endsWith(" are captured");
        assertThat(text(steps, "messages")).startsWith("5 in ");
      }
    }
  }

  @Test
  void aCertificateThatExpiresSoonIsAFindingAndTheCheckGoesOn() throws Exception {
    Requires.dovecot();
    Certificates certificates = certificates("-validity 29");
    try (Dovecot dovecot =
        Dovecot.startWithTls(
            served, certificates.certificate("server"), certificates.key("server"))) {
      SourceConfig.Imap source =
          imap(dovecot.tlsPort(), Security.TLS, trust(certificates), Dovecot.PASSWORD);
      List<Step> steps = check(source);

      assertThat(steps).filteredOn(Step::finding).hasSize(1);
      assertThat(step(steps, "TLS").advice()).startsWith("the certificate expires at ");
      assertThat(step(steps, "TLS").ok()).isTrue();
      assertThat(steps.getLast().name()).isEqualTo("messages");

      Instant early = Instant.now().minus(30, ChronoUnit.DAYS);
      assertThat(check(source, NO_TRASH, () -> early)).noneMatch(Step::finding);
    }
  }

  @Test
  void aCertificateThatIsNotTrustedIsShownWithItsPin() throws Exception {
    Requires.dovecot();
    Certificates certificates = certificates("-validity 400");
    try (Dovecot dovecot =
        Dovecot.startWithTls(
            served, certificates.certificate("server"), certificates.key("server"))) {
      for (Security security : List.of(Security.TLS, Security.STARTTLS)) {
        int port = security == Security.TLS ? dovecot.tlsPort() : dovecot.port();
        Step last = check(imap(port, security, TrustConfig.JAVA, Dovecot.PASSWORD)).getLast();

        assertThat(last.ok()).isFalse();
        assertThat(last.name()).isEqualTo("TLS");
        assertThat(last.text())
            .contains("is no authority that this machine trusts")
            .contains("pin: " + certificates.fingerprint("server"));
        assertThat(last.advice()).isEqualTo("see host:, ca: and pin:");
      }
    }
  }

  @Test
  void aMaildropIsCheckedUpToItsMessages() throws Exception {
    Requires.dovecotWithPop3();
    SampleMaildir mail = new SampleMaildir(served.resolve("mail/eve"), 3);
    mail.fill("", 3, 300);
    Dovecot.own(served.resolve("mail"));
    try (Dovecot dovecot = Dovecot.start(served)) {
      List<Step> steps = check(dovecot.pop3("eve"));
      assertThat(steps).noneMatch(Step::finding);
      assertThat(steps)
          .extracting(Step::name)
          .containsExactly("name", "connection", "TLS", "sign-in", "messages");
      assertThat(text(steps, "messages")).isEqualTo("3");
      List<Step> wrong =
          check(
              new SourceConfig.Pop3(
                  "127.0.0.1",
                  dovecot.pop3Port(),
                  Security.NONE,
                  "eve",
                  new Secret("wrong-horse")));
      assertLast(wrong, "sign-in", "Authentication failed", "see username: and the password.");
      assertThat(wrong.toString()).doesNotContain("wrong-horse");
    }
  }

  @Test
  void theFirstStepThatFailsEndsTheCheck() throws Exception {
    Requires.dovecot();
    try (Dovecot dovecot = Dovecot.start(served)) {
      int port = dovecot.port();
      assertLast(check(open(closedPort(), "x")), "connection", "port ", "see port:");
      assertLast(
          check(imap(port, Security.TLS, TrustConfig.JAVA, "x")),
          "TLS",
          "TLS with the server fails",
          "see security: and port:");
      assertLast(
          check(imap(port, Security.STARTTLS, TrustConfig.JAVA, "x")),
          "TLS",
          "does not offer STARTTLS",
          "see security:");
      List<Step> wrong = check(open(port, "wrong-horse"));
      assertLast(wrong, "sign-in", "Authentication failed", "see username: and the password.");
      assertThat(wrong.toString()).doesNotContain("wrong-horse");
      assertLast(
          check(
              open(port, Dovecot.PASSWORD),
              new AccountConfig.Folders(List.of("Nothing"), List.of()),
              InstantSource.system()),
          "mailboxes",
          "of which 0 are captured",
          "see folders:");
    }
  }

  @Test
  void aHostThatIsNotThereIsNamed() {
    SourceConfig.Imap none =
        new SourceConfig.Imap("no-such-host.invalid", 993, Security.TLS, "eve", new Secret("hush"));
    List<Step> steps = check(none);
    assertThat(steps).hasSize(1);
    assertLast(steps, "name", "there is no host no-such-host.invalid", "see host:");
  }

  @Test
  void anAccountThatIsNotConfiguredSaysWhy() {
    assertLast(
        check(new SourceConfig.Unusable("the environment variable X is not set")),
        "configuration",
        "the environment variable X is not set",
        "set it");
  }

  @Test
  void eachStepIsHeardOfAsItIsTaken() throws Exception {
    List<Step> heard = new ArrayList<>();
    List<Step> steps =
        AccountCheck.run(
            account(open(closedPort(), "x"), NO_TRASH),
            credentials(),
            InstantSource.system(),
            heard::add);
    assertThat(heard).isEqualTo(steps).hasSize(2);
  }

  private static void assertLast(List<Step> steps, String name, String text, String advice) {
    Step last = steps.getLast();
    assertThat(last.name()).isEqualTo(name);
    assertThat(last.ok()).isFalse();
    assertThat(last.text()).contains(text);
    assertThat(last.advice()).contains(advice);
    assertThat(steps.subList(0, steps.size() - 1)).allMatch(Step::ok);
  }

  private Certificates certificates(String validity) throws Exception {
    return new Certificates(folder)
        .make("ca", "-ext bc:c", "-validity 500", "-startdate -60d")
        .make("server", "-ext san=ip:127.0.0.1", "-signer ca", validity);
  }

  private static TrustConfig trust(Certificates certificates) throws Exception {
    return new TrustConfig(certificates.certificate("ca"), Set.of());
  }

  private static SourceConfig.Imap open(int port, String password) {
    return imap(port, Security.NONE, TrustConfig.JAVA, password);
  }

  private static SourceConfig.Imap imap(
      int port, Security security, TrustConfig trust, String password) {
    return new SourceConfig.Imap(
        "127.0.0.1",
        port,
        security,
        trust,
        "eve",
        new Credential.Password(new SecretSource.Written(new Secret(password)), null));
  }

  private List<Step> check(SourceConfig source) {
    return check(source, NO_TRASH, InstantSource.system());
  }

  private List<Step> check(
      SourceConfig source, AccountConfig.Folders folders, InstantSource clock) {
    return AccountCheck.run(account(source, folders), credentials(), clock, step -> {});
  }

  private Credentials credentials() {
    return new Credentials(folder.resolve("tokens"), InstantSource.system());
  }

  @ParameterizedTest
  @ValueSource(strings = {" UIDPLUS IDLE", ""})
  void whatAnAccountAsksForBeyondCaptureIsSaid(String offered) throws Exception {
    Requires.dovecot();
    try (Dovecot dovecot =
        Dovecot.startWith(served, "imap_capability = IMAP4rev1 SASL-IR" + offered)) {
      AccountConfig account =
          account(dovecot.source("eve"), AccountConfig.Folders.ALL)
              .deleting(new DeleteAtSource(Duration.ofDays(90), AccountConfig.Folders.ALL))
              .watching(List.of("INBOX"));
      List<Step> steps =
          AccountCheck.run(account, credentials(), InstantSource.system(), step -> {});

      assertThat(text(steps, "deletion"))
          .isEqualTo("ON: mail is deleted at the server 90 days after it was archived");
      assertThat(steps).filteredOn(Step::finding).hasSize(offered.isEmpty() ? 2 : 0);
      if (offered.isEmpty()) {
        assertThat(step(steps, "deletion").advice()).contains("does not offer UIDPLUS");
        assertThat(step(steps, "IDLE").advice()).contains("does not offer IDLE");
      }
    }
  }

  private static AccountConfig account(SourceConfig source, AccountConfig.Folders folders) {
    return new AccountConfig(
        new AccountName("eve"),
        "eve",
        Set.of("eve"),
        true,
        source,
        folders,
        AccountConfig.DEFAULT_SCHEDULE,
        AccountConfig.DEFAULT_MAX_MESSAGE_SIZE);
  }

  private static Step step(List<Step> steps, String name) {
    return steps.stream().filter(step -> step.name().equals(name)).findFirst().orElseThrow();
  }

  private static String text(List<Step> steps, String name) {
    return step(steps, name).text();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
