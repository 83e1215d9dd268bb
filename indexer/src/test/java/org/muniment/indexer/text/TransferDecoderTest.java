package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.indexer.mail.Mails;
import org.muniment.indexer.mail.Part;

class TransferDecoderTest {

  private static TransferDecoder decoder(String encoding, String text) {
    return TransferDecoder.of(encoding, new ByteArrayInputStream(Mails.lf(text)));
  }

  private static String unescaped(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n").replace("\\t", "\t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a=3Db|a=b|false",
        "a=3db=\\r\\nc|a=bc|false",
        "a= \\t\\r\\nb|ab|false",
        "a=\\nb|ab|false",
        "a  \\r\\nb\\t \\n|a\\r\\nb\\n|false",
        "a b  c|a b  c|false",
        "a=|a|false",
        "a=zb|a=zb|true",
        "a=3|a=3|true",
        "a=3zb|a=3zb|true",
        "==3D|==|true",
        "a=  b|a=  b|true"
      })
  void quotedPrintableIsDecoded(String encoded, String text, boolean malformed) throws IOException {
    try (TransferDecoder decoder = decoder("quoted-printable", unescaped(encoded))) {
      assertThat(new String(decoder.readAllBytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo(unescaped(text));
      assertThat(decoder.malformed()).isEqualTo(malformed);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "YQ==|a|false",
        "YWI=|ab|false",
        "YWJj|abc|false",
        "YQ|a|false",
        "Y W\\r\\nJ\\tj|abc|false",
        "YQ==YWI=|aab|false",
        "YWJj*YWJj|abcabc|true",
        "YWJjY|abc|true"
      })
  void base64IsDecoded(String encoded, String text, boolean malformed) throws IOException {
    try (TransferDecoder decoder = decoder("base64", unescaped(encoded))) {
      assertThat(new String(decoder.readAllBytes(), StandardCharsets.ISO_8859_1)).isEqualTo(text);
      assertThat(decoder.malformed()).isEqualTo(malformed);
    }
  }

  @Test
  void anyOctetsComeBack() throws IOException {
    long seed = System.nanoTime();
    System.out.println("TransferDecoderTest seed " + seed);
    Random random = new Random(seed);
    for (int length = 0; length < 300; length++) {
      byte[] octets = new byte[length];
      random.nextBytes(octets);
      byte[] mail =
          Mails.crlf(
              "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
                  + Base64.getMimeEncoder().encodeToString(octets).replace("\r", ""));
      Part part = Mails.read(mail).root();
      try (TransferDecoder decoder = DecodedPart.open(part, Texts.source(mail))) {
        assertThat(Arrays.equals(decoder.readAllBytes(), octets)).isTrue();
      }
    }
  }

  @Test
  void aMessageThatWasOpenedIsGivenAsItStands() throws IOException {
    byte[] mail =
        Mails.crlf(
            """
            Content-Type: multipart/mixed; boundary=b
            Content-Transfer-Encoding: base64

            --b

            x
            --b--
            """);
    try (TransferDecoder decoder = DecodedPart.open(Mails.read(mail).root(), Texts.source(mail))) {
      assertThat(new String(decoder.readAllBytes(), StandardCharsets.ISO_8859_1))
          .isEqualTo("--b\r\n\r\nx\r\n--b--\r\n");
    }
  }

  @Test
  void longWhiteSpaceIsReadInFlatMemory() throws IOException {
    try (TransferDecoder decoder = decoder("quoted-printable", " ".repeat(1 << 20) + "x")) {
      assertThat(decoder.readAllBytes()).hasSize((1 << 20) + 1);
    }
  }
}
