package org.muniment.indexer.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.BOB;
import static org.muniment.indexer.LiveArchive.SOURCE;
import static org.muniment.indexer.LiveArchive.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.indexer.LiveArchive;

class ObservationsTest {

  @TempDir Path folder;
  private LiveArchive live;
  private Catalogue catalogue;
  private MailboxId inbox;

  @BeforeEach
  void fill() throws IOException {
    live = new LiveArchive(folder);
    catalogue = live.catalogue();
    inbox = live.mailbox(ALICE, "INBOX");
    for (int i = 1; i <= 5; i++) {
      live.add(inbox, mail("a@example.com", "message " + i, "x"));
    }
    live.settle();
  }

  @AfterEach
  void close() throws IOException {
    live.close();
  }

  @Test
  void flagsAreThoseLastObservedAndUnseenIsCountedAnew() throws IOException {
    assertThat(mailbox().unseen()).isEqualTo(5);
    observe("", "", "", flags("2:4", "\\Seen"), flags("5", "\\Flagged", "work"));
    observe("", "", "", flags("3", "\\Answered"));
    assertThat(mailbox().unseen()).isEqualTo(3);
    assertThat(rows())
        .extracting(row -> row.flags().stream().map(SourceText::display).sorted().toList())
        .containsExactly(
            List.of(),
            List.of("\\Seen"),
            List.of("\\Answered"),
            List.of("\\Seen"),
            List.of("\\Flagged", "work"));
  }

  @Test
  void whatIsMissedStaysAndSaysSinceWhenAndWhetherItMoved() throws IOException {
    observe("1:2", "4", "");
    observe("", "", "2");
    List<Row> rows = rows();
    assertThat(rows).hasSize(5);
    assertThat(rows.get(0).absence()).isNotNull().returns(false, Absence::moved);
    assertThat(rows.get(1).absence()).isNull();
    assertThat(rows.get(3).absence()).isNotNull().returns(true, Absence::moved);
    assertThat(mailbox().messages()).isEqualTo(5);
    assertThat(catalogue.sources().there(inbox, SOURCE)).hasToString("6,9,15");
    assertThat(catalogue.sources().archived(inbox, SOURCE).size()).isEqualTo(5);
    assertThat(
            catalogue.sources().known(inbox, SOURCE, List.of(new Uid(3), new Uid(6), new Uid(7))))
        .extracting(known -> known.source() + " " + known.uid() + " " + known.there())
        .containsExactlyInAnyOrder("3 1 false", "6 2 true");
    assertThat(catalogue.sources().thereInView(inbox)).hasToString("2:3,5");
  }

  @Test
  void aMailboxShowsWhatIsAskedForAndCountsIt() throws IOException {
    observe("1:2", "4", "");
    observe("", "", "", flags("2:3", "\\Seen"));
    assertThat(shown(Shown.ALL)).isEqualTo("1:5");
    assertThat(shown(Shown.NOT_MOVED)).isEqualTo("1:3,5");
    assertThat(shown(Shown.THERE)).isEqualTo("3,5");
    long length = rows().getFirst().length();
    assertThat(mailbox().counts(Shown.ALL)).isEqualTo(new Counts(5, 3, 5 * length));
    assertThat(mailbox().counts(Shown.NOT_MOVED)).isEqualTo(new Counts(4, 2, 4 * length));
    assertThat(mailbox().counts(Shown.THERE)).isEqualTo(new Counts(2, 1, 2 * length));
    assertThat(catalogue.messages().firstUnseen(mailbox(), Shown.THERE, new Uid(1), new Uid(5)))
        .hasValue(new Uid(5));
    assertThat(catalogue.messages().unseen(mailbox(), Shown.NOT_MOVED, new Uid(2), new Uid(5)))
        .isEqualTo(1);

    live.add(inbox, mail("a@example.com", "message 6", "x"));
    observe("5", "1", "4");
    observe("", "", "", flags("1", "\\Seen"));
    assertThat(shown(Shown.ALL)).isEqualTo("1:6");
    assertThat(shown(Shown.NOT_MOVED)).isEqualTo("2:6");
    assertThat(shown(Shown.THERE)).isEqualTo("3:4,6");
    assertThat(mailbox().counts(Shown.NOT_MOVED)).isEqualTo(new Counts(5, 3, 5 * length));
    assertThat(mailbox().counts(Shown.THERE)).isEqualTo(new Counts(3, 2, 3 * length));
  }

