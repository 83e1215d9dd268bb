package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.JournalReports;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;

/// Unwrapping in a process of its own that is killed again and again.
class JournalCrashTest {

  private static final int KILLS = 8;
  private static final int REPORTS = 1_200;
  private static final int MAX_STARTS = 60;

  @TempDir Path served;
  @TempDir Path data;

  @Test
  void whatEachReportHoldsIsThereExactlyOnceHoweverOftenUnwrappingIsKilled() throws Exception {
    Requires.dovecot();
    long seed = System.nanoTime();
    System.out.println("JournalCrashTest seed " + seed);
    Random random = new Random(seed);
    try (Dovecot dovecot = Dovecot.start(served)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("journal"), seed);
      for (int i = 0; i < REPORTS; i++) {
        mail.add(
            "",
            "",
            i % 7 == 3
                ? JournalReports.ordinary(i)
                : JournalReports.report(mail.message(4_000), "Bcc: user" + i + "@example.org"));
      }
      Dovecot.own(dovecot.maildir("journal"));
      int kills = killUntilDone(dovecot, random);
      System.out.println("JournalCrashTest killed " + kills + " times");
      assertThat(kills).isGreaterThanOrEqualTo(3);
    }
    check();
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  /// @return how often a run was killed before it had ended
  private int killUntilDone(Dovecot dovecot, Random random) throws Exception {
    int kills = 0;
    for (int start = 0; start < MAX_STARTS; start++) {
      Process child = child(dovecot);
      boolean ended =
          kills < KILLS
              ? child.getInputStream().read() >= 0
                  && child.waitFor(random.nextInt(700), TimeUnit.MILLISECONDS)
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

  private Process child(Dovecot dovecot) throws Exception {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                JournalIT.CaptureChild.class.getName(),
                data.toString(),
                Integer.toString(dovecot.port())))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private void check() throws Exception {
    int ordinary = 0;
    Set<Uid> looked = new HashSet<>();
    Set<ContentId> told = new HashSet<>();
    try (TestArchive archive = new TestArchive(data)) {
      for (Event.Unwrapped unwrapped : archive.events(Event.Unwrapped.class)) {
        assertThat(looked.add(unwrapped.uid())).isTrue();
        switch (unwrapped.finding()) {
          case Event.JournalReport report -> assertThat(told.add(report.content())).isTrue();
          case Event.OrdinaryMail mail -> ordinary++;
          case Event.BrokenReport broken -> throw new AssertionError(broken);
        }
      }
      List<Event.Placement> held =
          archive.events(Event.Placement.class).stream()
              .filter(placement -> placement.provenance().protocol().equals("journal"))
              .toList();
      assertThat(held)
          .extracting(Event.Placement::content)
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(told);
      assertThat(archive.events(Event.Placement.class)).hasSize(REPORTS + held.size());
    }
    assertThat(looked).hasSize(REPORTS);
    assertThat(told).hasSize(REPORTS - ordinary);
  }
}
