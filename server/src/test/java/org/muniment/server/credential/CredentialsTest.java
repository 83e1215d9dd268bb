package org.muniment.server.credential;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.server.config.Credential;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SecretSource;

class CredentialsTest {

  @TempDir Path folder;

  private final List<Map<String, String>> asked = Collections.synchronizedList(new ArrayList<>());
  private HttpServer endpoint;
  private volatile int status = 200;
  private volatile String answer = "";
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  @BeforeEach
  void start() throws IOException {
    endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    endpoint.createContext(
        "/token",
        exchange -> {
          asked.add(form(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          byte[] body = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    endpoint.start();
  }

  @AfterEach
  void stop() {
    endpoint.stop(0);
  }

  private static Map<String, String> form(String body) {
    return Stream.of(body.split("&", -1))
        .map(pair -> pair.split("=", 2))
        .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
  }

  @Test
  void aPasswordStandsInTheConfigurationOrInAFile() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "open: sesame \r\nnot this\n");

    assertThat(secret(password(new SecretSource.Written(new Secret("hush"))))).isEqualTo("hush");
    assertThat(secret(password(new SecretSource.InFile(file)))).isEqualTo("open: sesame ");
  }

  @Test
  void aFileThatIsChangedCountsAtOnce() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "old");
    Credentials credentials = credentials();
    Credential password = password(new SecretSource.InFile(file));

    assertThat(credentials.secret(password).value()).isEqualTo("old");
    Files.writeString(file, "new");
    assertThat(credentials.secret(password).value()).isEqualTo("new");
  }

  @Test
  void aFileThatHasNoPasswordIsNamed() throws Exception {
    Path file = folder.resolve("password");
    assertThatThrownBy(() -> secret(password(new SecretSource.InFile(file))))
        .isInstanceOf(CredentialException.class)
        .hasMessage("passwordFile: there is no file " + file);
    Files.writeString(file, "\nsecond");
    assertThatThrownBy(() -> secret(password(new SecretSource.InFile(file))))
        .hasMessage("passwordFile: the first line of " + file + " is empty");
  }

