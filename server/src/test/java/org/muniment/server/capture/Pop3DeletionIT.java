package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.FaultProxy;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.capture.fixture.ScriptedPop3;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.DeleteAtSource;
import org.muniment.server.config.Secret;
import org.muniment.server.config.SourceConfig;

/// Deletion of archived mail over POP3.
class Pop3DeletionIT {

  private static final Duration LATER = Duration.ofDays(40);

  @TempDir Path served;
  @TempDir Path data;

  private static CaptureOutcome.Finished run(
      TestArchive archive, String user, SourceConfig source, Duration later) {
    AccountConfig account =
        TestArchive.account(user, source)
            .deleting(new DeleteAtSource(Duration.ofDays(30), AccountConfig.Folders.ALL));
    return (CaptureOutcome.Finished)
        archive
            .capture(Clock.offset(Clock.systemUTC(), later))
            .run(account, CaptureProgress.NONE, () -> false);
  }

  private static SourceConfig.Pop3 pop3(String user, int port) {
    return new SourceConfig.Pop3(
        "127.0.0.1", port, SourceConfig.Security.NONE, user, new Secret(Dovecot.PASSWORD));
  }

  private static int count(Dovecot dovecot, String user) throws Exception {
    try (RawImap imap = new RawImap(dovecot.port(), user, Dovecot.PASSWORD)) {
      return imap.command("EXAMINE INBOX").stream()
          .map(RawImap.Line::text)
          .filter(line -> line.endsWith(" EXISTS"))
          .mapToInt(line -> Integer.parseInt(line.split(" ", 3)[1]))
          .findFirst()
          .orElseThrow();
    }
  }

  private static void fill(Dovecot dovecot, String user, int messages) throws Exception {
    SampleMaildir mail = new SampleMaildir(dovecot.maildir(user), user.hashCode());
    for (int i = 0; i < messages; i++) {
      mail.add(
          "",
          "",
          SampleMaildir.latin(
              "Received: by a; Mon, 1 Apr 2019 10:00:00 +0000\r\nSubject: %d\r\n\r\ntext\r\n"
                  .formatted(i)));
    }
    Dovecot.own(dovecot.maildir(user));
  }

