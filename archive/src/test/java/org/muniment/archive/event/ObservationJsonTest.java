package org.muniment.archive.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ObservationJsonTest {

  private static final AccountName ALICE = new AccountName("alice");
  private static final MailboxId MAILBOX = new MailboxId("0123456789abcdef");
  private static final SourceText NAME = new SourceText("Entw&APw-rfe", "Entw\u00fcrfe");

  @Test
  void whatWasSeenOfMessagesComesBackAsItWas() {
    Event.Observed observed =
        new Event.Observed(
            ALICE,
            MAILBOX,
            uids("1:3,9"),
            UidRanges.EMPTY,
            uids("4294967295"),
            List.of(
                new Event.FlagsOf(Set.of(), uids("5")),
                new Event.FlagsOf(
                    Set.of(SourceText.of("\\Seen"), SourceText.of(new byte[] {(byte) 0xFF})),
                    uids("6:7"))));
    assertThat(EventJson.read(EventJson.write(observed))).isEqualTo(observed);
    assertThat(EventJson.type(observed)).isEqualTo("observe");
    assertThat(EventJson.changesState(EventJson.type(observed))).isFalse();
    assertThat(observed.isEmpty()).isFalse();
  }

  @Test
  void whatWasSeenOfAMailboxComesBackAsItWas() {
    Event.MailboxObserved mailbox =
        new Event.MailboxObserved(
            ALICE, MAILBOX, NAME, ".", Set.of("\\Drafts"), false, "F2212ea87-6097", true);
    assertThat(EventJson.read(EventJson.write(mailbox))).isEqualTo(mailbox);
    assertThat(EventJson.type(mailbox)).isEqualTo("observe-mailbox");
    assertThat(EventJson.changesState(EventJson.type(mailbox))).isFalse();
  }

  @Test
  void whatWasMatchedAndComparedComesBackAsItWas() {
    Event.Matched matched =
        new Event.Matched(
            ALICE,
            MAILBOX,
            new UidValidity(8),
            List.of(
                new Event.UidRun(new Uid(1), new Uid(11), 500),
                new Event.UidRun(new Uid(Uid.MAX), new Uid(1), 1)),
            true);
    assertThat(EventJson.read(EventJson.write(matched))).isEqualTo(matched);
    Event.Compared compared = new Event.Compared(ALICE, MAILBOX, uids("1:5"), uids("7"));
    assertThat(EventJson.read(EventJson.write(compared))).isEqualTo(compared);
    assertThatThrownBy(() -> new Event.UidRun(new Uid(Uid.MAX), new Uid(1), 2))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatWasDeletedAtTheSourceComesBackAsItWas() {
    for (Event.Deletion outcome : Event.Deletion.values()) {
      Event.DeletedAtSource deleted =
          new Event.DeletedAtSource(
              ALICE, MAILBOX, new UidValidity(8), uids("101:103"), uids("1,4:5"), outcome);
      assertThat(EventJson.read(EventJson.write(deleted))).isEqualTo(deleted);
      assertThat(EventJson.type(deleted)).isEqualTo("delete-at-source");
      assertThat(EventJson.changesState(EventJson.type(deleted))).isFalse();
    }
    Event.DeletedAtSource overPop3 =
        new Event.DeletedAtSource(
            ALICE,
            MAILBOX,
            new UidValidity(0),
            UidRanges.EMPTY,
            uids("7"),
            Event.Deletion.INTENDED);
    assertThat(EventJson.read(EventJson.write(overPop3))).isEqualTo(overPop3);
  }

  @Test
  void everyIdOfASourceComesBackAsItWas() {
    for (Event.SourceId source :
        List.of(
            new Event.SourceUid(new UidValidity(Uid.MAX), new Uid(1)),
            new Event.SourceUid(
                new UidValidity(7), new Uid(1), new Event.OwnId("EMAILID", "M-1_a"), false),
            new Event.SourceUid(
                new UidValidity(7), new Uid(1), new Event.OwnId("X-GM-MSGID", "12"), true),
            new Event.SourceUid(new UidValidity(7), new Uid(1), null, true),
            new Event.Uidl(SourceText.of("whqtswO00WBw418f9t5JxYwZ")),
            new Event.ImportedFrom("pst", NAME, true))) {
      Event.Placement placement =
          new Event.Placement(
              ALICE,
              MAILBOX,
              ContentId.parse("0".repeat(64)),
              0,
              source,
              new Uid(1),
              Instant.EPOCH,
              Set.of(),
              new Event.Provenance("import", "", ""));
      assertThat(EventJson.read(EventJson.write(placement))).isEqualTo(placement);
    }
  }

  @Test
  void aReceiptOfBeforeSomeMembersWereThoughtOfIsRead() {
    String receipt =
        """
        {"account":"alice","excluded":[{"display":"Trash","octets":"VHJhc2g="}],\
        "failure":{"display":"","octets":""},"mailboxes":[{"added":1,"archived":1,"excluded":0,\
        "failed":[{"reason":{"display":"","octets":""},"uid":9}],\
        "failure":{"display":"","octets":""},"listed":2,"mailbox":"0123456789abcdef",\
        "uidValidity":7,"vanished":0}],"started":"2026-01-01T00:00:00.000Z","type":"poll","v":1}""";
    Event.Poll poll = (Event.Poll) EventJson.read(receipt.getBytes(UTF_8));
    assertThat(poll.excluded()).containsExactly(new Event.Excluded(SourceText.of("Trash"), ""));
    Event.MailboxReceipt mailbox = poll.mailboxes().getFirst();
    assertThat(mailbox.source()).isEqualTo(new Event.Described(new UidValidity(7), 0, 0, 0));
    assertThat(mailbox.reconciled()).isNull();
    assertThat(mailbox.failed())
        .containsExactly(
            new Event.FailedMessage(
                new Event.SourceUid(new UidValidity(7), new Uid(9)),
                SourceText.of(""),
                1,
                Instant.EPOCH));
  }

  @Test
  void aFailedMessageIsNamedAsItsSourceNamesIt() {
    UidValidity generation = new UidValidity(7);
    for (Event.SourceId source :
        List.of(
            new Event.SourceUid(generation, new Uid(9)),
            new Event.Uidl(SourceText.of("whqtswO00WBw418f9t5JxYwZ")),
            new Event.ImportedFrom("mbox", SourceText.of("old/2009.mbox"), false))) {
      Event.Poll poll =
          new Event.Poll(
              new AccountName("alice"),
              Instant.EPOCH,
              List.of(
                  new Event.MailboxReceipt(
                      new MailboxId("0123456789abcdef"),
                      new Event.Described(generation, 0, 0, 0),
                      1,
                      0,
                      0,
                      0,
                      0,
                      0,
                      List.of(
                          new Event.FailedMessage(source, SourceText.of("no"), 2, Instant.EPOCH)),
                      null,
                      SourceText.of(""))),
              List.of(),
              SourceText.of(""),
              0);
      assertThat(EventJson.read(EventJson.write(poll))).isEqualTo(poll);
    }
  }

  @Test
  void whatAJournalMailboxHoldsIsReadAsItWasWritten() {
    for (Event.Finding finding :
        List.of(
            new Event.OrdinaryMail(),
            new Event.BrokenReport("is wrapped in TNEF"),
            new Event.JournalReport(
                ContentId.of(new byte[32]),
                new MailboxId("0123456789abcdee"),
                new Event.Transmission(
                    "anna@example.com",
                    "",
                    List.of(
                        new Event.Recipient(Event.Addressed.BCC, "d@example.org", "", ""),
                        new Event.Recipient(
                            Event.Addressed.UNKNOWN, "e@example.org", "l@x", "f@x")),
                    "the text of the report is cut")))) {
      Event.Unwrapped unwrapped =
          new Event.Unwrapped(
              new AccountName("alice"), new MailboxId("0123456789abcdef"), new Uid(9), finding);
      assertThat(EventJson.read(EventJson.write(unwrapped))).isEqualTo(unwrapped);
      assertThat(EventJson.type(unwrapped)).isEqualTo("unwrap");
    }
  }

  @Test
  void anUnwrapEventIsWrittenAsDocumented() {
    Event.Unwrapped unwrapped =
        new Event.Unwrapped(
            new AccountName("alice"),
            new MailboxId("0123456789abcdef"),
            new Uid(9),
            new Event.JournalReport(
                ContentId.of(new byte[32]),
                new MailboxId("0123456789abcdee"),
                new Event.Transmission(
                    "anna@example.com",
                    "",
                    List.of(new Event.Recipient(Event.Addressed.BCC, "d@example.org", "l@x", "")),
                    "")));
    assertThat(new String(EventJson.write(unwrapped), UTF_8))
        .isEqualTo(
            """
            {"account":"alice","content":"%s","cut":"","into":"0123456789abcdee",\
            "mailbox":"0123456789abcdef","onBehalfOf":"","recipients":[{"address":"d@example.org",\
            "as":"bcc","expanded":"l@x"}],"result":"report","sender":"anna@example.com",\
            "type":"unwrap","uid":9,"v":1}"""
                .formatted("0".repeat(64)));
  }

  @Test
  void aReceiptSaysWhatCameToAJournalMailboxAndIsNotCompleteWhileSomeIsNotUnwrapped() {
    for (long pending : new long[] {0, 3}) {
      Event.MailboxReceipt mailbox =
          new Event.MailboxReceipt(
                  new MailboxId("0123456789abcdef"),
                  new Event.Described(new UidValidity(7), 0, 0, 0),
                  5,
                  5,
                  5,
                  0,
                  0,
                  0,
                  List.of(),
                  null,
                  SourceText.of(""))
              .with(new Event.JournalReceipt(2, 1, 1, pending, SourceText.of("why")));
      Event.Poll poll =
          new Event.Poll(
              new AccountName("alice"),
              Instant.EPOCH,
              List.of(mailbox),
              List.of(),
              SourceText.of(""),
              0);
      assertThat(EventJson.read(EventJson.write(poll))).isEqualTo(poll);
      assertThat(poll.complete()).isEqualTo(pending == 0);
    }
  }

  @Test
  void setsThatAreNoSequenceSetsAreNoEvent() {
    for (String gone : List.of("1,", "0", "*", "1:x", "4294967296", " 1")) {
      String json =
          """
          {"account":"alice","back":"","flags":[],"gone":"%s","mailbox":"0123456789abcdef",\
          "moved":"","type":"observe","v":1}"""
              .formatted(gone);
      assertThatThrownBy(() -> EventJson.read(json.getBytes(UTF_8)))
          .as(gone)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static UidRanges uids(String sequenceSet) {
    return UidRanges.parse(sequenceSet, 100);
  }
}
