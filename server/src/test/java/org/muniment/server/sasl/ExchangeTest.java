package org.muniment.server.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import javax.security.sasl.SaslException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.sasl.Mechanism.Login;

/// The examples of the RFCs, and servers that break their rules.
class ExchangeTest {

  private static final String SHA_1_NONCE = "fyko+d2lbbFgONRv9qkxdawL";
  private static final String SHA_1_FIRST =
      "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096";

  /// RFC 5802 section 5.
  @Test
  void scramSha1SaysWhatItsRfcShows() throws Exception {
    Exchange exchange = scram("SCRAM-SHA-1", SHA_1_NONCE);

    assertThat(text(exchange.first())).isEqualTo("n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL");
    assertThat(answer(exchange, SHA_1_FIRST))
        .isEqualTo(
            "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
                + "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=");
    assertThat(answer(exchange, "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=")).isEmpty();
    exchange.succeeded();
  }

  /// RFC 7677 section 3.
  @Test
  void scramSha256SaysWhatItsRfcShows() throws Exception {
    Exchange exchange = scram("SCRAM-SHA-256", "rOprNGfwEbeRWgbNEkqO");

    assertThat(text(exchange.first())).isEqualTo("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
    assertThat(
            answer(
                exchange,
                "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                    + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"))
        .isEqualTo(
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    assertThat(answer(exchange, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")).isEmpty();
    exchange.succeeded();
  }

  @Test
  void aServerThatDoesNotKnowThePasswordIsNotBelieved() throws Exception {
    Exchange exchange = scram("SCRAM-SHA-1", SHA_1_NONCE);
    exchange.first();
    answer(exchange, SHA_1_FIRST);

    assertThatThrownBy(exchange::succeeded)
        .isInstanceOf(SaslException.class)
        .hasMessageContaining("does not prove that it knows the password");
    for (String proof : List.of("v=smF9pqV8S7suAoZWja4dJRkFsKQ=", "v=", "v=!", "", "x=y", "v")) {
      assertThatThrownBy(() -> answer(exchange, proof))
          .as(proof)
          .isInstanceOf(SaslException.class)
          .hasMessageContaining("breaks the rules of SCRAM-SHA-1");
      assertThatThrownBy(exchange::succeeded).isInstanceOf(SaslException.class);
    }
  }

  @Test
  void theErrorOfAScramServerIsKept() throws Exception {
    Exchange exchange = scram("SCRAM-SHA-1", SHA_1_NONCE);
    exchange.first();
    answer(exchange, SHA_1_FIRST);

    assertThat(answer(exchange, "e=unknown-user")).isEmpty();
    assertThat(exchange.complaint()).contains("unknown-user");
    assertThatThrownBy(exchange::succeeded).isInstanceOf(SaslException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "r=another3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096",
        "m=x,r=fyko+d2lbbFgONRv9qkxdawL3rf,s=QSXCR+Q6sek8bf92,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawL3rf,s=,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawL3rf,s=!!,i=4096",
        "r=fyko+d2lbbFgONRv9qkxdawL3rf,s=QSXCR+Q6sek8bf92,i=many",
        "r=fyko+d2lbbFgONRv9qkxdawL3rf,s=QSXCR+Q6sek8bf92",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        "",
      })
  void aScramChallengeThatBreaksTheRulesIsNotAnswered(String challenge) throws Exception {
    Exchange exchange = scram("SCRAM-SHA-1", SHA_1_NONCE);
    exchange.first();

    assertThatThrownBy(() -> answer(exchange, challenge)).isInstanceOf(SaslException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4_095, 1_000_001, Integer.MAX_VALUE})
  void iterationsAreFewAndNotTooFew(int iterations) throws Exception {
    Exchange exchange = scram("SCRAM-SHA-1", SHA_1_NONCE);
    exchange.first();

    assertThatThrownBy(() -> answer(exchange, SHA_1_FIRST.replace("i=4096", "i=" + iterations)))
        .isInstanceOf(SaslException.class)
        .hasMessageContaining("iterations of SCRAM-SHA-1: 4,096 to 1,000,000 are allowed");
  }

  @Test
  void everyScramExchangeHasANonceOfItsOwn() throws Exception {
    Login login = login("user", "pencil");
    assertThat(text(Mechanism.SCRAM_SHA_256.begin(login).first()))
        .startsWith("n,,n=user,r=")
        .isNotEqualTo(text(Mechanism.SCRAM_SHA_256.begin(login).first()));
  }

  @Test
  void namesAreEscapedAndPreparedForScram() throws Exception {
    // RFC 5802 section 5.1 and RFC 4013: U+00AD goes, U+2168 becomes IX.
    Exchange exchange = Mechanism.SCRAM_SHA_1.begin(login("a=b,I\u00ADX\u2168", "pencil"));
    assertThat(text(exchange.first())).startsWith("n,,n=a=3Db=2CIXIX,r=");
  }

  @ParameterizedTest
  @EnumSource(names = {"SCRAM_SHA_1", "SCRAM_SHA_256"})
  void aPasswordThatScramForbidsIsNotQuoted(Mechanism mechanism) {
    Exchange exchange = mechanism.begin(login("user", "hush\u0007hush"));
    assertThatThrownBy(
            () -> {
              String first = text(exchange.first());
              String nonce = first.substring(first.indexOf("r="));
              answer(exchange, nonce + "x,s=QSXCR+Q6sek8bf92,i=4096");
            })
        .isInstanceOf(SaslException.class)
        .hasMessageContaining("SASLprep")
        .satisfies(e -> assertThat(e.toString() + e.getCause()).doesNotContain("hush"));
  }

  /// RFC 2195 section 2.
  @Test
  void cramMd5SaysWhatItsRfcShows() throws Exception {
    Exchange exchange = Mechanism.CRAM_MD5.begin(login("tim", "tanstaaftanstaaf"));

    assertThat(exchange.first()).isNull();
    assertThat(answer(exchange, "<1896.697170952@postoffice.reston.mci.net>"))
        .isEqualTo("tim b913a602c7eda7a495b4e6e7334d3890");
    assertThatThrownBy(() -> answer(exchange, "more")).isInstanceOf(SaslException.class);
  }

  /// RFC 4616 section 4.
  @Test
  void plainSaysWhatItsRfcShows() throws Exception {
    assertThat(text(Mechanism.PLAIN.begin(login("tim", "tanstaaftanstaaf")).first()))
        .isEqualTo("\0tim\0tanstaaftanstaaf");
    assertThat(text(Mechanism.PLAIN.begin(login("tim", "pässwört\u20AC")).first()))
        .isEqualTo("\0tim\0pässwört\u20AC");
    assertThatThrownBy(() -> Mechanism.PLAIN.begin(login("tim", "a\0b")).first())
        .isInstanceOf(SaslException.class);
  }

  @Test
  void loginTellsNameAndPasswordWhateverTheServerAsksWith() throws Exception {
    Exchange exchange = Mechanism.LOGIN.begin(login("tim", "secret"));

    assertThat(exchange.first()).isNull();
    assertThat(answer(exchange, "Benutzer?")).isEqualTo("tim");
    assertThat(answer(exchange, "")).isEqualTo("secret");
    assertThatThrownBy(() -> answer(exchange, "Password:")).isInstanceOf(SaslException.class);
  }

  /// RFC 7628 section 4.1 and 4.3.
  @Test
  void oauthBearerSaysWhatItsRfcShows() throws Exception {
    Exchange exchange =
        Mechanism.OAUTHBEARER.begin(
            new Login(
                "user@example.com",
                "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==",
                "server.example.com",
                143));

    assertThat(text(exchange.first()))
        .isEqualTo(
            "n,a=user@example.com,\u0001host=server.example.com\u0001port=143\u0001"
                + "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\u0001\u0001");
    assertThat(
            answer(
                exchange,
                "{\"status\":\"invalid_token\",\"scope\":\"example_scope\","
                    + "\"openid-configuration\":\"https://example.com/.well-known\"}"))
        .isEqualTo("\u0001");
    assertThat(exchange.complaint())
        .contains(
            "status invalid_token, scope example_scope,"
                + " openid-configuration https://example.com/.well-known");
    assertThatThrownBy(exchange::succeeded).isInstanceOf(SaslException.class);
  }

  @Test
  void xoauth2ShowsTheTokenAndHearsWhyItIsRefused() throws Exception {
    Exchange exchange =
        Mechanism.XOAUTH2.begin(login("someuser@example.com", "ya29.vF9dft4qmTc2Nvb3RlckBhd"));

    assertThat(text(exchange.first()))
        .isEqualTo(
            "user=someuser@example.com\u0001auth=Bearer ya29.vF9dft4qmTc2Nvb3RlckBhd\u0001\u0001");
    assertThat(answer(exchange, "{\"status\":\"400\",\"schemes\":\"Bearer\"}")).isEmpty();
    assertThat(exchange.complaint()).contains("status 400, schemes Bearer");
  }

  @Test
  void aTokenRefusedWithoutJsonIsShownAsItCame() throws Exception {
    Exchange exchange = Mechanism.XOAUTH2.begin(login("u", "t"));
    assertThat(answer(exchange, "go away")).isEmpty();
    assertThat(exchange.complaint()).contains("go away");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 | SCRAM_SHA_256 | SCRAM_SHA_256
          plain login cram-md5 scram-sha-1               | SCRAM_SHA_1   | SCRAM_SHA_1
          SCRAM-SHA-256-PLUS PLAIN LOGIN CRAM-MD5        | PLAIN         | CRAM_MD5
          LOGIN CRAM-MD5                                 | LOGIN         | CRAM_MD5
          CRAM-MD5                                       | CRAM_MD5      | CRAM_MD5
          LOGIN PLAIN                                    | PLAIN         | PLAIN
          """)
  void theStrongestMechanismIsChosen(String offered, Mechanism encrypted, Mechanism open) {
    var names = List.of(offered.split(" ", -1));
    assertThat(Mechanism.forPassword(names, true)).contains(encrypted);
    assertThat(Mechanism.forPassword(names, false)).contains(open);
    assertThat(Mechanism.forToken(names)).isEmpty();
  }

  @Test
  void aTokenGoesByTheStandardWhereItIsOffered() {
    assertThat(Mechanism.forToken(List.of("XOAUTH2", "OAUTHBEARER", "PLAIN")))
        .contains(Mechanism.OAUTHBEARER);
    assertThat(Mechanism.forToken(List.of("XOAUTH2", "PLAIN"))).contains(Mechanism.XOAUTH2);
    assertThat(Mechanism.forPassword(List.of("XOAUTH2", "OAUTHBEARER"), true)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void nobodySeesTheSecretOfALogin(Mechanism mechanism) {
    Login login = login("user", "pencil");
    assertThat(login.toString() + mechanism.begin(login)).doesNotContain("pencil");
  }

  private static Exchange scram(String name, String nonce) {
    return new ScramExchange(name, login("user", "pencil"), () -> nonce);
  }

  private static Login login(String user, String secret) {
    return new Login(user, secret, "imap.example.com", 993);
  }

  private static String answer(Exchange exchange, String challenge) throws SaslException {
    return text(exchange.answer(challenge.getBytes(UTF_8)));
  }

  private static String text(byte @Nullable [] octets) {
    assertThat(octets).isNotNull();
    return octets == null ? "" : new String(octets, UTF_8);
  }
}
