package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.muniment.indexer.mail.HeaderFields.Field;

class HeaderFieldsTest {

  private static HeaderFields read(String text) throws IOException {
    return HeaderFields.read(new ByteArrayInputStream(Mails.lf(text)));
  }

  @Test
  void fieldsAreReadInOrderUpToTheEmptyLine() throws IOException {
    HeaderFields header = read("A: 1\r\nb : two\r\n\tthree\r\nA:4\r\n\r\nC: body\r\n");
    assertThat(header.fields())
        .containsExactly(
            new Field("A", " 1"), new Field("b", " two\r\n\tthree"), new Field("A", "4"));
    assertThat(header.first("B")).contains("two\tthree");
    assertThat(header.cut()).isFalse();
  }

  @Test
  void aLineThatIsNoFieldIsKeptWithoutAName() throws IOException {
    assertThat(read("no field\nA: 1").fields())
        .containsExactly(new Field("", "no field"), new Field("A", " 1"));
  }

  @Test
  void longHeadersAreCut() throws IOException {
    HeaderFields header = read("A: " + "x\n ".repeat(2 << 20) + "\nB: 2\n");
    assertThat(header.cut()).isTrue();
    assertThat(header.fields()).hasSize(1);
    assertThat(header.fields().getFirst().rawValue().length())
        .isLessThanOrEqualTo(3 * HeaderFields.MAX_OCTETS);
    assertThat(read(("n".repeat(900) + ":\n").repeat(5000)).cut()).isTrue();
  }
}