  private String shown(Shown shown) {
    return catalogue.mailboxes().snapshot(inbox, shown).orElseThrow().uids().ranges().toString();
  }

  @Test
  void whatChangedIsFoundByTheEventThatTouchedIt() throws IOException {
    long captured = mailbox().changed();
    assertThat(rows()).extracting(Row::changed).isSorted().last().isEqualTo(captured);
    long from = live.archive().size();
    observe("1", "2", "", flags("4", "\\Seen"));
    assertThat(mailbox().changed()).isEqualTo(from);
    assertThat(catalogue.mailboxes().changes(mailbox(), Shown.NOT_MOVED, from))
        .hasToString("Changes[here=1,4, left=2]");
    assertThat(catalogue.mailboxes().changes(mailbox(), Shown.THERE, from))
        .hasToString("Changes[here=4, left=1:2]");
    assertThat(catalogue.mailboxes().changes(mailbox(), Shown.ALL, from + 1))
        .isEqualTo(Changes.NONE);
  }

  @Test
  void aMailboxIsFoundByTheNameItHasNow() throws IOException {
    observe("", "", "");
    live.writer()
        .append(
            new Event.MailboxObserved(
                ALICE, inbox, SourceText.of("Post"), ".", Set.of("\\Sent"), false, "M7", true));
    live.settle();
    Mailbox renamed = catalogue.mailboxes().find(ALICE, SourceText.of("Post")).orElseThrow();
    assertThat(renamed.id()).isEqualTo(inbox);
    assertThat(renamed.delimiter()).isEqualTo(".");
    assertThat(renamed.attributes()).containsExactly("\\Sent");
    assertThat(renamed.subscribed()).isFalse();
    assertThat(renamed.objectId()).isEqualTo("M7");
    assertThat(renamed.listed()).isTrue();
    assertThat(catalogue.mailboxes().find(ALICE, SourceText.of("INBOX"))).isEmpty();
  }

  @Test
  void octetsElsewhereAreThoseOfTheSameAccountThatAreStillThere() throws IOException {
    MailboxId other = live.mailbox(ALICE, "Other");
    MailboxId bobs = live.mailbox(BOB, "INBOX");
    live.add(other, mail("a@example.com", "message 1", "x"));
    live.add(other, mail("a@example.com", "message 2", "x"));
    live.add(bobs, mail("a@example.com", "message 3", "x"));
    live.settle();
    live.writer().append(observed(other, "2", "", ""));
    live.settle();
    assertThat(catalogue.sources().elsewhere(inbox, List.of(new Uid(1), new Uid(2), new Uid(3))))
        .containsOnlyKeys(new Uid(1))
        .containsValue(List.of(new Sources.Elsewhere(other, new Uid(1))));
  }

  @Test
  void whateverNamesAMessageAtItsSourceIsKept() throws IOException {
    List<Event.SourceId> sources =
        List.of(
            new Event.Uidl(SourceText.of("a b")),
            new Event.ImportedFrom("mbox", SourceText.of("old/box"), false),
            new Event.ImportedFrom("pst", SourceText.of("x.pst"), true));
    byte[] octets =
        mail("b@example.com", "one and the same", "x").getBytes(StandardCharsets.US_ASCII);
    for (Event.SourceId source : sources) {
      live.writer()
          .append(
              Octets.of(octets),
              ALICE,
              inbox,
              source,
              LiveArchive.DAY,
              Set.of(),
              new Event.Provenance("import", "", ""));
    }
    live.settle();
    int message =
        catalogue.messages().rows(mailbox(), new Uid(6), new Uid(6), false).getFirst().message();
    assertThat(catalogue.messages().places(List.of(message)).get(message))
        .extracting(Place::source)
        .containsExactlyElementsOf(sources);
  }

