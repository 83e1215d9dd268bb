package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
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
  void aFewWrongOctetsAreReplaced() throws IOException {
    String umlauts = "\u00C3\u00A4\u00C3\u00B6\u00C3\u00BC\u00C3\u009F";
    assertThat(read("Content-Type: text/plain; charset=utf-8", umlauts + "a\u00FFb"))
        .isEqualTo(new Extracted("äöüßa\uFFFDb", Status.MALFORMED_CHARSET));
  }

  @Test
  void aCharsetThatIsALieIsGuessed() throws IOException {
    assertThat(read("Content-Type: text/plain; charset=utf-8", "gr\u00FC\u00DFe"))
        .isEqualTo(new Extracted("grüße", Status.MALFORMED_CHARSET));
    assertThat(read("Content-Type: text/plain; charset=iso-8859-1", "gr\u00C3\u00BC\u00C3\u009F"))
        .isEqualTo(new Extracted("grüß", Status.MALFORMED_CHARSET));
  }

  @Test
  void anEmptyNameOfACharsetIsNone() throws IOException {
    assertThat(read("Content-Type: text/plain; charset=", "a"))
        .isEqualTo(new Extracted("a", Status.OK));
  }

  @Test
  void utf7IsDecoded() throws IOException {
    assertThat(read("Content-Type: text/plain; charset=utf-7", "gr+APwA3w-e"))
        .isEqualTo(new Extracted("grüße", Status.OK));
  }

  @Test
  void flowedLinesAreJoined() throws IOException {
    String body =
        "a phrase over a soft \nline break\n> one \n>> deeper \n>> still\n stuffed\n-- \nsign\n";
    assertThat(read("Content-Type: text/plain; format=flowed", body).text())
        .isEqualTo(
            "a phrase over a soft line break\n> one \n>> deeper still\nstuffed\n-- \nsign\n");
    assertThat(read("Content-Type: text/plain; format=Flowed; DelSp=Yes", "wo \r\nrd\r\n").text())
        .isEqualTo("word\r\n");
    assertThat(read("Content-Type: text/plain; format=flowed", "-- \nsign\n").text())
        .isEqualTo("-- \nsign\n");
    assertThat(read("Content-Type: text/plain; format=fixed", "a \nb\n").text())
        .isEqualTo("a \nb\n");
  }

  @Test
  void softBreaksOfQuotedPrintableAreNone() throws IOException {
    String header =
        """
        Content-Type: text/plain; format=flowed
        Content-Transfer-Encoding: quoted-printable""";
    assertThat(read(header, "a phra=\r\nse over=20\r\nboth").text())
        .isEqualTo("a phrase over both");
  }

  private static final String SIGNED =
      """
      before
      -----BEGIN PGP SIGNED MESSAGE-----
      Hash: SHA256
      Charset: utf-8

      signed text
      - -----BEGIN a line-----
      - - dash
      -----BEGIN PGP SIGNATURE-----
      Version: 1

      iQEzBAEBCAAdFiEE
      =abcd
      -----END PGP SIGNATURE-----
      - after
      """;

  @Test
  void ofPgpInTheTextTheTextIsKept() throws IOException {
    assertThat(read("Subject: s", SIGNED))
        .isEqualTo(
            new Extracted(
                "before\nsigned text\n-----BEGIN a line-----\n- dash\n- after\n", Status.OK));
    assertThat(
            read(
                "Subject: s",
                "a\n-----BEGIN PGP MESSAGE-----\n\nhQEM\n-----END PGP MESSAGE-----\nb\n"))
        .isEqualTo(new Extracted("a\nb\n", Status.ENCRYPTED));
    assertThat(read("Subject: s", "-----BEGIN PGP MESSAGE-----\nno end\n"))
        .isEqualTo(new Extracted("-----BEGIN PGP MESSAGE-----\nno end\n", Status.OK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN PGP MESSAGE-----\nplain words\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nhello\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\n\nhQEM\nplain words\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\nLaunch: at dawn\n\nhQEM\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP SIGNATURE-----\n\nhQEM\n-----END PGP MESSAGE-----\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nLaunch: at dawn\n\nwords\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\nLaunch: at dawn\n",
      })
  void whatOnlyLooksLikePgpIsKept(String text) throws IOException {
    assertThat(read("Subject: s", text)).isEqualTo(new Extracted(text, Status.OK));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-----BEGIN PGP MESSAGE-----\n",
        "-----BEGIN PGP MESSAGE-----\nhQEM\n",
        "hQEM\n",
        "-----BEGIN PGP SIGNED MESSAGE-----\n",
        "-----BEGIN PGP SIGNATURE-----\n-----END PGP MESSAGE-----\n",
        "begin 644 x\n",
        "begin 644 x\n#0V%T\n",
        "=ybegin line=1 size=9 name=x\n",
        "a \n",
        "> \n"
      })
  void hostileTextIsReadInLinearTime(String piece) {
    String body = piece.repeat(4_000_000 / piece.length());
    Assertions.assertTimeout(
        Duration.ofSeconds(10), () -> read("Content-Type: text/plain; format=flowed", body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\n ", ";", "A:\n", "BEGIN:VTIMEZONE\n", "N;ENCODING=QUOTED-PRINTABLE:=\n"})
  void hostileCalendarsAreReadInLinearTime(String piece) {
    String body = "BEGIN:X\n" + piece.repeat(4_000_000 / piece.length());
    Assertions.assertTimeout(
        Duration.ofSeconds(10), () -> read("Content-Type: text/calendar", body));
  }

  @Test
  void ofACalendarWhatPeopleReadIsKept() throws IOException {
    String body =
        """
        BEGIN:VCALENDAR
        PRODID:-//none//
        BEGIN:VTIMEZONE
        DTSTART:16010101T020000
        END:VTIMEZONE
        BEGIN:VEVENT
        UID:0400000082
        DTSTART;TZID=Europe/Berlin:20261122T070000
        SUMMARY;LANGUAGE=de:Treffen\\, lang
         er Name
        DESCRIPTION:one\\ntwo\\; three \\\\
        LOCATION:Room 1
        ORGANIZER;CN="Doe, Jo":mailto:jo@example.com
        ATTENDEE;RSVP=TRUE;CN=Ann:MAILTO:ann@example.com
        ATTENDEE:mailto:bob@example.com
        X-MICROSOFT:no
        END:VEVENT
        END:VCALENDAR
        """;
    assertThat(read("Content-Type: text/calendar; method=REQUEST; charset=utf-8", body).text())
        .isEqualTo(
            """
            DTSTART: 20261122T070000
            SUMMARY: Treffen, langer Name
            DESCRIPTION: one
            two; three \\
            LOCATION: Room 1
            ORGANIZER: Doe, Jo <jo@example.com>
            ATTENDEE: Ann <ann@example.com>
            ATTENDEE: bob@example.com
            """);
    assertThat(
            read(
                    "Content-Type: text/calendar",
                    "BEGIN:VTIMEZONE\r\nDTSTART:1\r\nSUMMARY:mis\r\n placed\r\n")
                .text())
        .isEqualTo("SUMMARY: misplaced\n");
    assertThat(read("Content-Type: text/calendar", "no calendar\n").text())
        .isEqualTo("no calendar\n");
  }

  @Test
  void ofACardWhatPeopleReadIsKept() throws IOException {
    String body =
        """
        BEGIN:VCARD
        VERSION:2.1
        N;CHARSET=utf-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCl=
        ler;Jo;;;
        FN:Jo M.
        item1.EMAIL;type=INTERNET:jo@example.com
        ORG:Example;Sales
        PHOTO;ENCODING=BASE64;TYPE=JPEG:
         /9j/4AAQ

        NOTE:a\\nb
        END:VCARD
        """;
    assertThat(read("Content-Type: text/x-vcard", body).text())
        .isEqualTo(
            """
            N: Müller Jo
            FN: Jo M.
            EMAIL: jo@example.com
            ORG: Example Sales
            NOTE: a
            b
            """);
  }

  @Test
  void enrichedTextIsReadWithoutItsCommands() throws IOException {
    assertThat(
            read(
                    "Content-Type: text/enriched",
                    "<bold>Now</bold> is\nthe <<time>\n\n<color><param>red</param>for</color> 1 < 2")
                .text())
        .isEqualTo("Now is the <time>\nfor 1 < 2");
    assertThat(
            read("Content-Type: text/richtext", "<bold>a</bold><comment>no</comment>\nb<nl>c<lt>d")
                .text())
        .isEqualTo("a b\nc<d");
  }

  @Test
  void aHeaderAloneIsDecoded() throws IOException {
    assertThat(
            read(
                    "Content-Type: text/rfc822-headers",
                    "Subject: =?utf-8?Q?gr=C3=BC=C3=9Fe?=\nTo: a@b\n\n")
                .text())
        .isEqualTo("Subject: grüße\nTo: a@b\n");
  }

  @Test
  void whereAnExternalBodyLiesIsText() throws IOException {
    assertThat(
            read(
                    "Content-Type: message/external-body; access-type=URL; URL=\"http://x/y\"",
                    "Content-Type: image/png\n\n")
                .text())
        .isEqualTo("access-type: URL\nurl: http://x/y\nContent-Type: image/png\n\n");
  }

  @ParameterizedTest
  @CsvSource({
    "text/rtf,UNSUPPORTED",
    "application/pgp-signature,OK",
    "application/pkcs7-signature,OK",
    "application/pgp-encrypted,ENCRYPTED",
    "application/pkcs7-mime; smime-type=enveloped-data,ENCRYPTED",
    "application/pkcs7-mime; smime-type=signed-data,UNSUPPORTED",
    "application/ms-tnef,UNSUPPORTED"
  })
  void whatIsNoTextHasItsStatus(String type, Status status) throws IOException {
    assertThat(read("Content-Type: " + type, "x")).isEqualTo(new Extracted("", status));
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
  @CsvSource({"delivery-status", "disposition-notification", "feedback-report", "partial"})
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
