package org.muniment.server.view.imap.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ImapWriterTest {

  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private final ImapWriter out = new ImapWriter(octets);

  private String written() throws IOException {
    out.flush();
    return octets.toString(StandardCharsets.ISO_8859_1);
  }

  @Test
  void quotesWhatCanBeQuoted() throws IOException {
    out.string("a \"b\" \\c");
    assertThat(written()).isEqualTo("\"a \\\"b\\\" \\\\c\"");
  }

  @Test
  void sendsEightBitAndLineBreaksAsLiterals() throws IOException {
    out.string("z\u00fc").sp().string("a\r\nb").sp().string("x".repeat(1001));
    assertThat(written()).isEqualTo("{2}\r\nz\u00fc {4}\r\na\r\nb {1001}\r\n" + "x".repeat(1001));
  }

  @Test
  void missingIsNotEmpty() throws IOException {
    out.nstring(null).sp().nstring("");
    assertThat(written()).isEqualTo("NIL \"\"");
  }

  @Test
  void nulIsSubstitutedInLiterals() throws IOException {
    out.string("a\0b");
    out.literal(3, new ByteArrayInputStream(new byte[] {'x', 0, 'y', 'z'}));
    assertThat(written()).isEqualTo("{3}\r\na\u0080b{3}\r\nx\u0080y");
  }

  @Test
  void aStreamThatEndsTooEarlyIsAnError() {
    assertThatThrownBy(() -> out.literal(5, new ByteArrayInputStream(new byte[3])))
        .isInstanceOf(IOException.class);
    assertThat(out.atLineStart()).isFalse();
  }

  @Test
  void aLongLiteralGoesThroughTheBuffer() throws IOException {
    byte[] long1 = "0123456789".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    out.raw("x");
    out.literal(long1.length, new ByteArrayInputStream(long1));
    assertThat(written()).isEqualTo("x{100000}\r\n" + "0123456789".repeat(10_000));
  }

  @Test
  void wordsForAPersonCannotBreakTheLine() throws IOException {
    out.text("a\r\nb\u00fc");
    assertThat(written()).isEqualTo("a??b?");
  }
}
