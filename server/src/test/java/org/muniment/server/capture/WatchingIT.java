package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.Event;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.capture.idle.Watched;
import org.muniment.server.capture.idle.Watching;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.credential.Credentials;

/// Watching at a real Dovecot: what another client does is archived within seconds.
class WatchingIT {

  @TempDir Path served;
  @TempDir Path data;

  private static Duration awaited(Callable<Boolean> condition) throws Exception {
    long begun = System.nanoTime();
    Duration waited = Duration.ZERO;
    while (!condition.call() && waited.compareTo(Duration.ofSeconds(30)) < 0) {
      Thread.sleep(50);
      waited = Duration.ofNanos(System.nanoTime() - begun);
    }
    return waited;
  }

  @Test
  void whatAnotherClientDoesIsArchivedWithinSeconds() throws Exception {
    Requires.dovecot();
    try (Dovecot dovecot = Dovecot.startWith(served, "mailbox_idle_check_interval = 1 secs");
        TestArchive archive = new TestArchive(data)) {
      new SampleMaildir(dovecot.maildir("eve"), 3).fill("", 3, 300);
      Dovecot.own(dovecot.maildir("eve"));
      AccountConfig account =
          TestArchive.account("eve", dovecot.source("eve")).watching(List.of("INBOX"));
      try (CaptureService service = archive.service(List.of(account));
          Watching watching =
              new Watching(
                  List.of(account),
                  new Credentials(data.resolve("tokens"), Clock.systemUTC()),
                  name -> service.run(Set.of(name), CaptureProgress.NONE).getFirst());
          RawImap other = new RawImap(dovecot.port(), "eve", Dovecot.PASSWORD)) {
        watching.start();
        awaited(() -> archive.events(Event.Poll.class).size() == 1);
        assertThat(archive.events(Event.Placement.class)).hasSize(3);
        assertThat(watching.watched())
            .containsExactly(new Watched(account.name(), "INBOX", Watched.State.WATCHING, ""));
        Thread.sleep(6_000);

        other.append("INBOX", "Subject: now\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(awaited(() -> archive.events(Event.Placement.class).size() == 4))
            .isLessThan(Duration.ofSeconds(5));

        other.command("SELECT INBOX");
        other.command("UID STORE 2 +FLAGS (\\Deleted)");
        other.command("EXPUNGE");
        assertThat(
                awaited(
                    () ->
                        archive.events(Event.Observed.class).stream()
                            .anyMatch(seen -> !seen.gone().isEmpty())))
            .isLessThan(Duration.ofSeconds(15));
      }
    }
  }
}
