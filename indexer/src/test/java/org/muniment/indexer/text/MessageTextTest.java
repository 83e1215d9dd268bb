package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.muniment.indexer.mail.Mails;

class MessageTextTest {

  private static final byte[] MAIL =
      Mails.crlf(
          """
          Subject: =?utf-8?Q?gr=C3=BC=C3=9Fe?=
          Content-Type: multipart/mixed; boundary=b

          --b
          Content-Type: text/html

          <p>one
          --b
          Content-Type: image/png

          xx
          --b
          Content-Type: message/rfc822

          Subject: inner

          two
          --b--
          """);

  private static String show(MessageText.Section section) {
    return switch (section) {
      case MessageText.Section.Header header -> header.path() + " " + header.lines().text();
      case MessageText.Section.PartHeader header ->
          header.path() + " MIME " + header.lines().text();
      case MessageText.Section.Body body ->
          body.path() + " " + body.extracted().text() + " " + body.extracted().status();
      case MessageText.Section.Enclosed file ->
          file.path() + " " + file.name() + " " + file.status() + " " + octets(file);
      case MessageText.Section.Bounce bounce -> bounce.path() + " " + bounce.recipients();
    };
  }

  private static String octets(MessageText.Section.Enclosed file) {
    try (InputStream in = file.octets().open()) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All but the headers of parts.
  private static List<String> sections(byte[] mail) throws IOException {
    List<String> sections = new ArrayList<>();
    Texts.message(mail)
        .forEach(
            section ->
                section instanceof MessageText.Section.PartHeader || sections.add(show(section)));
    return sections;
  }

  @Test
  void textsComeInTheOrderOfTheOctets() throws IOException {
    List<String> texts = new ArrayList<>();
    assertThat(Texts.message(MAIL).forEach(section -> texts.add(show(section)))).isTrue();
    assertThat(texts)
        .containsExactly(
            " Subject: grüße\nContent-Type: multipart/mixed; boundary=b\n",
            "1 MIME Content-Type: text/html\n",
            "1 one OK",
            "2 MIME Content-Type: image/png\n",
            "2  UNSUPPORTED",
            "3 MIME Content-Type: message/rfc822\n",
            "3 Subject: inner\n",
            "3.1 two OK");
  }

  @Test
  void theReadingEndsWhenTheSinkHasEnough() throws IOException {
    List<String> texts = new ArrayList<>();
    assertThat(Texts.message(MAIL).forEach(section -> texts.add(show(section)) && texts.size() < 2))
        .isFalse();
    assertThat(texts).hasSize(2);
  }

  @Test
  void theSourceIsOpenedOnceForAllParts() throws IOException {
    List<Long> opened = new ArrayList<>();
    OctetSource source =
        offset -> {
          opened.add(offset);
          return Texts.source(MAIL).open(offset);
        };
    new MessageText(Mails.read(MAIL), source).forEach(section -> true);
    assertThat(opened).containsExactly(0L);
  }

  @Test
  void anEmptyMessageHasEmptyTexts() throws IOException {
    List<String> texts = new ArrayList<>();
    Texts.message(new byte[0]).forEach(section -> texts.add(show(section)));
    assertThat(texts).containsExactly(" ", "1  OK");
  }

  @Test
  void aBounceNamesItsRecipients() throws IOException {
    String mail =
        """
        X-Failed-Recipients: a@example.com, B <b@example.com>
        Content-Type: multipart/report; report-type=delivery-status; boundary=b

        --b

        It did not arrive.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.com

        Original-Recipient: rfc822;jo+news@example.com
        Final-Recipient: RFC822; <box@example.net>
        Diagnostic-Code: smtp; 550 no such user

        Final-Recipient: rfc822; box@example.net
        --b
        Content-Type: text/rfc822-headers

        Subject: lost
        --b--
        """;
    assertThat(sections(Mails.crlf(mail)))
        .contains(" [a@example.com, b@example.com]", "2 [jo+news@example.com, box@example.net]")
        .anyMatch(text -> text.startsWith("2 Reporting-MTA") && text.contains("550 no such user"))
        .contains("3 Subject: lost\n OK");
  }

  @Test
  void alternativesThatSayTheSameAreTold() throws IOException {
    String mail =
        """
        Content-Type: multipart/alternative; boundary=b

        --b

        one two
        three

        --b
        Content-Type: multipart/related; boundary=r

        --r
        Content-Type: text/html

        <p>one <b>two</b> three</p>
        --r--
        --b
        Content-Type: text/html

        <p>one two three four</p>
        --b--
        """;
    assertThat(sections(Mails.crlf(mail)).subList(1, 4))
        .containsExactly(
            "1 one two\r\nthree\r\n OK", "2.1 one two three REPEATED", "3 one two three four OK");
  }

  @Test
  void whatIsInAMultipartEncryptedIsEncrypted() throws IOException {
    String mail =
        """
        Content-Type: multipart/encrypted; boundary=b

        --b
        Content-Type: application/pgp-encrypted

        Version: 1
        --b
        Content-Type: application/octet-stream

        -----BEGIN PGP MESSAGE-----
        --b--
        """;
    assertThat(sections(Mails.crlf(mail)).subList(1, 3))
        .containsExactly("1  ENCRYPTED", "2  ENCRYPTED");
  }

  @Test
  void aSignedTextIsReadAndItsSignatureIsNone() throws IOException {
    String mail =
        """
        Content-Type: multipart/signed; boundary=b

        --b

        signed
        --b
        Content-Type: application/pgp-signature

        -----BEGIN PGP SIGNATURE-----
        --b--
        """;
    assertThat(sections(Mails.crlf(mail)).subList(1, 3)).containsExactly("1 signed OK", "2  OK");
  }

  @Test
  void rawOctetsOfAHeaderAreOfTheCharsetOfItsText() throws IOException {
    String mail =
        """
        Subject: \u00CA\u00C7\u00D1\u00CA\u00B4\u00D5
        Content-Type: text/plain; charset=windows-874

        """;
    assertThat(sections(Mails.crlf(mail)).getFirst()).startsWith(" Subject: สวัสดี\n");
  }

  @Test
  void aDigestIsReadAsMessages() throws IOException {
    String mail =
        """
        Content-Type: multipart/digest; boundary=b

        --b

        Subject: first

        one
        --b--
        """;
    assertThat(sections(Mails.crlf(mail))).contains("1 Subject: first\n", "1.1 one OK");
  }
}
