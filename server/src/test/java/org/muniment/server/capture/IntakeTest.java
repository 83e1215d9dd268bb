package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;

class IntakeTest {

  private static final AccountName EVE = new AccountName("eve");
  private static final Event.Provenance PROVENANCE = new Event.Provenance("imap", "h", "eve");
  private static final Event.SourceUid SOURCE = new Event.SourceUid(new UidValidity(1), new Uid(1));

  @TempDir Path folder;

  @Test
  void aRunThatWasGivenUpDoesNothingToTheArchive() throws IOException {
    try (TestArchive archive = new TestArchive(folder)) {
      MailboxId inbox =
          archive.writer().createMailbox(EVE, SourceText.of("INBOX"), "/", Set.of()).id();
      long before = archive.writer().commit();
      Intake intake =
          new Intake(
              EVE,
              archive.writer(),
              archive.progress(),
              new Receipts(archive.writer(), archive.progress()),
              CaptureProgress.NONE,
              new GivenUp(),
              Clock.systemUTC());
      Octets message = Octets.of(new byte[] {'x'});
      refused(() -> intake.createMailbox(SourceText.of("Other"), "/", Set.of()));
      refused(() -> intake.append(inbox, SOURCE, Instant.EPOCH, Set.of(), message, PROVENANCE));
      refused(
          () ->
              intake.record(
                  new Event.Compared(EVE, inbox, UidRanges.EMPTY, UidRanges.of(new Uid(1)))));
      refused(intake::commit);
      archive.writer().append(message, EVE, inbox, SOURCE, Instant.EPOCH, Set.of(), PROVENANCE);
      long after = archive.writer().commit();
      assertThat(after).isEqualTo(before + 1);
      Event.Placement there = archive.events(Event.Placement.class).getFirst();
      refused(
          () ->
              intake.place(
                  inbox,
                  SOURCE,
                  new SourceProgress.Archived(
                      there.content(), there.length(), there.internalDate()),
                  Set.of(),
                  PROVENANCE));
      assertThat(archive.writer().commit()).isEqualTo(after);
    }
  }

  private static void refused(ThrowingCallable work) {
    assertThatThrownBy(work).hasMessage("given up");
  }

  private static final class GivenUp implements Terms {
    @Override
    public boolean stop() {
      return false;
    }

    @Override
    public <T> T write(Work<T> work) throws IOException {
      throw new IOException("given up");
    }
  }
}
