package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.BOB;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.indexer.LiveArchive;

class TransmissionsTest {

  private static final Event.Transmission SENT =
      new Event.Transmission(
          "anna@example.com",
          "",
          List.of(new Event.Recipient(Event.Addressed.BCC, "dora@example.org", "", "")),
          "");

  @TempDir Path directory;
  private LiveArchive live;
  private MailboxId journal;
  private MailboxId into;

  @BeforeEach
  void open() throws IOException {
    live = new LiveArchive(directory);
    journal = live.mailbox(ALICE, "INBOX");
    into = live.mailbox(ALICE, "INBOX (journaled)");
  }

  @AfterEach
  void close() throws IOException {
    live.close();
  }

  private Transmissions settled() throws IOException {
    return live.settle().catalogue().transmissions();
  }

  private static String report(int number) {
    return mail("x@example.com", "report " + number, "wraps " + number);
  }

  private static String held(int number) {
    return mail("a@example.com", "held " + number, "inside");
  }

  @Test
  void whatNobodyHasLookedAtIsPendingInOrder() throws IOException {
    List<Event.Placement> came = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      came.add(live.add(journal, report(i)));
    }
    assertThat(settled().pending(journal)).isEqualTo(5);
    live.unwrapped(came.get(0), into, held(0), SENT);
    live.unwrapped(came.get(2), new Event.OrdinaryMail());
    Transmissions transmissions = settled();
    assertThat(transmissions.pending(journal)).isEqualTo(3);
    List<Transmissions.Pending> two = transmissions.pending(journal, 0, 2);
    assertThat(two)
        .extracting(Transmissions.Pending::uid)
        .containsExactly(came.get(1).uid(), came.get(3).uid());
    assertThat(two.getFirst().content()).isEqualTo(came.get(1).content());
    assertThat(two.getFirst().source()).isEqualTo(came.get(1).source());
    assertThat(two.getFirst().provenance()).isEqualTo(came.get(1).provenance());
    assertThat(transmissions.pending(journal, two.getLast().uid().value(), 2))
        .extracting(Transmissions.Pending::uid)
        .containsExactly(came.get(4).uid());
    live.unwrapped(came.get(1), new Event.BrokenReport("is odd"));
    live.unwrapped(came.get(3), into, held(3), SENT);
    live.unwrapped(came.get(4), into, held(4), SENT);
    assertThat(settled().pending(journal)).isZero();
    assertThat(live.catalogue().transmissions().counts(ALICE))
        .isEqualTo(
            Map.of(Transmissions.REPORT, 3L, Transmissions.ORDINARY, 1L, Transmissions.BROKEN, 1L));
    assertThat(live.catalogue().transmissions().counts(BOB)).isEmpty();
  }

  @Test
  void whatWasPlacedWithoutBeingToldOfIsKnown() throws IOException {
    Event.Placement first = live.add(journal, report(1));
    live.add(journal, report(2));
    assertThat(settled().placedLast(journal, into)).isEmpty();
    live.unwrapped(first, into, held(1), SENT);
    assertThat(settled().placedLast(journal, into)).isEmpty();
    Event.Placement orphan = live.add(into, held(2));
    live.add(journal, report(3));
    assertThat(settled().placedLast(journal, into)).contains(orphan.content());
  }

  @Test
  void whatIsToldOfAMessageIsToldToThoseWhoSeeTheAccount() throws IOException {
    Event.Placement came = live.add(journal, report(1));
    Event.Placement held = live.unwrapped(came, into, held(1), SENT);
    Event.Placement other = live.add(journal, report(2));
    live.unwrapped(other, new Event.OrdinaryMail());
    Transmissions transmissions = settled();
    int number = live.catalogue().messages().find(held.content()).orElseThrow().number();
    assertThat(transmissions.of(number, Set.of(ALICE, BOB)))
        .singleElement()
        .satisfies(
            unwrapping -> {
              assertThat(unwrapping.came()).isEqualTo(came.content());
              assertThat(unwrapping.event().finding())
                  .isEqualTo(new Event.JournalReport(held.content(), into, SENT));
            });
    assertThat(transmissions.of(number, Set.of(BOB))).isEmpty();
    int outer = live.catalogue().messages().find(other.content()).orElseThrow().number();
    assertThat(transmissions.of(outer, Set.of(ALICE)))
        .singleElement()
        .satisfies(told -> assertThat(told.came()).isEqualTo(other.content()));
  }

  @Test
  void theSameThingToldTwiceIsKeptOnce() throws IOException {
    Event.Placement came = live.add(journal, report(1));
    live.unwrapped(came, new Event.OrdinaryMail());
    live.unwrapped(came, new Event.BrokenReport("is odd"));
    assertThat(settled().found(0, Long.MAX_VALUE)).hasSize(1);
    assertThat(live.catalogue().transmissions().pending(journal)).isZero();
  }

  @Test
  void aCatalogueMadeAnewTellsTheSame() throws IOException {
    for (int i = 0; i < 3; i++) {
      live.unwrapped(live.add(journal, report(i)), into, held(i), SENT);
    }
    live.unwrapped(live.add(journal, report(3)), new Event.BrokenReport("is odd"));
    live.settle();
    Path other = directory.resolve("other.db");
    try (Catalogue anew = Catalogue.open(other)) {
      live.follow(anew);
    }
    assertThat(CatalogueDump.of(other)).isEqualTo(CatalogueDump.of(live.catalogueFile()));
    assertThat(CatalogueDump.of(other).get("unwrapped")).hasSize(4);
  }
}
