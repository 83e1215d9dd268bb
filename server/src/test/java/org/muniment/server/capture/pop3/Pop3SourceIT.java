package org.muniment.server.capture.pop3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.muniment.server.capture.fixture.ScriptedPop3.CUT;
import static org.muniment.server.capture.fixture.ScriptedPop3.ENDLESS;
import static org.muniment.server.capture.fixture.ScriptedPop3.on;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.ScriptedPop3;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// The protocol against a server that does as it is told.
@Timeout(60)
class Pop3SourceIT {

  private static final Pop3Limits SHORT =
      new Pop3Limits(
          Duration.ofSeconds(2), Duration.ofSeconds(4), Duration.ofSeconds(4), 3_000_000);

  @TempDir Path temporary;

  @Test
  void aMechanismThatIsOfferedIsPreferred() throws Exception {
    Map<String, String> capabilities =
        Map.of("CAPA", "+OK\r\nUSER\r\nSASL PLAIN X-OTHER\r\nUIDL\r\n.\r\n", "AUTH", "+ \r\n");
    try (ScriptedPop3 server = new ScriptedPop3(on(capabilities));
        Pop3Session session = source(server).connect()) {
      String plain = "\0eve\0" + Dovecot.PASSWORD;
      assertThat(server.commands())
          .endsWith("AUTH PLAIN", Base64.getEncoder().encodeToString(plain.getBytes(UTF_8)));
      assertThat(session).isNotNull();
    }
  }

  @Test
  void aServerWithoutCapaIsSignedInToWithUserAndPass() throws Exception {
    try (ScriptedPop3 server = new ScriptedPop3(on(Map.of("CAPA", "-ERR what?\r\n")));
        Pop3Session session = source(server).connect()) {
      assertThat(server.commands()).endsWith("USER eve", "PASS " + Dovecot.PASSWORD);
      assertThat(session).isNotNull();
    }
  }

  @Test
  void withoutStlsNoPasswordIsSent() throws Exception {
    try (ScriptedPop3 server = new ScriptedPop3()) {
      SourceConfig.Pop3 config = server.source(SourceConfig.Security.STARTTLS);
      SourceException e = refusal(new Pop3Source(config, temporary, credentials(), 1 << 20));
      assertThat(e).hasMessage("not signed in: the server does not offer STLS");
      assertThat(server.commands()).noneMatch(command -> command.contains(Dovecot.PASSWORD));
    }
  }

  @Test
  void whatIsSaidInClearTextAfterStlsIsNotTheServers() throws Exception {
    Map<String, String> injected =
        Map.of("CAPA", "+OK\r\nSTLS\r\n.\r\n", "STLS", "+OK\r\n+OK come in\r\n");
    try (ScriptedPop3 server = new ScriptedPop3(on(injected))) {
      SourceException e =
          refusal(
              new Pop3Source(
                  server.source(SourceConfig.Security.STARTTLS),
                  temporary,
                  credentials(),
                  1 << 20));
      assertThat(e).hasMessageContaining("in clear text after STLS");
      assertThat(server.commands()).noneMatch(command -> command.contains(Dovecot.PASSWORD));
    }
  }

