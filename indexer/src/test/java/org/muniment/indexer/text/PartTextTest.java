package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.indexer.mail.Mails;
import org.muniment.indexer.text.Extracted.Status;

class PartTextTest {

  private static byte[] mail(String header, byte[] body) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    octets.writeBytes(Mails.crlf(header + "\n\n"));
    octets.writeBytes(body);
    return octets.toByteArray();
  }

  private static Extracted read(String header, String body) throws IOException {
    return Texts.read(mail(header, Mails.lf(body)));
  }

  @ParameterizedTest
  @CsvSource({
    "ISO-2022-JP,日本語のメール",
    "GB18030,中文邮件",
    "gb2312,中文邮件",
    "Big5,中文郵件",
    "KOI8-R,Привет мир",
    "windows-1256,مرحبا بالعالم",
    "ISO-8859-6,مرحبا",
    "EUC-KR,안녕하세요",
    "UTF-8,😀 ü",
    "UTF-16,größer",
    "windows-1255,שלום"
  })
  void charsetsAreDecoded(String charset, String text) throws IOException {
    byte[] body = Base64.getMimeEncoder().encode(text.getBytes(Charset.forName(charset)));
    assertThat(
            Texts.read(
                mail(
                    "Content-Type: text/plain; charset="
                        + charset
                        + "\nContent-Transfer-Encoding: base64",
                    body)))
        .isEqualTo(new Extracted(text, Status.OK));
  }

  @Test
  void namesOfCharsetsThatSendersMisuseAreUnderstood() throws IOException {
    assertThat(read("Content-Type: text/plain; charset=iso-8859-1", "\u0093q\u0094").text())
        .isEqualTo("“q”");
    assertThat(read("Content-Type: text/plain; charset=utf8", "\u00C3\u00BC").text())
        .isEqualTo("ü");
    assertThat(read("Content-Type: text/plain; charset=cp-850", "\u0081").text()).isEqualTo("ü");
    assertThat(read("Content-Type: text/plain; charset=ks_c_5601-1987", "\u00B0\u00A1").text())
        .isEqualTo("가");
  }

  @Test
  void withoutACharsetItIsGuessed() throws IOException {
    assertThat(read("Subject: s", "\u00C3\u00BC")).isEqualTo(new Extracted("ü", Status.OK));
    assertThat(read("Subject: s", "\u00FC")).isEqualTo(new Extracted("ü", Status.OK));
    assertThat(read("Content-Type: text/plain; charset=x-none", "\u00FC"))
        .isEqualTo(new Extracted("ü", Status.UNKNOWN_CHARSET));
    assertThat(read("Content-Type: text/plain; charset=us-ascii", "\u00FC"))
        .isEqualTo(new Extracted("ü", Status.MALFORMED_CHARSET));
  }

  @Test
  void wrongOctetsAreReplaced() throws IOException {
    assertThat(read("Content-Type: text/plain; charset=utf-8", "a\u00FFb"))
        .isEqualTo(new Extracted("a\uFFFDb", Status.MALFORMED_CHARSET));
  }

  @Test
  void htmlSaysItsCharsetItself() throws IOException {
    assertThat(
            read("Content-Type: text/html", "<meta charset=\"koi8-r\"><p>\u00F0\u00D2\u00C9")
                .text())
        .isEqualTo("При");
  }

  @Test
  void malformedBase64IsReadAsFarAsPossible() throws IOException {
    assertThat(read("Content-Transfer-Encoding: base64", "aGVs!bG8=\r\nd29ybGQ=\r\nx"))
        .isEqualTo(new Extracted("helloworld", Status.MALFORMED_ENCODING));
  }

  @Test
  void longTextIsCut() throws IOException {
    Extracted text = read("Subject: s", "x".repeat(PartText.MAX_OCTETS + 1));
    assertThat(text.status()).isEqualTo(Status.CUT);
    assertThat(text.text()).hasSize(PartText.MAX_OCTETS);
    assertThat(read("Subject: s", "x".repeat(PartText.MAX_OCTETS)).status()).isEqualTo(Status.OK);
  }

  @Test
  void whatIsNoTextIsUnsupported() throws IOException {
    assertThat(read("Content-Type: image/png", "x"))
        .isEqualTo(new Extracted("", Status.UNSUPPORTED));
  }

  @ParameterizedTest
  @CsvSource({"delivery-status", "disposition-notification", "rfc822-headers", "external-body"})
  void aMessageThatIsNotOpenedIsText(String subtype) throws IOException {
    String body = "Final-Recipient: rfc822; a@example.com\n";
    assertThat(read("Content-Type: message/" + subtype, body))
        .isEqualTo(new Extracted(body, Status.OK));
  }

  @Test
  void aMessageInBase64IsText() throws IOException {
    assertThat(
            read(
                    "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64",
                    "U3ViamVjdDogcwoKaGVsbG8=")
                .text())
        .isEqualTo("Subject: s\n\nhello");
  }

  @Test
  void aMultipartWithoutPartsIsText() throws IOException {
    assertThat(read("Content-Type: multipart/mixed", "lost?").text()).isEqualTo("lost?");
  }
}