  @Test
  void aCommandWritesAPasswordOrAToken() throws Exception {
    assertThat(secret(password(sh("echo 'open sesame'; echo more")))).isEqualTo("open sesame");
    assertThat(secret(new Credential.TokenCommand(sh("printf token")))).isEqualTo("token");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo hush; echo 'no hush today' >&2; exit 3 | ended with exit code 3: no (secret) today
          echo hush; exit 1                           | ended with exit code 1
          true                                        | wrote nothing to its standard output
          echo hush; sleep 100                        | had not ended after 1 seconds
          sleep 100                                   | had not ended after 1 seconds
          head -c 70000 /dev/zero                     | writes more than a password or token
          exec 1>&- 2>&-; sleep 100                   | had not ended after 1 seconds
          """)
  void aCommandThatFailsIsNamedAndKeepsItsSecret(String script, String message) {
    assertThatThrownBy(() -> secret(password(sh(script))))
        .isInstanceOf(CredentialException.class)
        .hasMessageStartingWith("passwordCommand: /bin/sh " + message)
        .hasMessageNotContaining("hush");
  }

  @Test
  void aCommandThatIsNotThereIsNamed() {
    SecretSource.Command none = new SecretSource.Command(List.of("/nowhere/at/all"));
    assertThatThrownBy(() -> secret(new Credential.TokenCommand(none)))
        .isInstanceOf(CredentialException.class)
        .hasMessageStartingWith("tokenCommand: /nowhere/at/all cannot be started: ");
  }

  @Test
  void aCommandThatWritesAndWritesToItsErrorStreamStillEnds() throws Exception {
    assertThat(secret(password(sh("yes | head -c 300000 >&2; echo word")))).isEqualTo("word");
  }

  @Test
  void anAccessTokenIsAskedForOnceWhileItIsGood() throws Exception {
    Credentials credentials = credentials();
    answer = "{\"access_token\":\"A1\",\"expires_in\":3600,\"token_type\":\"Bearer\"}";

    assertThat(credentials.secret(refreshToken("R0")).value()).isEqualTo("A1");
    answer = "{\"access_token\":\"A2\",\"expires_in\":\"3600\"}";
    now = now.plusSeconds(3600 - 121);
    assertThat(credentials.secret(refreshToken("R0")).value()).isEqualTo("A1");
    now = now.plusSeconds(2);
    assertThat(credentials.secret(refreshToken("R0")).value()).isEqualTo("A2");

    assertThat(asked)
        .hasSize(2)
        .allSatisfy(
            form ->
                assertThat(form)
                    .containsOnly(
                        Map.entry("grant_type", "refresh_token"),
                        Map.entry("refresh_token", "R0"),
                        Map.entry("client_id", "client & co"),
                        Map.entry("client_secret", "c/s+"),
                        Map.entry("scope", "a b")));
    assertThat(folder.resolve("tokens")).isDirectoryNotContaining("regex:.*/[0-9a-f]{32}");
  }

  @Test
  void aTokenThatTheServerRefusedIsNotShownAgain() throws Exception {
    Credentials credentials = credentials();
    answer = "{\"access_token\":\"A1\",\"expires_in\":3600}";
    credentials.secret(refreshToken("R0"));
    answer = "{\"access_token\":\"A2\",\"expires_in\":3600}";
    credentials.refused(refreshToken("R0"));

    assertThat(credentials.secret(refreshToken("R0")).value()).isEqualTo("A2");
  }

  @Test
  void aTokenWithoutALifetimeIsUsedOnce() throws Exception {
    Credentials credentials = credentials();
    answer = "{\"access_token\":\"A1\"}";
    credentials.secret(refreshToken("R0"));
    credentials.secret(refreshToken("R0"));
    assertThat(asked).hasSize(2);
  }

  @Test
  void aRotatedRefreshTokenOutlivesTheProcessAndIsItsOwnersOnly() throws Exception {
    answer = "{\"access_token\":\"A1\",\"expires_in\":0,\"refresh_token\":\"R1\"}";
    secret(refreshToken("R0"));
    answer = "{\"access_token\":\"A2\",\"expires_in\":0,\"refresh_token\":\"R2\"}";
    secret(refreshToken("R0"));
    answer = "{\"access_token\":\"A3\",\"expires_in\":0}";
    secret(refreshToken("R0"));
    secret(refreshToken("another"));

    assertThat(asked)
        .extracting(form -> form.get("refresh_token"))
        .containsExactly("R0", "R1", "R2", "another");
    try (Stream<Path> files = Files.list(folder.resolve("tokens"))) {
      assertThat(files)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tokens"))))
        .isEqualTo("rwx------");
  }

  @Test
  void aRefreshTokenThatCannotBeWrittenIsUsedFromMemory() throws Exception {
    Credentials credentials = credentials();
    answer = "{\"access_token\":\"A1\",\"expires_in\":0}";
    credentials.secret(refreshToken("R0"));
    String lock;
    try (Stream<Path> files = Files.list(folder.resolve("tokens"))) {
      lock = files.map(file -> file.getFileName().toString()).findFirst().orElseThrow();
    }
    Path fresh = folder.resolve("tokens").resolve(lock.replace(".lock", ".new"));
    Files.createDirectories(fresh);

    answer = "{\"access_token\":\"A2\",\"expires_in\":0,\"refresh_token\":\"R1\"}";
    assertThat(credentials.secret(refreshToken("R0")).value()).isEqualTo("A2");
    answer = "{\"access_token\":\"A3\",\"expires_in\":0}";
    credentials.secret(refreshToken("R0"));
    Files.delete(fresh);
    credentials.secret(refreshToken("R0"));
    secret(refreshToken("R0"));

    assertThat(asked)
        .extracting(form -> form.get("refresh_token"))
        .containsExactly("R0", "R0", "R1", "R1", "R1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | {"error":"invalid_grant","error_description":"R0-is-revoked of c/s+"} | gives no access token: invalid_grant: (secret)-is-revoked of (secret). The refresh token has expired or was withdrawn
          400 | {"error":"x","error_description":"AADSTS7: no. Trace ID: 1 Timestamp: 2026"} | gives no access token: x: AADSTS7: no.
          401 | {"error":"invalid_client"} | invalid_client. See clientId: and clientSecret:
          500 | <html>sorry</html>         | gives no access token: HTTP status 500
          302 | {}                         | gives no access token: HTTP status 302
          200 | {"access_token":5}         | gives no access token: HTTP status 200
          200 | []                         | gives no access token: HTTP status 200
          """)
  void whyThereIsNoTokenIsSaidWithoutSecrets(int code, String said, String message) {
    status = code;
    answer = said;
    assertThatThrownBy(() -> secret(refreshToken("R0")))
        .isInstanceOf(CredentialException.class)
        .hasMessageStartingWith("tokenUrl: 127.0.0.1 ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("R0")
        .hasMessageNotContaining("c/s+");
  }

  @Test
  void anAnswerWithoutEndIsNotRead() {
    answer = " ".repeat(70_000) + "{\"access_token\":\"A1\"}";
    assertThatThrownBy(() -> secret(refreshToken("R0")))
        .isInstanceOf(CredentialException.class)
        .hasMessageContaining("cannot be asked");
  }

  @Test
  void anEndpointThatIsDownIsNamed() {
    endpoint.stop(0);
    assertThatThrownBy(() -> secret(refreshToken("R0")))
        .isInstanceOf(CredentialException.class)
        .hasMessageStartingWith("tokenUrl: 127.0.0.1 cannot be asked: ");
  }

  private Credential refreshToken(String token) {
    return new Credential.RefreshToken(
        URI.create("http://127.0.0.1:" + endpoint.getAddress().getPort() + "/token"),
        "client & co",
        new Secret("c/s+"),
        new Secret(token),
        "a b");
  }

  private static Credential password(SecretSource source) {
    return new Credential.Password(source, null);
  }

  private static SecretSource.Command sh(String script) {
    return new SecretSource.Command(List.of("/bin/sh", "-c", script));
  }

  private Credentials credentials() {
    return new Credentials(folder.resolve("tokens"), () -> now, Duration.ofSeconds(1));
  }

  /// As another process would get it.
  private @Nullable String secret(Credential credential) throws CredentialException {
    return credentials().secret(credential).value();
  }
}
