package org.muniment.indexer.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedFieldsTest {

  private static ListedFields.Reading read(String message) throws IOException {
    var reading = new ListedFields.Reading(new ByteArrayInputStream(message.getBytes(ISO_8859_1)));
    assertThat(reading.read()).isEqualTo(message.isEmpty() ? -1 : message.charAt(0));
    reading.readAllBytes();
    return reading;
  }

  private static String kept(String message) throws IOException {
    return new String(Objects.requireNonNull(read(message).fields()).octets(), ISO_8859_1);
  }

  private static String only(String message, List<String> names) throws IOException {
    Set<String> lowerCase =
        names.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    return new String(Objects.requireNonNull(read(message).fields()).only(lowerCase), ISO_8859_1);
  }

  private static String filtered(String header, List<String> names) throws IOException {
    try (var filter =
        new HeaderFilter(new ByteArrayInputStream(header.getBytes(ISO_8859_1)), names, false)) {
      return new String(filter.readAllBytes(), ISO_8859_1);
    }
  }

  @Test
  void whatListsAskForIsKeptAsItStands() throws IOException {
    assertThat(kept("Received: x\r\nSUBJECT : one\r\n two\r\nX-Spam: y\r\nTo: b\n\nTo: body\r\n"))
        .isEqualTo("SUBJECT : one\r\n two\r\nTo: b\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From: a\r\nX: y\r\nTo: b\r\n\r\nbody",
        "From: a\nX: y\n z\nTo: b\n\nSubject: of the body",
        "X: y\r\nTo: b",
        "To: b\r\nX: y",
        "To: b\r\n",
        "to\t : b\r\n\tfolded: more\r\nFROM:a\r\n x\r\n\r\n",
        "From:\r\n\r\n",
        "To: b\rX: y\nFrom: \0\r\n\r\n",
        " folded\r\nTo: b\r\n\r\n",
        "no field\r\n\r\n",
        "\r\nTo: body",
        "",
      })
  void whatIsAskedForOfThemIsWhatTheWholeHeaderGives(String message) throws IOException {
    for (List<String> names :
        List.of(List.of("To"), List.of("from", "SUBJECT"), List.of("to", "from"))) {
      assertThat(ListedFields.have(names)).isTrue();
      assertThat(only(message, names)).isEqualTo(filtered(message, names));
    }
  }

  @Test
  void otherFieldsAreNotThere() {
    assertThat(ListedFields.have(List.of("Subject", "Received"))).isFalse();
  }

  @Test
  void tooMuchIsNotKept() throws IOException {
    String folded = "\r\n x".repeat(ListedFields.MAX_OCTETS / 4);
    assertThat(kept("Subject: s\r\nX: " + folded + "\r\n\r\n")).isEqualTo("Subject: s\r\n\r\n");
    assertThat(read("Subject: s" + folded + "\r\n\r\n").fields()).isNull();
  }

  @Test
  void ofALongHeaderNothingIsKept() throws IOException {
    String folded = "\r\n x".repeat(ListedFields.MAX_HEADER / 4);
    assertThat(read("Subject: s\r\nX: " + folded + "\r\n\r\n").fields()).isNull();
    assertThat(read("Subject: s\r\n\r\n" + folded).fields()).isNotNull();
  }
}
