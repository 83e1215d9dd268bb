package org.muniment.server.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;

/// Capture where something does not suffice: the disk, the memory, the size that is allowed.
class LimitsIT {

  private static final String USER = "lena";

  @TempDir Path served;
  @TempDir Path data;
  private Dovecot dovecot;
  private SampleMaildir mail;

  @BeforeEach
  void start() throws Exception {
    Requires.dovecot();
    dovecot = Dovecot.start(served);
    mail = new SampleMaildir(dovecot.maildir(USER), 51);
  }

  @AfterEach
  void stop() {
    if (dovecot != null) {
      dovecot.close();
    }
  }

  @Test
  void aDiskThatIsFullEndsTheRunWithItsReasonAndLosesNothing() throws Exception {
    for (int i = 0; i < 24; i++) {
      mail.add("", "", mail.ofLength(300_000 + i));
    }
    mail.add("", "", mail.ofLength(9_000_000));
    Dovecot.own(dovecot.maildir(USER));
    Set<Uid> acknowledged = new HashSet<>();
    // No file grows beyond so many kilobytes; the journal is the first that would.
    for (int kilobytes : List.of(1_500, 1_500, 3_000)) {
      String said = child("ulimit -f " + kilobytes + "; ", "256m", 1);
      assertThat(said).contains("Aborted").containsIgnoringCase("file too large");
      try (TestArchive archive = new TestArchive(data)) {
        Set<Uid> now = uids(archive);
        assertThat(now).containsAll(acknowledged);
        acknowledged = now;
      }
    }
    child("", "256m", 0);
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(uids(archive)).containsAll(acknowledged).hasSize(25);
      assertThat(archive.temporary()).isEmptyDirectory();
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  @Test
  @Tag("slow")
  void aMessageOf200MegabytesIsCapturedWithALittleMemory() throws Exception {
    mail.fill("", 20, 2_000);
    mail.add("", "", mail.ofLength(200_000_000));
    Dovecot.own(dovecot.maildir(USER));
    child("", "80m", 0);
    try (TestArchive archive = new TestArchive(data)) {
      assertThat(archive.events(Event.Placement.class))
          .hasSize(21)
          .anyMatch(placement -> placement.length() == 200_000_000);
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  @Test
  void aMessageAboveTheLimitCostsOneOctetAndNotTheMessage() throws Exception {
    mail.add("", "", mail.ofLength(3_000_000));
    mail.add("", "", mail.ofLength(3_000_001));
    mail.add("", "", mail.ofLength(500));
    Dovecot.own(dovecot.maildir(USER));
    try (RecordingProxy proxy = new RecordingProxy(dovecot.port());
        TestArchive archive = new TestArchive(data)) {
      Event.Poll poll =
          archive
              .capture(TestArchive.limited(USER, Dovecot.source(USER, proxy.port()), 3_000_000))
              .receipt();
      assertThat(poll.mailboxes().getFirst().archived()).isEqualTo(2);
      assertThat(poll.mailboxes().getFirst().failed())
          .singleElement()
          .satisfies(
              failed ->
                  assertThat(failed.reason().display())
                      .isEqualTo(
                          "the message is larger than maxMessageSize, which is 3,000,000 octets"));
      assertThat(proxy.commands())
          .filteredOn(command -> command.startsWith("UID FETCH 2 (UID BODY"))
          .isNotEmpty()
          .allMatch(command -> command.contains("<3000000.1>"));
    }
  }

  private static Set<Uid> uids(TestArchive archive) throws Exception {
    List<Uid> uids = new ArrayList<>();
    for (Entry entry : archive.entries()) {
      if (entry.event() instanceof Event.Placement placement) {
        uids.add(TestArchive.source(placement).uid());
      }
    }
    assertThat(uids).doesNotHaveDuplicates();
    return new HashSet<>(uids);
  }

  /// Captures in a process of its own.
  ///
  /// @param limits of the shell
  /// @return what it said of the outcome
  private String child(String limits, String heap, int exit) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process child =
        new ProcessBuilder(
                "bash",
                "-c",
                limits + "exec \"$0\" \"$@\"",
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx" + heap,
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                CaptureChild.class.getName(),
                data.toString(),
                Integer.toString(dovecot.port()))
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), UTF_8);
    assertThat(child.waitFor()).as(said).isEqualTo(exit);
    return said;
  }

  /// The process that has little.
  static final class CaptureChild {
    private CaptureChild() {}

    public static void main(String[] arguments) throws Exception {
      boolean complete;
      try (TestArchive archive = new TestArchive(Path.of(arguments[0]))) {
        CaptureOutcome outcome =
            archive
                .capture()
                .run(
                    TestArchive.account(USER, Dovecot.source(USER, Integer.parseInt(arguments[1]))),
                    CaptureProgress.NONE,
                    () -> false);
        System.out.println(outcome);
        complete = outcome.complete();
      }
      System.exit(complete ? 0 : 1);
    }
  }
}
