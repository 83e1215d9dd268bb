package org.muniment.server.view.imap.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
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
  void literalsOfAnyLengthAreTheirOctetsWithoutNul() throws IOException {
    long seed = System.nanoTime();
    System.out.println("ImapWriterTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      byte[] any = new byte[random.nextInt(random.nextBoolean() ? 40 : 300_000)];
      random.nextBytes(any);
      for (int i = random.nextInt(10); i > 0 && any.length > 0; i--) {
        any[random.nextInt(any.length)] = 0;
      }
      String expected =
          new String(any, StandardCharsets.ISO_8859_1).replace('\0', '\u0080') + " behind";
      octets.reset();
      out.raw(" ".repeat(random.nextInt(20_000))).literal(any.length, pieces(any, random));
      out.raw(" behind");
      assertThat(written().stripLeading()).isEqualTo("{" + any.length + "}\r\n" + expected);
      octets.reset();
      out.literal8(any.length, pieces(any, random));
      assertThat(written())
          .isEqualTo("~{" + any.length + "}\r\n" + new String(any, StandardCharsets.ISO_8859_1));
    }
  }

  /// A stream that gives as many octets at a time as it likes, and does not end there.
  private static InputStream pieces(byte[] octets, Random random) {
    byte[] more = Arrays.copyOf(octets, octets.length + 7);
    return new ByteArrayInputStream(more) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 1 + random.nextInt(50_000)));
      }
    };
  }

  @Test
  void aStreamThatEndsTooEarlyIsAnError() {
    for (int length : new int[] {1, 100_000, 1_000_000}) {
      assertThatThrownBy(() -> out.literal(length, new ByteArrayInputStream(new byte[length - 1])))
          .hasMessageContaining("1 octets too early");
    }
  }

  @Test
  void aStreamWithoutOctetsEndsTooEarly() {
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