  @Test
  void messagesOfAPop3ServerAreFoundByUniqueIdAndByOctets() throws IOException {
    String same = mail("b@example.com", "one and the same", "x");
    List<Event.Placement> placements = new ArrayList<>();
    for (Event.SourceId source :
        List.of(
            new Event.Uidl(SourceText.of("a")),
            new Event.Uidl(SourceText.of("b")),
            new Event.Uidl(SourceText.of("a")),
            new Event.ImportedFrom("mbox", SourceText.of("a"), false))) {
      placements.add(
          live.writer()
              .append(
                  Octets.of(same.getBytes(StandardCharsets.US_ASCII)),
                  ALICE,
                  inbox,
                  source,
                  LiveArchive.DAY,
                  Set.of(),
                  new Event.Provenance("pop3", "", "")));
    }
    live.settle();
    observe("7", "", "");
    Sources sources = catalogue.sources();
    assertThat(sources.uniqueIds(inbox, List.of(SourceText.of("a"), SourceText.of("c"))))
        .extracting(known -> known.uniqueId().octets() + " " + known.uid() + " " + known.there())
        .containsExactlyInAnyOrder("a 6 true", "a 8 true");
    assertThat(sources.uniqueIds(inbox, placements.getFirst().content()))
        .extracting(known -> known.uid() + " " + known.there())
        .containsExactly("6 true", "7 false", "8 true");
    assertThat(sources.uniqueIdsThere(inbox)).hasToString("6,8");
    assertThat(sources.thereInView(inbox)).hasToString("1:5");
  }

  @Test
  void anIdOfTheSourceFindsItsMessageUnlessItWasGivenToOthers() throws IOException {
    MailboxId bobs = live.mailbox(BOB, "INBOX");
    Event.OwnId one = new Event.OwnId("EMAILID", "1");
    Event.OwnId two = new Event.OwnId("EMAILID", "2");
    Event.OwnId gmail = new Event.OwnId("X-GM-MSGID", "1");
    Event.Placement first = identified(inbox, 100, one, "message one");
    identified(inbox, 101, one, "message one");
    identified(inbox, 102, two, "message two");
    identified(inbox, 103, gmail, "message three");
    identified(bobs, 100, one, "another of Bob");
    live.settle();
    List<Event.OwnId> all = List.of(one, two, gmail, new Event.OwnId("EMAILID", "3"));
    assertThat(catalogue.ownIds().find(ALICE, all))
        .containsOnlyKeys(one, two, gmail)
        .containsEntry(
            one, new OwnIds.Known(first.content(), first.length(), first.internalDate()));
    assertThat(catalogue.ownIds().find(BOB, all)).containsOnlyKeys(one);

    identified(inbox, 104, two, "message four");
    identified(inbox, 105, two, "message two");
    live.settle();
    assertThat(catalogue.ownIds().find(ALICE, all)).containsOnlyKeys(one, gmail);
    assertThat(catalogue.sources().contents(inbox, SOURCE, List.of(new Uid(100), new Uid(99))))
        .containsOnlyKeys(new Uid(100))
        .containsValue(new OwnIds.Known(first.content(), first.length(), first.internalDate()));
    assertThat(catalogue.sources().others(inbox, SOURCE, List.of(first.content()))).isEmpty();
    observe("7", "", "");
    assertThat(catalogue.sources().others(inbox, SOURCE, List.of(first.content())))
        .containsExactly(new Sources.Other(new Uid(7), first.content()));
  }

