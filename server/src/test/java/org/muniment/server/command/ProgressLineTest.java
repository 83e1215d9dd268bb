package org.muniment.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private long now;

  @Test
  void aTerminalSeesOneLineDrawnAgainAndAgain() {
    try (ProgressLine line = line(true)) {
      for (int i = 1; i <= 10; i++) {
        now += TimeUnit.SECONDS.toNanos(1);
        line.at(50L * i, 1_000, 1_500_000L * i);
      }
    }
    assertThat(text().chars().filter(c -> c == '\n')).hasSize(1);
    assertThat(text())
        .endsWith(
            "\r\u001b[2Kwork  [##########..........]  500 of 1,000  15.0 MB  50/s  0:10 left\n");
  }

  @Test
  void aFileGetsAPlainLineEveryFewSecondsAndTheLast() {
    try (ProgressLine line = line(false)) {
      for (int i = 1; i <= 110; i++) {
        now += TimeUnit.MILLISECONDS.toNanos(100);
        line.at(i, 0, i);
      }
    }
    assertThat(text().lines())
        .containsExactly(
            "work  50  50 B  10/s", "work  100  100 B  10/s", "work  110  110 B  10/s");
  }

  @Test
  void workThatIsDoneAtOnceSaysNothing() {
    line(true).close();

    assertThat(text()).isEmpty();
  }

  private ProgressLine line(boolean terminal) {
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    return new ProgressLine(
        new Console(InputStream.nullInputStream(), stream, stream, terminal), "work", () -> now);
  }

  private String text() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
