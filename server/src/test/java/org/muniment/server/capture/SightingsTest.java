package org.muniment.server.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.format.LoggedEvent;

class SightingsTest {

  private static final AccountName EVE = new AccountName("eve");
  private static final MailboxId ONE = new MailboxId("0000000000000001");
  private static final MailboxId TWO = new MailboxId("0000000000000002");

  @TempDir Path folder;

  @Test
  void flagsThatAreTooManyToHoldAreRecordedBeforeTheEndAndNoneTwice() throws IOException {
    try (TestArchive archive = new TestArchive(folder)) {
      Sightings sightings = new Sightings(EVE, archive.progress());
      List<Event.Observed> recorded = new ArrayList<>();
      sightings.flagged(TWO, new Uid(1), Set.of(SourceText.of("first")));
      for (long uid = 1; uid <= 200; uid++) {
        Set<SourceText> own = Set.of(SourceText.of(uid + "x".repeat(100_000)));
        recorded.addAll(sightings.flagged(ONE, new Uid(uid), own));
        assertThat(sightings.flagged(ONE, new Uid(uid), Set.of())).isEmpty();
      }
      assertThat(recorded).hasSizeGreaterThan(2);
      recorded.addAll(observed(sightings));
      assertThat(
              recorded.stream()
                  .flatMap(observed -> observed.flags().stream())
                  .mapToLong(of -> of.uids().size())
                  .sum())
          .isEqualTo(201);
      assertThat(recorded)
          .allMatch(observed -> EventJson.write(observed).length < LoggedEvent.MAX_EVENT);
    }
  }

  @Test
  void absencesThatFillMoreThanOneEventComeInSeveral() throws IOException {
    UidRanges.Builder everySecond = new UidRanges.Builder();
    for (long uid = 1; uid <= 2_500_001; uid++) {
      everySecond.accept(2 * uid);
    }
    try (TestArchive archive = new TestArchive(folder)) {
      Sightings sightings = new Sightings(EVE, archive.progress());
      sightings.of(ONE).missed(everySecond.build());
      List<Event.Observed> observed = observed(sightings);
      assertThat(observed).hasSize(3);
      assertThat(observed.stream().mapToLong(one -> one.gone().size()).sum()).isEqualTo(2_500_001);
      assertThat(observed).allMatch(one -> EventJson.write(one).length < LoggedEvent.MAX_EVENT);
    }
  }

  private static List<Event.Observed> observed(Sightings sightings) throws IOException {
    return sightings.observations().stream().map(Event.Observed.class::cast).toList();
  }
}