  private Event.Placement identified(MailboxId mailbox, long uid, Event.OwnId id, String subject)
      throws IOException {
    return live.writer()
        .append(
            Octets.of(mail("a@example.com", subject, "x").getBytes(StandardCharsets.US_ASCII)),
            mailbox.equals(inbox) ? ALICE : BOB,
            mailbox,
            new Event.SourceUid(SOURCE, new Uid(uid), id, false),
            LiveArchive.DAY,
            Set.of(),
            new Event.Provenance("imap", "", ""));
  }

  @Test
  void aMailboxIsShownAsItWasAtAPositionOfTheLog() throws Exception {
    long captured = live.archive().size();
    observe("", "", "", flags("2", "\\Seen"));
    Thread.sleep(2);
    long seen = live.archive().size();
    Instant between = Instant.now();
    Thread.sleep(2);
    observe("1", "2", "", flags("3", "\\Flagged"));
    live.add(inbox, mail("a@example.com", "message 6", "x"));
    live.settle();

    assertThat(past(captured - 1)).containsExactly("1 []", "2 []", "3 []", "4 []");
    assertThat(past(captured)).containsExactly("1 []", "2 []", "3 []", "4 []", "5 []");
    assertThat(past(seen)).containsExactly("1 []", "2 [\\Seen]", "3 []", "4 []", "5 []");
    assertThat(past(Past.NOW))
        .containsExactly("1 [] gone", "2 [\\Seen] moved", "3 [\\Flagged]", "4 []", "5 []", "6 []");
    assertThat(Past.position(live.archive(), between)).isEqualTo(seen);
    assertThat(Past.position(live.archive(), Instant.EPOCH)).isZero();
    assertThat(Past.position(live.archive(), Instant.now().plusSeconds(9)))
        .isEqualTo(live.archive().size());
  }

  private List<String> past(long position) {
    return catalogue.past().rows(mailbox(), position, 0).stream()
        .map(
            then ->
                then.uid()
                    + " "
                    + then.flags().stream().map(SourceText::octets).sorted().toList()
                    + (then.there() ? "" : then.moved() ? " moved" : " gone"))
        .toList();
  }

  @Test
  void theCatalogueMadeAnewSaysTheSame() throws IOException {
    observe("1:2", "4", "", flags("3", "\\Seen"));
    observe("", "", "1");
    try (Catalogue anew = Catalogue.open(folder.resolve("anew.db"))) {
      live.follow(anew);
      assertThat(
              anew.messages()
                  .rows(anew.mailboxes().find(inbox).orElseThrow(), new Uid(1), new Uid(9), false))
          .isEqualTo(rows());
      assertThat(anew.mailboxes().find(inbox)).hasValue(mailbox());
    }
  }

  @Test
  void whatMayBeDeletedIsOldArchivedThereAndNotProvisional() throws IOException {
    long receipt = live.archive().size();
    assertThat(due(receipt, Duration.ZERO)).hasToString("1:5");
    assertThat(due(receipt - 1, Duration.ZERO)).hasToString("1:4");
    assertThat(due(receipt, Duration.ofMinutes(-1))).hasToString("");
    Instant date = LiveArchive.DAY;
    assertThat(uids(new Deletions.Due(receipt, date.minusSeconds(1), date))).hasToString("");

    observe("1", "2", "");
    live.writer()
        .append(
            new Event.Matched(
                ALICE, inbox, SOURCE, List.of(new Event.UidRun(new Uid(9), new Uid(3), 1)), true));
    live.settle();
    assertThat(due(receipt, Duration.ZERO)).hasToString("4:5");
    live.writer().append(new Event.Compared(ALICE, inbox, uids("3"), UidRanges.EMPTY));
    live.settle();
    assertThat(due(receipt, Duration.ZERO)).hasToString("3:5");
  }

