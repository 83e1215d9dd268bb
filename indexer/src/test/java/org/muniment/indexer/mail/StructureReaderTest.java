package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StructureReaderTest {

  private static final String MIXED =
      """
      Subject: s
      Content-Type: multipart/mixed; boundary=b

      preamble
      --b
      Content-Type: text/plain

      one
      two
      --b
      Content-Type: text/html; charset="utf-8"
      Content-ID: <x@y>

      three

      --b--
      epilogue
      """;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void offsetsAreThoseOfTheOctetsWhateverTheLineBreak(boolean crlf) {
    byte[] octets = crlf ? Mails.crlf(MIXED) : Mails.lf(MIXED);
    String nl = crlf ? "\r\n" : "\n";
    Structure structure = Mails.read(octets);
    List<Part> children = structure.root().children();
    assertThat(children).hasSize(2);
    assertThat(Mails.body(octets, children.get(0))).isEqualTo("one" + nl + "two");
    assertThat(Mails.body(octets, children.get(1))).isEqualTo("three" + nl);
    assertThat(children.get(0).lines()).isEqualTo(1);
    assertThat(children.get(1).lines()).isEqualTo(1);
    assertThat(Mails.body(octets, structure.root()))
        .startsWith("preamble")
        .endsWith("epilogue" + nl);
    assertThat(structure.root().lines()).isEqualTo(14);
    assertThat(structure.length()).isEqualTo(octets.length);
    assertThat(structure.defects()).isEmpty();
  }

  @Test
  void contentFieldsAreRead() {
    Part part =
        Mails.read(
                """
                Content-Type: TEXT/Html; Charset="a\\"b" (comment); name=x
                Content-Transfer-Encoding: BASE64 (really)
                Content-ID:  <a@b>\s
                Content-Description: folded
                  text
                Content-MD5: abc==
                Content-Disposition: Attachment; filename="f;g.txt"
                Content-Language: de, en-GB
                Content-Location: http://example.com/

                """)
            .root();
    assertThat(part.type()).isEqualTo("text");
    assertThat(part.subtype()).isEqualTo("html");
    assertThat(part.parameters())
        .containsExactly(new Part.Parameter("charset", "a\"b"), new Part.Parameter("name", "x"));
    assertThat(part.encoding()).isEqualTo("base64");
    assertThat(part.id()).isEqualTo("<a@b>");
    assertThat(part.description()).isEqualTo("folded  text");
    assertThat(part.md5()).isEqualTo("abc==");
    assertThat(part.disposition())
        .isEqualTo(
            new Part.Disposition("attachment", List.of(new Part.Parameter("filename", "f;g.txt"))));
    assertThat(part.languages()).containsExactly("de", "en-GB");
    assertThat(part.location()).isEqualTo("http://example.com/");
    assertThat(part.filename()).contains("f;g.txt");
  }

  @Test
  void theFirstContentTypeAndTheLastSubjectCountAndAddressListsAreJoined() {
    Structure structure =
        Mails.read(
            """
            Subject: one
            Subject: two
            From: a@b
            From: c@d
            Content-Type: text/html
            Content-Type: image/png

            """);
    assertThat(structure.root().subtype()).isEqualTo("html");
    assertThat(structure.envelope().subject()).isEqualTo("two");
    assertThat(structure.envelope().from())
        .containsExactly(
            new Address.Mailbox(null, null, "a", "b"), new Address.Mailbox(null, null, "c", "d"));
  }

  @Test
  void aMessageInsideAMessageHasItsOwnEnvelope() {
    byte[] octets =
        Mails.crlf(
            """
            Subject: outer
            References: <1@x> <2@x>
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: message/rfc822

            Subject: inner
            Content-Type: multipart/alternative; boundary=i

            --i

            text
            --i--
            --o--
            """);
    Structure structure = Mails.read(octets);
    assertThat(structure.envelope().subject()).isEqualTo("outer");
    assertThat(structure.references()).containsExactly("1@x", "2@x");
    Part part = structure.root().children().get(0);
    Part.Embedded message = Objects.requireNonNull(part.message());
    assertThat(message.envelope().subject()).isEqualTo("inner");
    assertThat(message.root().start()).isEqualTo(part.body());
    assertThat(message.root().end()).isEqualTo(part.end());
    assertThat(Mails.body(octets, part)).startsWith("Subject: inner").endsWith("--i--");
    assertThat(Mails.body(octets, message.root().children().get(0))).isEqualTo("text");
  }

  @ParameterizedTest
  @CsvSource({
    "message/rfc822,7bit,true",
    "message/global,8bit,true",
    "message/rfc822,base64,false",
    "message/rfc822,quoted-printable,false",
    "message/partial,7bit,false"
  })
  void onlyAMessageThatIsNotEncodedIsOpened(String type, String encoding, boolean opened) {
    Part part =
        Mails.read(
                "Content-Type: %s\nContent-Transfer-Encoding: %s\n\nSubject: in\n\nx\n"
                    .formatted(type, encoding))
            .root();
    assertThat(part.message() != null).isEqualTo(opened);
  }

  @Test
  void partsOfADigestAreMessagesByDefault() {
    Part root =
        Mails.read(
                """
                Content-Type: multipart/digest; boundary=b

                --b

                Subject: in

                x
                --b
                Content-Type: text/plain

                y
                --b--
                """)
            .root();
    assertThat(Objects.requireNonNull(root.children().get(0).message()).envelope().subject())
        .isEqualTo("in");
    assertThat(root.children().get(1).message()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"ab,abc", "abc,ab", "=_x,=_x-1", "b--,b", "b,b--"})
  void theLongestBoundaryThatFitsCounts(String outer, String inner) {
    Part root =
        Mails.read(
                """
                Content-Type: multipart/mixed; boundary="OUTER"

                --OUTER
                Content-Type: multipart/alternative; boundary="INNER"

                --INNER

                x
                --INNER

                y
                --INNER--
                --OUTER

                z
                --OUTER--
                """
                    .replace("OUTER", outer)
                    .replace("INNER", inner))
            .root();
    assertThat(root.children()).hasSize(2);
    assertThat(root.children().get(0).children()).hasSize(2);
  }

  @Test
  void aDelimiterMayHaveWhiteSpaceAfterIt() {
    Part root =
        Mails.read("Content-Type: multipart/mixed; boundary=b\n\n--b \t\n\nx\n--b--  \n--b\n\ny\n")
            .root();
    assertThat(root.children()).hasSize(1);
  }

  @Test
  void aDelimiterLongerThanTheBufferIsOneLine() {
    String text =
        "Content-Type: multipart/mixed; boundary=b\n\n--b" + " ".repeat(200_000) + "\n\nx\n--b--\n";
    byte[] octets = Mails.crlf(text);
    Part root = Mails.read(octets).root();
    assertThat(root.children()).hasSize(1);
    assertThat(Mails.body(octets, root.children().get(0))).isEqualTo("x");
  }

  @Test
  void aBoundaryMayEndWithWhiteSpace() {
    Part root =
        Mails.read("Content-Type: multipart/mixed; boundary=\"b \"\n\n--b \n\nx\n--b\n--b --\n")
            .root();
    assertThat(root.children()).hasSize(1);
    assertThat(root.children().getFirst().size()).isEqualTo("x\r\n--b".length());
  }

  @Test
  void anEmptyBoundaryBeginsEachLineWithTwoHyphens() {
    Part root =
        Mails.read("Content-Type: multipart/mixed; boundary=\"\"\n\n--a\n\nx\n--b\n\ny\n----\n")
            .root();
    assertThat(root.children()).hasSize(2);
  }

  @Test
  void aDelimiterWithoutALineBreakBeginsNoPart() {
    byte[] octets = Mails.crlf("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n--b");
    Structure structure = Mails.read(octets);
    assertThat(structure.root().children()).hasSize(1);
    assertThat(Mails.body(octets, structure.root().children().getFirst())).isEqualTo("x");
    assertThat(structure.defects())
        .extracting(Defect::kind)
        .containsExactly(Defect.Kind.BOUNDARY_NOT_CLOSED);
  }

  @Test
  void theLineBreakBeforeADelimiterIsNotOfTheMultipartInside() {
    byte[] octets =
        Mails.crlf(
            """
            Content-Type: multipart/mixed; boundary=o

            --o
            Content-Type: multipart/mixed; boundary=i

            --i

            x
            --i--
            --o--
            """);
    Part inner = Mails.read(octets).root().children().getFirst();
    assertThat(Mails.body(octets, inner)).endsWith("--i--");
  }

  @Test
  void aHeaderEndsAtADelimiter() {
    byte[] octets =
        Mails.crlf(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n--b\n--b--\n");
    List<Part> children = Mails.read(octets).root().children();
    assertThat(children).hasSize(2);
    assertThat(children.get(0).subtype()).isEqualTo("png");
    assertThat(children).allSatisfy(child -> assertThat(child.size()).isZero());
    assertThat(children.get(0).body() - children.get(0).start())
        .isEqualTo("Content-Type: image/png".length());
  }

  @Test
  void anEmptyMessageInsideAMultipartIsAMessage() {
    Part root =
        Mails.read(
                "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n--b--\n")
            .root();
    assertThat(root.children()).hasSize(1);
    assertThat(root.children().get(0).message()).isNotNull();
    assertThat(root.children().get(0).children()).isEmpty();
    assertThat(root.children().get(0).size()).isZero();
  }

  @Test
  void aCarriageReturnAloneEndsNoLine() {
    Structure structure = Mails.read(Mails.lf("Subject: a\rb\nTo: c@d\n\nx\ry\n"));
    assertThat(structure.envelope().subject()).isEqualTo("a\rb");
    assertThat(structure.root().lines()).isEqualTo(1);
  }

  @Test
  void aHeaderWithoutABodyIsRead() {
    Structure structure = Mails.read(Mails.lf("Subject: only\nTo: a@b"));
    assertThat(structure.envelope().subject()).isEqualTo("only");
    assertThat(structure.envelope().to()).hasSize(1);
    assertThat(structure.root().body()).isEqualTo(structure.length());
    assertThat(structure.root().size()).isZero();
  }

  @Test
  void aBodyWithoutAHeaderIsText() {
    byte[] octets = Mails.crlf("\nhello\n");
    Structure structure = Mails.read(octets);
    assertThat(Mails.body(octets, structure.root())).isEqualTo("hello\r\n");
    assertThat(structure.root().lines()).isEqualTo(1);
    assertThat(structure.envelope().subject()).isNull();
  }

  @Test
  void aCharacterSetOfTheSenderStaysRaw() {
    assertThat(Mails.read("Subject: gr\u00FC\u00DFe\n\n").envelope().subject())
        .isEqualTo("gr\u00FC\u00DFe");
  }
}
