package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DefectTest {

  private static final Map<Defect.Kind, String> EXAMPLES = examples();

  private static Map<Defect.Kind, String> examples() {
    Map<Defect.Kind, String> examples = new EnumMap<>(Defect.Kind.class);
    examples.put(Defect.Kind.EMPTY, "");
    examples.put(Defect.Kind.NO_HEADER, "\nonly a body\n");
    examples.put(Defect.Kind.MALFORMED_HEADER_LINE, "Subject: s\nno field\n\nx\n");
    examples.put(
        Defect.Kind.HEADER_TOO_LONG, "Subject: " + "x".repeat(HeaderFields.MAX_OCTETS) + "\n\n");
    examples.put(Defect.Kind.NUL, "Subject: s\n\na\0b\n");
    examples.put(Defect.Kind.NO_BOUNDARY, "Content-Type: multipart/mixed; x=y\n\n--\n");
    examples.put(
        Defect.Kind.BOUNDARY_NOT_FOUND, "Content-Type: multipart/mixed; boundary=z\n\n--b\n");
    examples.put(
        Defect.Kind.BOUNDARY_NOT_CLOSED, "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n");
    examples.put(Defect.Kind.TOO_DEEP, StructureLimitsTest.nested(101));
    examples.put(
        Defect.Kind.TOO_MANY_PARTS,
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\n\n".repeat(10_001) + "--b--\n");
    examples.put(Defect.Kind.MALFORMED_CONTENT_TYPE, "Content-Type: nothing\n\nx\n");
    examples.put(Defect.Kind.MALFORMED_ADDRESS, "From: <a@b\n\nx\n");
    examples.put(Defect.Kind.MALFORMED_DATE, "Date: yesterday\n\nx\n");
    examples.put(Defect.Kind.UNKNOWN_ENCODING, "Content-Transfer-Encoding: x-uuencode\n\nx\n");
    examples.put(Defect.Kind.MALFORMED_ENCODING, "Content-Transfer-Encoding: base64\n\nYQ==\n!\n");
    examples.put(Defect.Kind.MALFORMED_CHARSET, "Content-Type: text/plain; charset=x-none\n\nx\n");
    return examples;
  }

  /// No message that is known breaks the reader; CatalogueFollowerTest breaks it on purpose.
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNREADABLE")
  void eachKindIsRecordedAndNoOther(Defect.Kind kind) {
    assertThat(Mails.read(EXAMPLES.getOrDefault(kind, "Subject: no example\n\n")).defects())
        .extracting(Defect::kind)
        .containsOnly(kind);
  }

  @Test
  void aGoodMessageHasNone() {
    String text =
        """
        From: Jo <jo@example.com>
        Date: Fri, 21 Nov 1997 09:55:06 -0600
        Content-Type: text/plain; charset=us-ascii
        Content-Transfer-Encoding: quoted-printable

        a=20b=
        c
        """;
    assertThat(Mails.read(text).defects()).isEmpty();
  }

  @Test
  void aKindIsKeptABoundedNumberOfTimes() {
    String text =
        "Content-Type: multipart/mixed; boundary=b\n\n"
            + "--b\nContent-Type: x\n\n\n".repeat(1000)
            + "--b--\n";
    assertThat(Mails.read(text).defects()).hasSize(Defects.MAX_OF_KIND);
  }

  @Test
  void itSaysWhere() {
    assertThat(Mails.read(Mails.lf("Subject: s\n\n\0")).defects())
        .isEqualTo(List.of(new Defect(Defect.Kind.NUL, 12)));
  }
}
