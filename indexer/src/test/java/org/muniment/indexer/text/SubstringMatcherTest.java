package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.indexer.mail.Mails;

class SubstringMatcherTest {

  private static final String MAIL =
      """
      Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_aus?=
        K=?x?
      X-Empty:
      Content-Type: multipart/mixed; boundary=b

      --b
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      Stra=C3=9Fe nach M=C3=BCn=
      chen
      --b
      Content-Type: text/html

      <p>Visible <b>te</b>xt<style>hidden</style>
      --b
      Content-Type: message/rfc822

      Subject: inner subject

      inner text
      --b--
      """;

  @ParameterizedTest
  @CsvSource({
    "subject,GRÜSSE,false",
    "subject,grüße AUS,true",
    "SUBJECT,aus  k,true",
    "X-Empty,'',true",
    "X-None,'',false",
    "Subject,inner,false",
    "Content-Type,multipart,true"
  })
  void aFieldHasAValueOrNot(String field, String value, boolean found) throws IOException {
    assertThat(Texts.matcher(MAIL).header(field, value)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({
    "straße NACH münchen,true",
    "visible text,true",
    "inner text,true",
    "inner subject,false",
    "quoted-printable,false",
    "grüße,false",
    "hidden,false",
    "=C3,false",
    "nothing,false",
    "'',true"
  })
  void theBodyHasAValueOrNot(String value, boolean found) throws IOException {
    assertThat(Texts.matcher(MAIL).body(value)).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({
    "grüße,true",
    "subject: gr,true",
    "münchen,true",
    "inner subject,true",
    "quoted-printable,true",
    "nothing,false"
  })
  void theMessageHasAValueOrNot(String value, boolean found) throws IOException {
    assertThat(Texts.matcher(MAIL).text(value)).isEqualTo(found);
  }

  @Test
  void aPhraseIsFoundOverASoftLineBreak() throws IOException {
    String mail = "Content-Type: text/plain; format=flowed\n\na soft \nline break\n";
    assertThat(Texts.matcher(mail).body("soft line")).isTrue();
  }

  @Test
  void rawOctetsOfAHeaderAreOfTheCharsetOfItsText() throws IOException {
    String mail =
        "Subject: \u00CA\u00C7\u00D1\u00CA\nContent-Type: text/plain; charset=windows-874\n\n";
    assertThat(Texts.matcher(mail).header("Subject", "สวัส")).isTrue();
    assertThat(Texts.matcher(mail).text("สวัส")).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"ÄÖÜ,äöü", "ПРИВЕТ,привет", "ﬁ,FI", "Ａ,a", "Å,a\u030A", "ΣΑΣ,σας", "日本,日本"})
  void caseAndFormAreFolded(String value, String text) {
    assertThat(new Substring(value).isIn("x" + text + "y")).isTrue();
    assertThat(new Substring(text).isIn("x" + value + "y")).isTrue();
  }

  @Test
  void overlappingBeginningsAreFound() {
    assertThat(new Substring("aabaaa").isIn("aabaabaaa")).isTrue();
    assertThat(new Substring("aabaaa").isIn("aabaabaab")).isFalse();
  }

  @Test
  void hostileValuesAreSearchedInLinearTime() throws IOException {
    byte[] octets = Mails.crlf("Subject: s\n\n" + "a".repeat(4 << 20));
    SubstringMatcher matcher =
        new SubstringMatcher(Mails.read(octets), Texts.source(octets), AttachedTexts.NONE);
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> matcher.text("a".repeat(100_000) + "b"));
  }

  @Test
  void hostileCombiningMarksAreFoldedInLinearTime() {
    String text = "\u0301\u0316".repeat(1 << 20);
    Assertions.assertTimeout(Duration.ofSeconds(5), () -> new Substring("x").isIn(text));
  }
}
