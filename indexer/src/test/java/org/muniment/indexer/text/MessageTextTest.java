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
      case MessageText.Section.Header header -> header.path() + " " + header.text();
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

  private static List<String> sections(byte[] mail) throws IOException {
    List<String> sections = new ArrayList<>();
    Texts.message(mail).forEach(section -> sections.add(show(section)));
    return sections;
  }

  @Test
  void textsComeInTheOrderOfTheOctets() throws IOException {
    List<String> texts = new ArrayList<>();
    assertThat(Texts.message(MAIL).forEach(section -> texts.add(show(section)))).isTrue();
    assertThat(texts)
        .containsExactly(
            " Subject: grüße\nContent-Type: multipart/mixed; boundary=b\n",
            "1 one OK",
            "2  UNSUPPORTED",
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
}