  @Test
  void theWordsOfARefusalAreKeptAndThePasswordIsNot() throws Exception {
    try (ScriptedPop3 server =
        new ScriptedPop3(on(Map.of("PASS", "-ERR [AUTH] no " + "n".repeat(5_000) + "\r\n")))) {
      SourceException e = refusal(source(server));
      assertThat(e.getMessage()).startsWith("[AUTH] no nnn").hasSizeLessThan(1_010);
    }
    try (ScriptedPop3 server =
        new ScriptedPop3(on(Map.of("PASS", "-ERR PASS " + Dovecot.PASSWORD + "\r\n")))) {
      assertThat(refusal(source(server)).getMessage()).doesNotContain(Dovecot.PASSWORD);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[IN-USE]", "[LOGIN-DELAY]", "[SYS/TEMP]"})
  void codesThatSayLaterAreUnderstood(String code) throws Exception {
    try (ScriptedPop3 server = new ScriptedPop3(on(Map.of("PASS", "-ERR " + code + " x\r\n")))) {
      SourceException e = refusal(source(server));
      assertThat(e.words().octets()).isEqualTo(code + " x");
      assertThat(e).hasMessage("the server asks to come again later: " + code + " x");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+OK\r\n" + ENDLESS,
        "+OK\r\nabc",
        "+OK\r\nabc\r\n.",
        "+OK\r\nabc\n.\n",
        "",
        "hello\r\n",
        "+OK\r\nabc\r\n" + CUT,
        "+OK\r\nabc\r\n.\r\nand more",
      })
  void whatHasNoEndIsNoMessageAndLeavesNoFile(String answer) throws Exception {
    try (ScriptedPop3 server = new ScriptedPop3(on(Map.of("RETR", answer))).with("a", "one")) {
      try (Pop3Session session = source(server).connect()) {
        SourceException e = catchThrowableOfType(SourceException.class, () -> session.retrieve(1));
        assertThat(e).isNotNull();
        assertThat(e.lost()).isTrue();
      }
      assertNoFile();
    }
  }

  @Test
  void aListingThatLiesIsRefusedOrTakenAsItIs() throws Exception {
    for (String list :
        List.of(
            "+OK\r\n0 1\r\n.\r\n",
            "+OK\r\n-1 1\r\n.\r\n",
            "+OK\r\n99999999999 1\r\n.\r\n",
            "+OK\r\n1 1\r\n1 1\r\n.\r\n",
            "+OK\r\n1 1\r\n" + CUT,
            "+OK\r\n" + "1".repeat(100_000) + "\r\n.\r\n",
            "+OK\r\n" + ENDLESS)) {
      try (ScriptedPop3 server = new ScriptedPop3(on(Map.of("LIST", list)));
          Pop3Session session = source(server).connect()) {
        SourceException e = catchThrowableOfType(SourceException.class, session::list);
        assertThat(e).as(list).isNotNull();
        assertThat(e.lost()).isTrue();
      }
      assertNoFile();
    }
    String uidl =
        "+OK\r\n1 a\r\n7 b\r\n1 c\r\n2 " + "x".repeat(600) + "\r\n3 d e\r\n4\r\n5 f\r\n.\r\n";
    String list = "+OK\r\n1 9\r\n2 no\r\n3\r\n4 4\r\n5 5\r\n.\r\n";
    try (ScriptedPop3 server = new ScriptedPop3(on(Map.of("LIST", list, "UIDL", uidl)));
        Pop3Session session = source(server).connect();
        Pop3Listing listing = session.list()) {
      assertThat(listing.size()).isEqualTo(5);
      assertThat(listing.nameless()).hasToString("{2, 3, 4}");
    }
    assertNoFile();
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Test
  void aMillionMessagesAreListedWithoutHoldingTheirNames() throws Exception {
    int many = 1_000_000;
    long before = used();
    try (Pop3Listing.Builder builder = new Pop3Listing.Builder(temporary)) {
      for (int i = 1; i <= many; i++) {
        builder.listed(i, 1_000);
      }
      for (int i = 1; i <= many; i++) {
        int named = i == 500_000 ? 7 : i; // one of them twice
        builder.named(i, "%070d".formatted(named).getBytes(UTF_8));
      }
      assertThat(used() - before).isLessThan(60_000_000);
      try (Pop3Listing listing = builder.build()) {
        assertThat(listing.size()).isEqualTo(many);
        assertThat(listing.nameless()).hasToString("{7, 500000}");
      }
    }
  }

  private Pop3Source source(ScriptedPop3 server) {
    return new Pop3Source(server.source(), temporary, credentials(), SHORT);
  }

  private Credentials credentials() {
    return new Credentials(temporary.resolve("tokens"), Clock.systemUTC());
  }

  private static SourceException refusal(Pop3Source source) {
    SourceException e = catchThrowableOfType(SourceException.class, source::connect);
    assertThat(e).isNotNull();
    return e;
  }

  private void assertNoFile() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      assertThat(files).isEmpty();
    }
  }
}