  @Test
  void whatIsOldAndArchivedIsDeletedOverPop3() throws Exception {
    Requires.dovecotWithPop3();
    try (Dovecot dovecot = Dovecot.start(served);
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "lena", 300);
      assertThat(run(archive, "lena", dovecot.pop3("lena"), LATER).deleted().messages()).isZero();
      assertThat(count(dovecot, "lena")).isEqualTo(300);
      assertThat(run(archive, "lena", dovecot.pop3("lena"), LATER).deleted())
          .isEqualTo(new CaptureOutcome.Deleted(300, ""));
      assertThat(count(dovecot, "lena")).isZero();
      CaptureOutcome.Finished next = run(archive, "lena", dovecot.pop3("lena"), LATER);
      assertThat(next.complete()).isTrue();
      assertThat(archive.events(Event.Observed.class)).isEmpty();
      assertThat(archive.events(Event.DeletedAtSource.class))
          .extracting(event -> event.outcome() + " " + event.uids())
          .containsExactly("INTENDED 1:300", "DELETED 1:300");
    }
    assertThat(TestArchive.verify(data).findings()).isEmpty();
  }

  /// Whatever is cut, all of a connection is deleted or nothing, and the next run goes on.
  @Test
  void aConnectionThatIsCutBeforeItsEndDeletesNothing() throws Exception {
    Requires.dovecotWithPop3();
    int cuts = 15;
    try (Dovecot dovecot = Dovecot.start(served);
        FaultProxy proxy = new FaultProxy(dovecot.pop3Port());
        TestArchive archive = new TestArchive(data)) {
      fill(dovecot, "measured", 8);
      run(archive, "measured", pop3("measured", proxy.port()), Duration.ZERO);
      proxy.prepare(null);
      run(archive, "measured", pop3("measured", proxy.port()), LATER);
      List<Integer> left = new ArrayList<>();
      for (FaultProxy.Direction direction : FaultProxy.Direction.values()) {
        long length = proxy.passed(direction);
        for (int cut = 0; cut < cuts; cut++) {
          String user = "u%s%d".formatted(direction.name().charAt(3), cut).toLowerCase(Locale.ROOT);
          fill(dovecot, user, 8);
          proxy.prepare(null);
          run(archive, user, pop3(user, proxy.port()), Duration.ZERO);
          long leaf = archive.size();
          proxy.prepare(
              new FaultProxy.Fault(
                  FaultProxy.Kind.RESET, direction, length * (cut + 1) / (cuts + 1), 1));
          run(archive, user, pop3(user, proxy.port()), LATER);
          left.add(count(dovecot, user));
          proxy.prepare(null);
          // Where it was the capture that was cut, its receipt stands behind nothing.
          run(archive, user, pop3(user, proxy.port()), LATER);
          run(archive, user, pop3(user, proxy.port()), LATER);
          assertThat(count(dovecot, user)).as("%s %d", direction, cut).isZero();
          run(archive, user, pop3(user, proxy.port()), LATER);
          assertThat(archive.entriesFrom(leaf))
              .as("%s %d", direction, cut)
              .map(Entry::event)
              .noneMatch(event -> event instanceof Event.Observed seen && !seen.gone().isEmpty());
          // By whatever path: each was deleted by this program, and that is said once.
          assertThat(
                  archive.entriesFrom(leaf).stream()
                      .map(Entry::event)
                      .filter(Event.DeletedAtSource.class::isInstance)
                      .map(Event.DeletedAtSource.class::cast)
                      .filter(event -> event.outcome() == Event.Deletion.DELETED)
                      .mapToLong(event -> event.uids().size())
                      .sum())
              .as("%s %d", direction, cut)
              .isEqualTo(8);
        }
      }
      assertThat(left).containsOnly(0, 8).contains(8);
    }
  }

  private static ScriptedPop3 old(ScriptedPop3 server) {
    return server.with("a", message("one")).with("b", message("two")).with("c", message("three"));
  }

  private static String message(String text) {
    return "Received: by a; Mon, 1 Apr 2019 10:00:00 +0000\r\n\r\n" + text + "\r\n";
  }

  @Test
  void aMessageThatIsAnotherUnderTheSameUniqueIdStays() throws Exception {
    try (ScriptedPop3 server = old(new ScriptedPop3());
        TestArchive archive = new TestArchive(data)) {
      run(archive, "eve", server.source(), Duration.ZERO);
      server.remove("b");
      server.with("b", message("another"));
      assertThat(run(archive, "eve", server.source(), LATER).deleted().messages()).isEqualTo(2);
      assertThat(server.commands("DELE")).isEqualTo(2);
      assertThat(server.commands()).contains("DELE 1", "DELE 2").doesNotContain("DELE 3");
      assertThat(archive.events(Event.DeletedAtSource.class))
          .extracting(event -> event.outcome() + " " + event.uids())
          .containsExactly("DIFFERENT 2", "INTENDED 1,3", "DELETED 1,3");
    }
  }

  @Test
  void withoutUniqueIdsNothingIsDeleted() throws Exception {
    try (ScriptedPop3 server =
            old(
                new ScriptedPop3(
                    ScriptedPop3.on(
                        Map.of("CAPA", "-ERR what\r\n", "UIDL", "-ERR no such command\r\n"))));
        TestArchive archive = new TestArchive(data)) {
      run(archive, "eve", server.source(), Duration.ZERO);
      assertThat(archive.events(Event.Placement.class)).hasSize(3);
      assertThat(run(archive, "eve", server.source(), LATER).deleted().messages()).isZero();
      assertThat(server.deleted()).isFalse();
    }
  }

  @Test
  void aRefusedEndIsNoDeletion() throws Exception {
    AtomicBoolean refusing = new AtomicBoolean();
    try (ScriptedPop3 server =
            old(
                new ScriptedPop3(
                    command ->
                        refusing.get() && command.equals("QUIT")
                            ? Optional.of("-ERR some deleted messages not removed\r\n")
                            : Optional.empty()));
        TestArchive archive = new TestArchive(data)) {
      run(archive, "eve", server.source(), Duration.ZERO);
      refusing.set(true);
      CaptureOutcome.Finished outcome = run(archive, "eve", server.source(), LATER);
      assertThat(outcome.deleted().messages()).isZero();
      assertThat(outcome.deleted().trouble()).contains("not removed");
      refusing.set(false);
      // Two of them were removed all the same.
      server.remove("a");
      server.remove("b");
      assertThat(run(archive, "eve", server.source(), LATER).deleted().messages()).isEqualTo(1);
      assertThat(archive.events(Event.DeletedAtSource.class))
          .extracting(event -> event.outcome() + " " + event.uids())
          .containsExactly("INTENDED 1:3", "DELETED 1:2", "INTENDED 3", "DELETED 3");
    }
  }

  @Test
  void aMessageThatTheServerRefusesToDeleteStaysAndTheOthersGo() throws Exception {
    try (ScriptedPop3 server =
            old(new ScriptedPop3(ScriptedPop3.on(Map.of("DELE 2", "-ERR locked\r\n"))));
        TestArchive archive = new TestArchive(data)) {
      run(archive, "eve", server.source(), Duration.ZERO);
      assertThat(run(archive, "eve", server.source(), LATER).deleted().messages()).isEqualTo(2);
      assertThat(archive.events(Event.DeletedAtSource.class))
          .extracting(event -> event.outcome() + " " + event.uids())
          .containsExactly("INTENDED 1:3", "DELETED 1,3", "KEPT 2");
    }
  }
}
