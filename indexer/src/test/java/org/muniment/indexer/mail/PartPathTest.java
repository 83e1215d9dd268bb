package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartPathTest {

  // The example of RFC 9051 section 6.4.5.1.
  private static final Part EXAMPLE =
      Mails.read(
              """
              Content-Type: multipart/mixed; boundary=a

              --a
              Content-Type: text/plain

              1
              --a
              Content-Type: application/octet-stream

              2
              --a
              Content-Type: message/rfc822

              Content-Type: multipart/mixed; boundary=c

              --c
              Content-Type: text/x-31

              3.1
              --c
              Content-Type: application/x-32

              3.2
              --c--
              --a
              Content-Type: multipart/mixed; boundary=d

              --d
              Content-Type: image/x-41

              4.1
              --d
              Content-Type: message/rfc822

              Content-Type: multipart/mixed; boundary=e

              --e
              Content-Type: text/x-421

              4.2.1
              --e
              Content-Type: multipart/alternative; boundary=f

              --f
              Content-Type: text/x-4221

              4.2.2.1
              --f
              Content-Type: text/x-4222

              4.2.2.2
              --f--
              --e--
              --d--
              --a--
              """)
          .root();

  private static Optional<Part> find(Part root, String path) {
    return PartPath.parse(path).flatMap(p -> p.find(root));
  }

  @ParameterizedTest
  @CsvSource({
    "1,plain",
    "2,octet-stream",
    "3,rfc822",
    "3.1,x-31",
    "3.2,x-32",
    "4,mixed",
    "4.1,x-41",
    "4.2,rfc822",
    "4.2.1,x-421",
    "4.2.2,alternative",
    "4.2.2.1,x-4221",
    "4.2.2.2,x-4222"
  })
  void thePartsOfTheExampleHaveTheirNumbers(String path, String subtype) {
    assertThat(find(EXAMPLE, path)).map(Part::subtype).contains(subtype);
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "1.1", "3.3", "4.1.1", "3.1.1", "4.2.2.3", "2.1"})
  void thereIsNoOtherPart(String path) {
    assertThat(find(EXAMPLE, path)).isEmpty();
  }

  @Test
  void allPartsAreVisitedInOrder() {
    List<String> paths = new ArrayList<>();
    PartPath.forEach(EXAMPLE, (path, part) -> paths.add(path.toString()));
    assertThat(paths)
        .containsExactly(
            "1", "2", "3", "3.1", "3.2", "4", "4.1", "4.2", "4.2.1", "4.2.2", "4.2.2.1", "4.2.2.2");
    PartPath.forEach(EXAMPLE, (path, part) -> assertThat(path.find(EXAMPLE)).contains(part));
  }

  @Test
  void aMessageOfOnePartIsItsPartOne() {
    Part root = Mails.read("Subject: s\n\nx\n").root();
    assertThat(find(root, "1")).contains(root);
    assertThat(find(root, "1.1")).isEmpty();
    assertThat(PartPath.MESSAGE.find(root)).contains(root);
  }

  @Test
  void aMessageOfOnePartInsideAMessageIsItsPartOne() {
    Part root = Mails.read("Content-Type: message/rfc822\n\nSubject: in\n\nx\n").root();
    assertThat(find(root, "1")).map(Part::subtype).contains("rfc822");
    assertThat(find(root, "1.1")).map(Part::subtype).contains("plain");
    assertThat(find(root, "1.2")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "0", "1.", ".1", "01", "1..2", "a", "-1", "1 ", "9999999999"})
  void whatIsNoPathIsRefused(String text) {
    assertThat(PartPath.parse(text)).isEmpty();
  }

  @Test
  void aPathIsPrintedAsItIsRead() {
    assertThat(PartPath.parse("1.20.3")).map(PartPath::toString).contains("1.20.3");
    assertThat(PartPath.parse("1.".repeat(10_000) + "1")).isEmpty();
    assertThatThrownBy(() -> new PartPath(List.of(0))).isInstanceOf(IllegalArgumentException.class);
  }
}
