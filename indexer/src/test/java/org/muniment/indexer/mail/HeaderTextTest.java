package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderTextTest {

  private static String word(String charset, String text) {
    byte[] octets = text.getBytes(Charset.forName(charset));
    return "=?" + charset + "?B?" + Base64.getEncoder().encodeToString(octets) + "?=";
  }

  // The examples of RFC 2047 section 8.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "=?ISO-8859-1?Q?a?=|a",
        "=?ISO-8859-1?Q?a?= b|a b",
        "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=|ab",
        "=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=|ab",
        "=?ISO-8859-1?Q?a_b?=|a b",
        "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=|a b",
        "=?US-ASCII*EN?Q?Keith_Moore?=|Keith Moore"
      })
  void encodedWordsAreDecoded(String raw, String text) {
    assertThat(HeaderText.decode(raw)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "ISO-2022-JP,日本語のメール",
    "GB18030,中文邮件",
    "Big5,中文郵件",
    "KOI8-R,Привет мир",
    "windows-1256,مرحبا",
    "EUC-KR,안녕하세요",
    "Shift_JIS,ｱｲｳ漢字",
    "UTF-8,😀 gemischt ü",
    "windows-1255,שלום"
  })
  void allCharsetsAreDecoded(String charset, String text) {
    assertThat(HeaderText.decode(word(charset, text))).isEqualTo(text);
  }

  @Test
  void aCharacterSplitBetweenTwoWordsIsWhole() {
    assertThat(HeaderText.decode("=?utf-8?Q?M=C3?=\r\n =?UTF-8?Q?=BCller?=")).isEqualTo("Müller");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?",
        "=??=",
        "=?utf-8?",
        "=?utf-8?Q",
        "=?utf-8?Q?",
        "=?utf-8?Q?abc",
        "=?utf-8?X?a?=",
        "=? ?Q?a?=",
        "a =?b",
        "=?utf-8?B?!!!?=",
        "?=",
        "=?a b?Q?c?="
      })
  void whatIsNoEncodedWordStays(String raw) {
    assertThat(HeaderText.decode(raw)).isEqualTo(raw);
  }

  @Test
  void anUnknownCharsetIsGuessed() {
    assertThat(HeaderText.decode("=?x-none?Q?gr=C3=BC=C3=9F?=")).isEqualTo("grüß");
    assertThat(HeaderText.decode("=?x-none?Q?gr=FC=DF?=")).isEqualTo("grüß");
    assertThat(HeaderText.decode("=?iso-8859-8-i?Q?=F9?=")).isEqualTo("ש");
  }

  @Test
  void rawOctetsAreUtf8OrWestern() {
    String utf8 =
        new String("größer 中文".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(HeaderText.decode(utf8)).isEqualTo("größer 中文");
    assertThat(HeaderText.decode("gr\u00F6\u00DFer \u0080")).isEqualTo("größer €");
  }

  @ParameterizedTest
  @CsvSource({
    "KOI8-R,Счёт на оплату",
    "windows-1251,Счёт на оплату",
    "GB18030,中文邮件",
    "Shift_JIS,会議のお知らせ",
    "EUC-JP,会議のお知らせ",
    "EUC-KR,회의 안내",
    "Big5,中文郵件",
    "ISO-2022-JP,会議のお知らせ"
  })
  void rawOctetsOfOtherCharsetsAreDetected(String charset, String text) {
    String raw = new String(text.getBytes(Charset.forName(charset)), StandardCharsets.ISO_8859_1);
    assertThat(HeaderText.decode("Re: " + raw)).isEqualTo("Re: " + text);
  }

  @Test
  void aLikelyCharsetComesBeforeWhatIsDetected() {
    String raw =
        new String(
            "สวัสดี".getBytes(Charset.forName("x-windows-874")), StandardCharsets.ISO_8859_1);
    assertThat(HeaderText.decode(raw, Charset.forName("x-windows-874"))).isEqualTo("สวัสดี");
    assertThat(HeaderText.decode("gr\u00C3\u00BC\u00C3\u009F", Charset.forName("KOI8-R")))
        .isEqualTo("grüß");
    assertThat(HeaderText.decode("gr\u00FC\u00DFe", StandardCharsets.UTF_8)).isEqualTo("grüße");
  }

  @Test
  void brokenEncodedWordsAreReadAsFarAsTheyCanBe() {
    assertThat(HeaderText.decode("=?utf-8?Q?gr=C3=BC=C3=9Fe aus M=C3=BCnchen?="))
        .isEqualTo("grüße aus München");
    assertThat(HeaderText.decode("=?utf-8?b?w7w?=")).isEqualTo("ü");
    assertThat(HeaderText.decode("=?utf-8?B?w7?= =?utf-8?B?w=?=")).isEqualTo("ü");
    assertThat(HeaderText.decode("=?utf-8?B?YWI?= =?utf-8?B?Y2Q?=")).isEqualTo("abcd");
    assertThat(HeaderText.decode("=?utf-8?B?w7w=w7w=?=")).isEqualTo("üü");
    assertThat(HeaderText.decode("=?utf-8?q?a?==?utf-8?q?b?=")).isEqualTo("ab");
    assertThat(HeaderText.decode("=?iso-8859-1?Q?gr=C3=BC=C3=9F?=")).isEqualTo("grüß");
    assertThat(HeaderText.decode("=?utf-8?Q?gr=FC=DFe?=")).isEqualTo("grüße");
    assertThat(HeaderText.decode("=?utf-7?Q?gr+APwA3w-e?=")).isEqualTo("grüße");
  }

  @Test
  void controlCharactersBecomeSpaces() {
    assertThat(HeaderText.decode("a\0b\u001Bc")).isEqualTo("a b c");
    assertThat(HeaderText.decode("=?utf-8?Q?a=0D=0Ab=00?=")).isEqualTo("a  b ");
  }

  @Test
  void hostileTextIsReadInLinearTime() {
    for (String piece :
        List.of(
            "=?a?q?",
            "=?",
            "=?utf-8?Q?=",
            "=?a?q?=?=",
            "=?a?b?a?= ",
            "\u00E9 =?a?q?a?= ",
            "=?a?q?=E9?= =?b?q?=E9=E9?=",
            "\u001B$")) {
      String raw = piece.repeat(200_000);
      Assertions.assertTimeout(Duration.ofSeconds(5), () -> HeaderText.decode(raw));
    }
  }

  @Test
  void wordsOfUnknownEncodingsAreReadInLinearTime() {
    String raw = "=?a?x? ".repeat(150_000) + "?=";
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(5), () -> assertThat(HeaderText.decode(raw)).isEqualTo(raw));
  }

  private static Part.Parameter parameter(String name, String value) {
    return new Part.Parameter(name, value);
  }

  @Test
  void parametersAreDecoded() {
    assertThat(
            HeaderText.parameter(
                List.of(parameter("filename*", "utf-8'de'gr%C3%BC%C3%9Fe.txt")), "filename"))
        .contains("grüße.txt");
    assertThat(
            HeaderText.parameter(
                List.of(
                    parameter("filename*1", " plain "),
                    parameter("filename*0*", "iso-8859-1''%FC"),
                    parameter("filename*2*", "%DF")),
                "filename"))
        .contains("ü plain ß");
    assertThat(
            HeaderText.parameter(
                List.of(parameter("filename*0", "=?utf-8?Q?a"), parameter("filename*1", "b?=")),
                "filename"))
        .contains("ab");
    assertThat(HeaderText.parameter(List.of(parameter("filename", "=?utf-8?B?w7w=?=")), "filename"))
        .contains("ü");
    assertThat(
            HeaderText.parameter(
                List.of(parameter("filename*1", "a"), parameter("filename*2", "b")), "filename"))
        .contains("ab");
    assertThat(
            HeaderText.parameter(List.of(parameter("filename*", "x-none''gr%FC%DFe")), "filename"))
        .contains("grüße");
    assertThat(HeaderText.parameter(List.of(parameter("name", "x")), "filename")).isEmpty();
    assertThat(HeaderText.parameter(List.of(parameter("filename*", "%zz%")), "filename"))
        .contains("%zz%");
  }
}
