package org.muniment.server.capture.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.muniment.server.capture.fixture.ScriptedPop3;

class DotStuffingTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          .RN              | ''
          aRN.RN           | aRN
          ..RN.RN          | .RN
          ...RN.RN         | ..RN
          .aRN.RN          | aRN
          aRN..RN.RN       | aRN.RN
          aN.RNRN.RN       | aN.RNRN
          aR.RN.RN         | aR.RN
          .RaRN.RN         | RaRN
          .RRN.RN          | RRN
          RN.RN            | RN
          RNRN.RN          | RNRN
          aRRN.RN          | aRRN
          .NRN.RN          | NRN
          """)
  void aMessageIsWhatIsLeftWhateverTheReadsAre(String sent, String message) throws IOException {
    byte[] octets = octets(sent);
    for (int read = 1; read <= octets.length; read++) {
      assertThat(unstuffed(octets, read)).as("read by %d", read).isEqualTo(octets(message));
    }
  }

  @Test
  void nothingAfterTheEndIsTaken() throws IOException {
    byte[] octets = octets("aRN.RN+OKRN");
    DotStuffing message = new DotStuffing(new ByteArrayOutputStream());
    assertThat(message.take(octets, 0, octets.length)).isEqualTo(6);
    assertThat(message.ended()).isTrue();
    assertThat(message.length()).isEqualTo(3);
  }

  @Test
  void whatAServerStuffsComesBack() throws IOException {
    long seed = System.nanoTime();
    System.out.println("DotStuffingTest seed " + seed);
    Random random = new Random(seed);
    List<String> pieces = List.of(".", "\r", "\n", "\r\n", "a", "\0", "\u00ff");
    for (int round = 0; round < 2_000; round++) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(12); i > 0; i--) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      }
      text.append("\r\n");
      byte[] message = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      byte[] reply = ScriptedPop3.retrieved(message);
      byte[] body = Arrays.copyOfRange(reply, "+OK\r\n".length(), reply.length);
      assertThat(unstuffed(body, 1 + random.nextInt(body.length))).isEqualTo(message);
    }
  }

  private static byte[] unstuffed(byte[] octets, int read) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DotStuffing message = new DotStuffing(out);
    for (int from = 0; from < octets.length; from += read) {
      int to = Math.min(octets.length, from + read);
      assertThat(message.ended()).isFalse();
      assertThat(message.take(octets, from, to)).isEqualTo(to - from);
    }
    assertThat(message.ended()).isTrue();
    assertThat(message.length()).isEqualTo(out.size());
    return out.toByteArray();
  }

  /// With `R` for CR and `N` for LF.
  private static byte[] octets(String text) {
    return text.replace('R', '\r').replace('N', '\n').getBytes(StandardCharsets.ISO_8859_1);
  }
}
