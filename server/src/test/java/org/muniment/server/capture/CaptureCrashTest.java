package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.AccountConfig;

/// Capture in a process of its own that is killed again and again.
class CaptureCrashTest {

  private static final int KILLS = 8;
  private static final int MESSAGES = 4_000;
  private static final int MAX_STARTS = 60;

  @TempDir Path served;
  @TempDir Path data;

  @Test
  void everyMessageIsThereExactlyOnceHoweverOftenCaptureIsKilled() throws Exception {
    Requires.dovecot();
    long seed = System.nanoTime();
    System.out.println("CaptureCrashTest seed " + seed);
    Random random = new Random(seed);
    try (Dovecot dovecot = Dovecot.start(served)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("vera"), seed);
      mail.fill("", MESSAGES / 2, 6_000);
      mail.fill(".Later", MESSAGES / 2, 6_000);
      mail.add(".Later", "", mail.ofLength(9_000_000));
      Dovecot.own(dovecot.maildir("vera"));
      int kills = killUntilDone(dovecot, random);
      System.out.println("CaptureCrashTest killed " + kills + " times");
      assertThat(kills).isGreaterThanOrEqualTo(3);
      check(dovecot);
    }
  }

  /// @return how often a run was killed before it had ended
  private int killUntilDone(Dovecot dovecot, Random random) throws Exception {
    int kills = 0;
    for (int start = 0; start < MAX_STARTS; start++) {
      Process child = child(dovecot);
      // Any moment from the first line of the program to well into the run.
      boolean ended =
          kills < KILLS
              ? awaitBegin(child) && child.waitFor(random.nextInt(450), TimeUnit.MILLISECONDS)
              : child.waitFor(120, TimeUnit.SECONDS);
      if (ended) {
        assertThat(child.exitValue()).isZero();
        return kills;
      }
      child.destroyForcibly().waitFor();
      kills++;
    }
    throw new AssertionError("capture does not end");
  }

  /// Waits until the child has begun to capture.
  private static boolean awaitBegin(Process child) throws Exception {
    return child.getInputStream().read() >= 0;
  }

  private Process child(Dovecot dovecot) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CaptureChild.class.getName(),
                data.toString(),
                Integer.toString(dovecot.port()),
                "vera"))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void check(Dovecot dovecot) throws Exception {
    try (TestArchive archive = new TestArchive(data);
        RawImap judge = new RawImap(dovecot.port(), "vera", Dovecot.PASSWORD)) {
      Map<String, Integer> places = new HashMap<>();
      Map<Object, String> names = new HashMap<>();
      String open = "";
      for (Entry entry : archive.entries()) {
        switch (entry.event()) {
          case Event.MailboxCreated mailbox -> names.put(mailbox.id(), mailbox.name().octets());
          case Event.Placement placement -> {
            String name = String.valueOf(names.get(placement.mailbox()));
            if (!name.equals(open)) {
              judge.command("EXAMINE \"" + name + "\"");
              open = name;
            }
            places.merge(name + " " + placement.source(), 1, Integer::sum);
            assertThat(archive.octets(entry))
                .isEqualTo(judge.octets(TestArchive.source(placement).uid().value()));
          }
          default -> {}
        }
      }
      assertThat(names).hasSize(2);
      assertThat(places).hasSize(MESSAGES + 1);
      assertThat(places.values()).containsOnly(1);
    }
  }

  /// The process that is killed.
  static final class CaptureChild {
    private CaptureChild() {}

    public static void main(String[] arguments) throws Exception {
      try (TestArchive archive = new TestArchive(Path.of(arguments[0]))) {
        AccountConfig account =
            TestArchive.account(
                arguments[2], Dovecot.source(arguments[2], Integer.parseInt(arguments[1])));
        System.out.write('b');
        System.out.flush();
        if (!archive.capture(account).complete()) {
          System.exit(1);
        }
      }
    }
  }
}