  @Test
  void whatWasDeletedAtTheSourceStaysAndSaysWhoDidIt() throws IOException {
    observe("1", "", "");
    deleted("2:3", Event.Deletion.INTENDED);
    assertThat(catalogue.deletions().intended(inbox))
        .extracting(message -> message.uid() + " " + message.source() + " " + message.intended())
        .containsExactly(
            "2 " + new Event.SourceUid(SOURCE, new Uid(6)) + " true",
            "3 " + new Event.SourceUid(SOURCE, new Uid(9)) + " true");
    assertThat(rows().get(1).absence()).isNull();
    deleted("2", Event.Deletion.DELETED);
    deleted("3", Event.Deletion.KEPT);
    deleted("4", Event.Deletion.DIFFERENT);

    assertThat(catalogue.deletions().intended(inbox)).isEmpty();
    assertThat(catalogue.deletions().deleted(ALICE)).isEqualTo(1);
    assertThat(catalogue.deletions().deleted(BOB)).isZero();
    assertThat(rows().get(0).absence()).isNotNull().returns(false, Absence::deletedByArchive);
    assertThat(rows().get(1).absence()).isNotNull().returns(true, Absence::deletedByArchive);
    assertThat(rows().get(2).absence()).isNull();
    assertThat(catalogue.sources().there(inbox, SOURCE)).hasToString("9,12,15");
    long receipt = live.archive().size();
    assertThat(due(receipt, Duration.ZERO)).hasToString("5");
    assertThat(due(receipt, Duration.ofDays(1))).hasToString("3,5");

    observe("", "", "2");
    assertThat(rows().get(1).absence()).isNull();
    assertThat(catalogue.deletions().deleted(ALICE)).isZero();
    assertThat(due(receipt, Duration.ZERO)).hasToString("2,5");
    try (Catalogue anew = Catalogue.open(folder.resolve("anew.db"))) {
      live.follow(anew);
      assertThat(
              anew.messages()
                  .rows(anew.mailboxes().find(inbox).orElseThrow(), new Uid(1), new Uid(9), false))
          .isEqualTo(rows());
    }
  }

  private void deleted(String uids, Event.Deletion outcome) throws IOException {
    UidRanges view = uids(uids);
    live.writer()
        .append(new Event.DeletedAtSource(ALICE, inbox, SOURCE, UidRanges.EMPTY, view, outcome));
    live.settle();
  }

  /// By what was archived up to now and `later`.
  private UidRanges due(long receipt, Duration later) {
    Instant now = Instant.now().plus(later);
    return uids(new Deletions.Due(receipt, now, now.minus(Duration.ofHours(12))));
  }

  private UidRanges uids(Deletions.Due due) {
    UidRanges.Builder uids = new UidRanges.Builder();
    long after = 0;
    List<Deletions.Deletable> page = catalogue.deletions().due(inbox, due, after, 2);
    while (!page.isEmpty()) {
      page.forEach(message -> uids.accept(message.uid().value()));
      page = catalogue.deletions().due(inbox, due, page.getLast().uid().value(), 2);
    }
    return uids.build();
  }

  private Mailbox mailbox() {
    return catalogue.mailboxes().find(inbox).orElseThrow();
  }

  private List<Row> rows() {
    return catalogue.messages().rows(mailbox(), new Uid(1), new Uid(100), false);
  }

  private void observe(String gone, String moved, String back, Event.FlagsOf... flags)
      throws IOException {
    live.writer().append(observed(inbox, gone, moved, back, flags));
    live.settle();
  }

  private static Event.Observed observed(
      MailboxId mailbox, String gone, String moved, String back, Event.FlagsOf... flags) {
    return new Event.Observed(ALICE, mailbox, uids(gone), uids(moved), uids(back), List.of(flags));
  }

  private static Event.FlagsOf flags(String uids, String... flags) {
    return new Event.FlagsOf(
        Arrays.stream(flags).map(SourceText::of).collect(Collectors.toSet()), uids(uids));
  }

  private static UidRanges uids(String set) {
    return set.isEmpty() ? UidRanges.EMPTY : UidRanges.parse(set, 100);
  }
}
