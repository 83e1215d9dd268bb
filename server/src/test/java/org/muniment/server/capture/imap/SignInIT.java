package org.muniment.server.capture.imap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.capture.fixture.Certificates;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.OAuthIntrospection;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SecretSource;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.config.SourceConfig.Security;
import org.muniment.server.config.TrustConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.sasl.Mechanism;
import org.muniment.server.trust.TlsLayer;

/// Signing in at a real server with every mechanism, and at servers that lie.
class SignInIT {

  private static final String SECRET = "open-sesame";

  @TempDir Path folder;
  @TempDir Path served;
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {"OAUTHBEARER", "XOAUTH2"})
  void everyMechanismForPasswordsSignsInAtDovecotAndFailsWithAWrongOne(Mechanism mechanism)
      throws Exception {
    Requires.dovecot();
    try (Dovecot dovecot = Dovecot.start(served)) {
      SourceConfig.Imap source = dovecot.source("eve");
      assertThat(signIn(with(source, password(Dovecot.PASSWORD, mechanism))))
          .isEqualTo(mechanism.saslName());
      assertThatThrownBy(() -> signIn(with(source, password("wrong", mechanism))))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("Authentication failed");
    }
  }

  @Test
  void theStrongestMechanismIsUsedUnasked() throws Exception {
    Requires.dovecot();
    try (Dovecot dovecot = Dovecot.start(served)) {
      assertThat(signIn(dovecot.source("eve"))).isEqualTo("SCRAM-SHA-256");
    }
  }

  @Test
  void aPasswordMayHaveAnyCharacter() throws Exception {
    Requires.dovecot();
    String awkward = "p\u00E4ss \"w\\rt{3}";
    try (Dovecot dovecot = Dovecot.startWithPassword(served, awkward)) {
      for (Mechanism mechanism : Mechanism.forPasswords()) {
        assertThat(signIn(with(dovecot.source("eve"), password(awkward, mechanism))))
            .isEqualTo(mechanism.saslName());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"oauthbearer", "xoauth2", "oauthbearer xoauth2"})
  void anAccessTokenSignsInAtDovecot(String mechanisms) throws Exception {
    Requires.dovecot();
    try (OAuthIntrospection provider = new OAuthIntrospection("eve", "good-token");
        Dovecot dovecot = Dovecot.startWithTokens(served, mechanisms, provider.url())) {
      SourceConfig.Imap source = dovecot.source("eve");
      assertThat(signIn(with(source, token("good-token"))))
          .isEqualTo(mechanisms.split(" ", 2)[0].toUpperCase(Locale.ROOT));
      assertThatThrownBy(() -> signIn(with(source, token("stale-token"))))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("(status ")
          .hasMessageNotContaining("stale-token");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"TLS", "STARTTLS"})
  void aServerIsTrustedByItsAuthorityOrByItsPin(Security security) throws Exception {
    Requires.dovecot();
    Certificates certificates =
        new Certificates(folder)
            .make("ca", "-ext bc:c")
            .make("server", "-ext san=ip:127.0.0.1", "-signer ca");
    try (Dovecot dovecot =
        Dovecot.startWithTls(
            served, certificates.certificate("server"), certificates.key("server"))) {
      TrustConfig authority = new TrustConfig(certificates.certificate("ca"), Set.of());
      TrustConfig pin = new TrustConfig(null, Set.of(certificates.fingerprint("server")));
      TrustConfig wrong = new TrustConfig(null, Set.of(certificates.fingerprint("ca")));
      int port = security == Security.TLS ? dovecot.tlsPort() : dovecot.port();
      for (TrustConfig trust : List.of(authority, pin)) {
        assertThat(signIn(imap(port, security, trust, password(Dovecot.PASSWORD, null))))
            .isEqualTo("SCRAM-SHA-256");
      }
      for (TrustConfig trust : List.of(TrustConfig.JAVA, wrong)) {
        assertThatThrownBy(
                () -> signIn(imap(port, security, trust, password(Dovecot.PASSWORD, null))))
            .isInstanceOf(SourceException.class)
            .hasMessageStartingWith("the certificate of the server is not accepted: it")
            .hasMessageContaining(certificates.fingerprint("server"));
      }
    }
  }

  @Test
  void whatIsSaidBetweenStartTlsAndTlsEndsTheConnection() throws Exception {
    try (ScriptedServer server =
        scripted(
            command ->
                switch (command) {
                  case "CAPABILITY" -> "* CAPABILITY IMAP4rev1 STARTTLS\r\nOK";
                  case "STARTTLS" ->
                      ScriptedServer.tagged("OK begin") + "* CAPABILITY IMAP4rev1 AUTH=PLAIN";
                  default -> null;
                })) {
      SourceConfig.Imap source =
          imap(server.source().port(), Security.STARTTLS, TrustConfig.JAVA, password(SECRET, null));
      assertThatThrownBy(() -> signIn(source))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("something was said between STARTTLS and TLS");
      assertThat(heard).containsExactly("CAPABILITY", "STARTTLS");
    }
  }

  @Test
  void aServerThatAcceptsWithoutProofIsNotBelieved() throws Exception {
    try (ScriptedServer server =
        scripted(
            command ->
                command.equals("CAPABILITY")
                    ? "* CAPABILITY IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256\r\nOK"
                    : command.startsWith("AUTHENTICATE") ? "OK welcome" : null)) {
      assertThatThrownBy(() -> signIn(server.source()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("does not prove that it knows the password");
      assertThat(heard).noneMatch(line -> line.startsWith("LOGIN") || line.contains("PLAIN"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          AUTH=SCRAM-SHA-256 | + bm90IHNjcmFt         | breaks the rules of SCRAM-SHA-256
          AUTH=SCRAM-SHA-1   | + ???                  | a challenge that is no base64
          AUTH=CRAM-MD5      | + LONG                 | a challenge of 20,000 octets
          AUTH=PLAIN         | +                      | asks on where PLAIN has ended
          AUTH=LOGIN         | +                      | asks on where LOGIN has ended
          AUTH=PLAIN         | * BYE go away          | go away
          AUTH=PLAIN         | NO [X] no open-sesame no | [X] no (secret) no
          AUTH=PLAIN         | NO AGV2ZQBvcGVuLXNlc2FtZQ== | (secret)
          """)
  void whatAServerDoesWrongIsSaidAndThePasswordIsNot(
      String capability, String answer, String message) throws Exception {
    try (ScriptedServer server =
        scripted(
            command ->
                command.equals("CAPABILITY")
                    ? "* CAPABILITY IMAP4rev1 SASL-IR " + capability + "\r\nOK"
                    : answer.replace("LONG", "A".repeat(20_000)))) {
      assertThatThrownBy(() -> signIn(server.source()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining(message)
          .hasMessageNotContaining(SECRET)
          .hasMessageNotContaining("AGV2ZQB");
    }
  }

  @Test
  void theCommandLoginIsForServersThatNameNoMechanism() throws Exception {
    try (ScriptedServer server = scripted(command -> null)) {
      assertThat(signIn(server.source())).isEqualTo("LOGIN command");
      assertThat(heard).anyMatch(line -> line.startsWith("LOGIN eve"));
    }
    try (ScriptedServer server =
        scripted(command -> command.startsWith("LOGIN") ? "NO not open-sesame" : null)) {
      assertThatThrownBy(() -> signIn(server.source()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("not (secret)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          LOGINDISABLED                  | no way to sign in with a password that is known here
          LOGINDISABLED AUTH=GSSAPI      | that is known here, only [GSSAPI]
          LOGINDISABLED AUTH=OAUTHBEARER | that is known here, only [OAUTHBEARER]
          """)
  void aServerThatOffersNothingKnownGetsNoPassword(String capabilities, String message)
      throws Exception {
    try (ScriptedServer server =
        scripted(
            command ->
                command.equals("CAPABILITY")
                    ? "* CAPABILITY IMAP4rev1 " + capabilities + "\r\nOK"
                    : null)) {
      assertThatThrownBy(() -> signIn(server.source()))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("not signed in: the server offers no way")
          .hasMessageContaining(message);
      assertThat(heard).containsExactly("CAPABILITY");
    }
  }

  @Test
  void aTokenIsNeverSentAsAPassword() throws Exception {
    try (ScriptedServer server = scripted(command -> null)) {
      assertThatThrownBy(() -> signIn(with(server.source(), token("t"))))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("the server offers neither OAUTHBEARER nor XOAUTH2");
      assertThatThrownBy(
              () -> signIn(with(server.source(), password(SECRET, Mechanism.SCRAM_SHA_256))))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("the server offers not SCRAM-SHA-256");
      assertThat(heard).containsOnly("CAPABILITY");
    }
  }

  @Test
  void whyATokenIsRefusedIsDecoded() throws Exception {
    String json = "{\"status\":\"400\",\"scope\":\"https://mail.google.com/\"}";
    String challenge = "+ " + Base64.getEncoder().encodeToString(json.getBytes(UTF_8));
    try (ScriptedServer server =
        scripted(
            command ->
                command.equals("CAPABILITY")
                    ? "* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2\r\nOK"
                    : command.startsWith("AUTHENTICATE") ? challenge : "NO Invalid credentials")) {
      assertThatThrownBy(() -> signIn(with(server.source(), token("tok-en"))))
          .isInstanceOf(SourceException.class)
          .hasMessageContaining("Invalid credentials (status 400, scope https://mail.google.com/)");
      assertThat(heard.getLast()).isEmpty();
      assertThat(heard.get(1))
          .isEqualTo(
              "AUTHENTICATE XOAUTH2 "
                  + Base64.getEncoder()
                      .encodeToString(
                          "user=eve\u0001auth=Bearer tok-en\u0001\u0001".getBytes(UTF_8)));
    }
  }

  @Test
  void aServerThatDoesNotLetGoIsLeftInSeconds() throws Exception {
    long begin = System.nanoTime();
    try (ScriptedServer server =
        scripted(command -> command.equals("LOGOUT") ? "* OK in a minute" : null)) {
      signIn(server.source());
    }
    assertThat(heard).contains("LOGOUT");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void aPasswordThatIsNotToBeHadFailsTheAccount() throws Exception {
    try (ScriptedServer server = scripted(command -> null)) {
      Credential none =
          new Credential.Password(new SecretSource.InFile(folder.resolve("none")), null);
      assertThatThrownBy(() -> signIn(with(server.source(), none)))
          .isInstanceOf(SourceException.class)
          .hasMessage("passwordFile: there is no file " + folder.resolve("none"));
    }
  }

  @Test
  void aMissingFileOfAuthoritiesFailsTheAccount() {
    TrustConfig none = new TrustConfig(folder.resolve("none.pem"), Set.of());
    assertThatThrownBy(() -> signIn(imap(1, Security.TLS, none, password(SECRET, null))))
        .isInstanceOf(SourceException.class)
        .hasMessage("ca: there is no file " + folder.resolve("none.pem"));
  }

  private ScriptedServer scripted(Function<String, @Nullable String> script) throws Exception {
    return new ScriptedServer(
        command -> {
          heard.add(command);
          return Optional.ofNullable(script.apply(command));
        });
  }

  private String signIn(SourceConfig.Imap config) throws Exception {
    Credentials credentials = new Credentials(folder.resolve("tokens"), InstantSource.system());
    try (ImapProbe probe = ImapProbe.open(config, credentials, TlsLayer.trusting(config.trust()))) {
      probe.secure();
      return probe.signIn();
    } catch (IOException e) {
      throw ImapConnection.failure(e);
    }
  }

  private static SourceConfig.Imap with(SourceConfig.Imap config, Credential credential) {
    return imap(config.port(), config.security(), config.trust(), credential);
  }

  private static SourceConfig.Imap imap(
      int port, Security security, TrustConfig trust, Credential credential) {
    return new SourceConfig.Imap("127.0.0.1", port, security, trust, "eve", credential);
  }

  private static Credential password(String password, @Nullable Mechanism mechanism) {
    return new Credential.Password(new SecretSource.Written(new Secret(password)), mechanism);
  }

  private static Credential token(String token) {
    return new Credential.TokenCommand(new SecretSource.Command(List.of("/bin/echo", token)));
  }
}
