package org.muniment.archive.part;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.archive.event.ContentId;

class Base64ScannerTest {

  private final Random random = new Random(8);

  @ParameterizedTest
  @CsvSource({"76, CRLF", "76, LF", "72, CRLF", "64, LF", "60, LF", "4, CRLF", "1000, LF"})
  void anAttachmentIsFoundWhereItLies(int width, Base64Run.LineEnd lineEnd) throws Exception {
    byte[] part = octets(5_000);
    String message =
        "Subject: x\r\n\r\nsome text\r\n" + encode(part, width, lineEnd) + "--end--\r\n";
    List<Base64Run> runs = scan(message);
    assertThat(runs).hasSize(1);
    Base64Run run = runs.getFirst();
    assertThat(run.offset()).isEqualTo(message.indexOf("text\r\n") + 6);
    assertThat(run.width()).isEqualTo(width);
    assertThat(run.lineEnd()).isEqualTo(lineEnd);
    assertThat(run.decoded()).isEqualTo(5_000);
    assertThat(run.content()).isEqualTo(sha256(part));
    assertThat(rebuilt(message)).isEqualTo(message);
  }

  @Test
  void everyLengthOfTheLastLineComesBack() throws Exception {
    for (int length = 2_000; length < 2_000 + 3 * 76; length++) {
      for (String after : List.of("", "\r\n", "\r\n\r\n", "\r\n--b--")) {
        String encoded = encode(octets(length), 76, Base64Run.LineEnd.CRLF);
        String message = "\r\n" + encoded.substring(0, encoded.length() - 2) + after;
        assertThat(rebuilt(message)).isEqualTo(message);
        assertThat(scan(message)).as("length %d", length).hasSize(1);
        assertThat(scan(message).getFirst().decoded()).as("length %d", length).isEqualTo(length);
      }
    }
  }

  @Test
  void theSamePartInTwoWidthsIsOnePart() throws Exception {
    byte[] part = octets(9_000);
    String wide = encode(part, 76, Base64Run.LineEnd.CRLF);
    String narrow = encode(part, 60, Base64Run.LineEnd.LF);
    assertThat(scan(wide).getFirst().content()).isEqualTo(scan(narrow).getFirst().content());
  }

  @Test
  void strayBitsAndMixedLineEndsAreLeftInTheMessage() throws Exception {
    String encoded = encode(octets(1_900), 76, Base64Run.LineEnd.CRLF);
    int padding = encoded.lastIndexOf("==");
    assertThat(padding).isPositive();
    char stray =
        encoded.charAt(padding - 1) == 'A' ? 'B' : (char) (encoded.charAt(padding - 1) + 1);
    String message = encoded.substring(0, padding - 1) + stray + encoded.substring(padding);
    assertThat(rebuilt(message)).isEqualTo(message);
    assertThat(scan(message).getFirst().decoded()).isLessThan(1_900);
    String mixed = encoded.replaceFirst("\r\n", "\n");
    assertThat(rebuilt(mixed)).isEqualTo(mixed);
  }

  @Test
  void textIsNoBase64() throws Exception {
    assertThat(scan("some words\r\n".repeat(10_000))).isEmpty();
    assertThat(scan("x".repeat(1 << 20))).isEmpty();
    assertThat(scan("\n".repeat(1 << 20))).isEmpty();
    assertThat(scan("====\r\n".repeat(10_000))).isEmpty();
    assertThat(scan("")).isEmpty();
  }

  @Test
  void aLineLongerThanTheBufferHidesNothingAfterIt() throws Exception {
    String message =
        "A".repeat(200_000) + "\r\n" + encode(octets(3_000), 76, Base64Run.LineEnd.CRLF);
    assertThat(scan(message)).hasSize(1);
    assertThat(rebuilt(message)).isEqualTo(message);
  }

  @Test
  void whateverIsBrokenComesBackExactly() throws Exception {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random mutations = new Random(seed);
    for (int round = 0; round < 3_000; round++) {
      String message = message(mutations);
      byte[] octets = message.getBytes(ISO_8859_1);
      for (int i = mutations.nextInt(4); i > 0 && octets.length > 0; i--) {
        octets[mutations.nextInt(octets.length)] = (byte) "\r\n=A 0".charAt(mutations.nextInt(6));
      }
      String broken = new String(octets, ISO_8859_1);
      assertThat(rebuilt(broken)).as("seed %d round %d", seed, round).isEqualTo(broken);
    }
  }

  @Test
  void octetsThatArriveOneByOneGiveTheSame() throws Exception {
    String message = "x\r\n" + encode(octets(70_000), 76, Base64Run.LineEnd.CRLF) + "\r\ny";
    InputStream slow =
        new FilterInputStream(new ByteArrayInputStream(message.getBytes(ISO_8859_1))) {
          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            return super.read(into, offset, Math.min(length, 1));
          }
        };
    assertThat(Base64Scanner.scan(slow, message.length())).isEqualTo(scan(message));
  }

  private String message(Random shape) {
    StringBuilder message = new StringBuilder("H: v\r\n\r\n");
    for (int i = shape.nextInt(4); i >= 0; i--) {
      Base64Run.LineEnd lineEnd =
          shape.nextBoolean() ? Base64Run.LineEnd.LF : Base64Run.LineEnd.CRLF;
      message.append(encode(octets(shape.nextInt(4_000)), 4 + 4 * shape.nextInt(30), lineEnd));
      message.append(shape.nextBoolean() ? "\r\n" : "words here\n");
    }
    return message.toString();
  }

  /// The message put together again from what lies between the runs and from the parts alone.
  private static String rebuilt(String message) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] octets = message.getBytes(ISO_8859_1);
    int at = 0;
    int keptAt = 0;
    Base64Scanner.Found found =
        Base64Scanner.scanAndKeep(new ByteArrayInputStream(octets), octets.length);
    assertThat(found.runs()).isEqualTo(scan(message));
    for (Base64Run run : found.runs()) {
      int from = Math.toIntExact(run.offset());
      int to = Math.toIntExact(run.offset() + run.length());
      out.write(octets, at, from - at);
      byte[] part = Base64.getMimeDecoder().decode(Arrays.copyOfRange(octets, from, to));
      assertThat(sha256(part)).isEqualTo(run.content());
      assertThat(Arrays.copyOfRange(found.decoded(), keptAt, keptAt + part.length)).isEqualTo(part);
      keptAt += part.length;
      run.encode(new ByteArrayInputStream(part), out);
      at = to;
    }
    out.write(octets, at, octets.length - at);
    return out.toString(ISO_8859_1);
  }

  private static List<Base64Run> scan(String message) throws IOException {
    return Base64Scanner.scan(
        new ByteArrayInputStream(message.getBytes(ISO_8859_1)), message.length());
  }

  private byte[] octets(int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    return octets;
  }

  private static String encode(byte[] part, int width, Base64Run.LineEnd lineEnd) {
    byte[] separator =
        lineEnd == Base64Run.LineEnd.CRLF ? new byte[] {'\r', '\n'} : new byte[] {'\n'};
    String lines = Base64.getMimeEncoder(width, separator).encodeToString(part);
    return lines + new String(separator, ISO_8859_1);
  }

  private static ContentId sha256(byte[] octets) {
    try {
      return ContentId.of(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
