package org.muniment.archive.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try")
class PinTest {

  @TempDir Path folder;
  private final AtomicInteger removals = new AtomicInteger();

  @Test
  void nothingIsRemovedWhileOneOfManyHoldsIt() throws Exception {
    Path file = folder.resolve(Pin.NAME);
    assertThat(Pin.unlessHeld(file, removals::incrementAndGet)).isTrue();
    Path sameFile = folder.resolve("../" + folder.getFileName()).resolve(Pin.NAME);
    try (Pin _ = Pin.hold(file)) {
      try (Pin _ = Pin.hold(sameFile)) {
        assertThat(Pin.unlessHeld(file, removals::incrementAndGet)).isFalse();
      }
      assertThat(Pin.unlessHeld(file, removals::incrementAndGet)).isFalse();
    }
    assertThat(Pin.unlessHeld(file, removals::incrementAndGet)).isTrue();
    assertThat(removals).hasValue(2);
  }

  @Test
  void anotherProcessHoldsItUntilItEndsHowever() throws Exception {
    Path file = folder.resolve(Pin.NAME);
    Process other =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = other.inputReader(UTF_8)) {
      assertThat(said.readLine()).isEqualTo("held");
      assertThat(Pin.unlessHeld(file, removals::incrementAndGet)).isFalse();
      try (Pin too = Pin.hold(file)) {
        assertThat(too).isNotNull();
      }
    } finally {
      other.destroyForcibly().waitFor();
    }
    assertThat(Pin.unlessHeld(file, removals::incrementAndGet)).isTrue();
    assertThat(removals).hasValue(1);
  }

  /// A process that holds a pin until it is killed.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try (Pin pin = Pin.hold(Path.of(arguments[0]))) {
        System.out.println(pin == null ? "" : "held");
        Thread.sleep(60_000);
      }
    }
  }
}
