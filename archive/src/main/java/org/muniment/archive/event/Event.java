package org.muniment.archive.event;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What happened, as the log records it. Each kind has a type name and a version of its own; the
/// set stays open on disk ([Unknown]) and closed in the program.
public sealed interface Event {

  /// A mailbox of an account was seen for the first time.
  ///
  /// @param account whose it is
  /// @param id its identity in the archive for ever
  /// @param name its full name as the source sent it, hierarchy included
  /// @param delimiter the source's hierarchy delimiter, `""` for a flat name
  /// @param attributes name attributes of RFC 9051 section 7.3.1, such as `\Sent`
  /// @param uidValidity the UIDVALIDITY that the IMAP view shows, not the source's
  record MailboxCreated(
      AccountName account,
      MailboxId id,
      SourceText name,
      String delimiter,
      Set<String> attributes,
      UidValidity uidValidity)
      implements Event {
    public MailboxCreated {
      attributes = Set.copyOf(attributes);
    }
  }

  /// A message was captured at one place: an account, a mailbox, a UID of the source.
  ///
  /// @param content SHA-256 of the octets
  /// @param length number of octets
  /// @param source where it was, in the source's terms
  /// @param uid the UID that the IMAP view shows: the next of its mailbox, given once, never
  ///   counted again
  /// @param internalDate INTERNALDATE (RFC 9051 section 2.3.3), whole seconds
  /// @param flags system flags and keywords at capture
  /// @param provenance how it came
  record Placement(
      AccountName account,
      MailboxId mailbox,
      ContentId content,
      long length,
      SourceId source,
      Uid uid,
      Instant internalDate,
      Set<SourceText> flags,
      Provenance provenance)
      implements Event {
    public Placement {
      flags = Set.copyOf(flags);
    }
  }

  /// What was seen of messages that are in the archive already. Nothing is ever taken away by it.
  /// The sets hold UIDs of the IMAP view and have none in common.
  ///
  /// @param gone no longer in the mailbox, and their octets nowhere else in the account
  /// @param moved no longer in the mailbox, and their octets elsewhere in the account
  /// @param back in the mailbox again after they were not
  /// @param flags what flags some of them have now
  record Observed(
      AccountName account,
      MailboxId mailbox,
      UidRanges gone,
      UidRanges moved,
      UidRanges back,
      List<FlagsOf> flags)
      implements Observation {
    public Observed {
      flags = List.copyOf(flags);
    }

    /// Whether there is nothing to record.
    public boolean isEmpty() {
      return gone.isEmpty() && moved.isEmpty() && back.isEmpty() && flags.isEmpty();
    }
  }

  /// The flags that some messages have.
  ///
  /// @param flags system flags and keywords, all of them
  record FlagsOf(Set<SourceText> flags, UidRanges uids) {
    public FlagsOf {
      flags = Set.copyOf(flags);
    }
  }

  /// How the source lists a mailbox from now on.
  ///
  /// @param name its full name, hierarchy included
  /// @param delimiter hierarchy delimiter, `""` for a flat name
  /// @param attributes name attributes that last, such as `\Sent`
  /// @param subscribed whether the source says so
  /// @param objectId MAILBOXID (RFC 8474), `""` where the source has none
  /// @param listed whether the source lists it at all
  record MailboxObserved(
      AccountName account,
      MailboxId mailbox,
      SourceText name,
      String delimiter,
      Set<String> attributes,
      boolean subscribed,
      String objectId,
      boolean listed)
      implements Observation {
    public MailboxObserved {
      attributes = Set.copyOf(attributes);
    }
  }

  /// What is recorded beside messages and mailboxes and changes nothing that the archive gave.
  sealed interface Observation extends Event
      permits Poll, Observed, MailboxObserved, Matched, Compared, Unwrapped, DeletedAtSource {}

  /// Messages that the source gives other UIDs now are taken for messages that are in the archive
  /// already, because they look the same from outside or have the same [OwnId]. Their places in the
  /// view stay as they are.
  ///
  /// @param uidValidity the generation of the UIDs that the source gives now
  /// @param provisional whether their octets have still to be compared; false where the source
  ///   gives them the same [OwnId]
  record Matched(
      AccountName account,
      MailboxId mailbox,
      UidValidity uidValidity,
      List<UidRun> runs,
      boolean provisional)
      implements Observation {
    public Matched {
      runs = List.copyOf(runs);
    }
  }

  /// Messages whose UIDs follow each other both at the source and in the view.
  ///
  /// @param source UID of the first at the source
  /// @param uid UID of the first in the view
  /// @param count how many, at least 1
  record UidRun(Uid source, Uid uid, long count) {

    /// @throws IllegalArgumentException when the run has no message, or leaves the range of UIDs
    public UidRun {
      if (count < 1 || Math.max(source.value(), uid.value()) > Uid.MAX - count + 1) {
        throw new IllegalArgumentException("a run of " + count + " UIDs");
      }
    }
  }

  /// The octets of messages that were taken for others were compared. The sets hold UIDs of the
  /// view and have none in common.
  ///
  /// @param same they are what they were taken for
  /// @param different they are not; what the source has there is placed anew
  record Compared(AccountName account, MailboxId mailbox, UidRanges same, UidRanges different)
      implements Observation {}

  /// This program deletes mail at the source, or has done so. What is archived stays.
  ///
  /// @param uidValidity the generation of `source`, 0 for a source without UIDs
  /// @param source UIDs at the source, none for a source without UIDs
  /// @param uids the same messages by their UIDs of the view
  record DeletedAtSource(
      AccountName account,
      MailboxId mailbox,
      UidValidity uidValidity,
      UidRanges source,
      UidRanges uids,
      Deletion outcome)
      implements Observation {}

  /// What became of mail that was to be deleted at the source.
  enum Deletion {
    /// The source is about to be told. Without one of the others after it, nobody knows.
    INTENDED,
    /// The source does not list it any more.
    DELETED,
    /// It was spared, or the source has it still.
    KEPT,
    /// It was not deleted, because the source shows something else than what is archived.
    DIFFERENT
  }

  /// A message in a journal mailbox was looked at. Comes after the placement of the message that it
  /// held.
  ///
  /// @param mailbox the journal mailbox
  /// @param uid of the message, in the view
  record Unwrapped(AccountName account, MailboxId mailbox, Uid uid, Finding finding)
      implements Observation {}

  /// What a message in a journal mailbox turned out to be.
  sealed interface Finding {}

  /// A journal report. What it holds was placed in a mailbox of its own.
  ///
  /// @param content the message that it holds
  /// @param into the mailbox where that was placed
  record JournalReport(ContentId content, MailboxId into, Transmission transmission)
      implements Finding {}

  /// Mail that is no journal report and does not claim to be one.
  record OrdinaryMail() implements Finding {}

  /// It claims to be a journal report and is not understood.
  ///
  /// @param reason in a few words
  record BrokenReport(String reason) implements Finding {}

  /// From whom to whom a message was really sent, as a journal report says. Texts are decoded and
  /// without control characters.
  ///
  /// @param sender address, `""` for the null sender
  /// @param onBehalfOf address, `""` for none
  /// @param cut what of the report is missing here, in a few words; `""` for nothing
  record Transmission(String sender, String onBehalfOf, List<Recipient> recipients, String cut) {
    public Transmission {
      recipients = List.copyOf(recipients);
    }
  }

  /// One to whom a message was sent.
  ///
  /// @param addressed how the sender addressed this one
  /// @param address where the message went
  /// @param expanded the list that this one is a member of, `""` for none
  /// @param forwarded the recipient in whose place this one is, `""` for none
  record Recipient(Addressed addressed, String address, String expanded, String forwarded) {}

  /// How a sender addressed a recipient.
  enum Addressed {
    /// By the To field.
    TO,
    /// By the Cc field.
    CC,
    /// By the Bcc field, so that the others do not know.
    BCC,
    /// The reporter does not know.
    UNKNOWN
  }

  /// A capture run of an account ended: the completeness receipt.
  ///
  /// @param started when the run began
  /// @param mailboxes one line per mailbox that the source listed and no rule leaves out
  /// @param excluded mailboxes that a rule leaves out
  /// @param failure the source's own words when the run as a whole failed, why it was ended early,
  ///   `""` otherwise
  /// @param unchanged runs between the receipt before and this one that found what the receipt
  ///   before says, and left none of their own; as far as the program that wrote it ran then
  record Poll(
      AccountName account,
      Instant started,
      List<MailboxReceipt> mailboxes,
      List<Excluded> excluded,
      SourceText failure,
      long unchanged)
      implements Observation {

    /// @throws IllegalArgumentException when `unchanged` is negative
    public Poll {
      mailboxes = List.copyOf(mailboxes);
      excluded = List.copyOf(excluded);
      if (unchanged < 0) {
        throw new IllegalArgumentException(unchanged + " runs");
      }
    }

    /// Whether every UID that the source listed is accounted for and archived or excluded.
    public boolean complete() {
      return failure.octets().isEmpty() && mailboxes.stream().allMatch(MailboxReceipt::complete);
    }
  }

  /// A writer found what a crash had left unfinished at the end of a journal. It was never
  /// acknowledged; its octets were copied to the quarantine folder and cut off.
  ///
  /// @param journal name of the journal, relative to the archive
  /// @param offset where the complete frames end
  /// @param length octets cut off
  /// @param sha256 of the octets cut off, hexadecimal; also the name of the copy
  record Recovery(String journal, long offset, long length, String sha256) implements Event {}

  /// Journals were sealed: everything in them lies in segments now. Repeats what mail clients must
  /// find again in every mailbox, and is never disposed of.
  ///
  /// @param firstJournal number of the first journal that was sealed
  /// @param lastJournal number of the last
  /// @param firstLeaf first leaf in them
  /// @param endLeaf first leaf after them
  /// @param segments what was made of them
  /// @param mailboxes every mailbox of the archive
  record Seal(
      long firstJournal,
      long lastJournal,
      long firstLeaf,
      long endLeaf,
      List<SealedSegment> segments,
      List<MailboxState> mailboxes)
      implements Event {
    public Seal {
      segments = List.copyOf(segments);
      mailboxes = List.copyOf(mailboxes);
    }
  }

  /// A segment as its [Seal] names it.
  ///
  /// @param number of the segment
  /// @param retention class of its messages
  /// @param expires month after which they may go, as 202711, 0 for never
  /// @param length octets of the file
  /// @param sha256 of the file
  /// @param messages number of messages in it
  /// @param parts number of parts in it
  /// @param events number of events in it
  record SealedSegment(
      long number,
      String retention,
      int expires,
      long length,
      ContentId sha256,
      long messages,
      long parts,
      long events) {}

  /// An event of a type or version that this program does not know: kept, verified, skipped.
  ///
  /// @param json the canonical JSON as it stands
  record Unknown(String type, int version, String json) implements Event {}

  /// What a source knows a message by.
  sealed interface SourceId {}

  /// The UID of a message on an IMAP server, in the generation that gave it.
  ///
  /// @param ownId what the server knows the message by in every mailbox of the account; null where
  ///   it does not say
  /// @param matched whether the octets were not fetched from there, but are those that the archive
  ///   had of a message with that id or, for a label, of the message that has the UID
  record SourceUid(UidValidity uidValidity, Uid uid, @Nullable OwnId ownId, boolean matched)
      implements SourceId {
    public SourceUid(UidValidity uidValidity, Uid uid) {
      this(uidValidity, uid, null, false);
    }
  }

  /// The id that an IMAP server gives a message itself, the same in every mailbox of the account.
  ///
  /// @param kind `EMAILID` (RFC 8474 section 5.1) or `X-GM-MSGID` (Gmail)
  /// @param value as the server wrote it, 1 to 255 of `A-Z a-z 0-9 _ -`
  record OwnId(String kind, String value) {}

  /// The unique-id of a message on a POP3 server (RFC 1939 section 7).
  record Uidl(SourceText uniqueId) implements SourceId {}

  /// A message that came out of a file.
  ///
  /// @param format of the file: `mbox` as it is, `mboxrd` and `mboxo` with the quoting of From_
  ///   lines undone, `maildir`, `eml`, `pst`
  /// @param path of the file below what was imported
  /// @param synthetic whether the octets were made up by the import, because the file does not hold
  ///   the message as it was sent
  record ImportedFrom(String format, SourceText path, boolean synthetic) implements SourceId {}

  /// How a message came.
  ///
  /// @param protocol `imap`, `pop3`, `import`
  /// @param host the server's name, or `""`
  /// @param user the name signed in with, or `""`
  record Provenance(String protocol, String host, String user) {}

  /// A mailbox that is not captured.
  ///
  /// @param rule the pattern that leaves it out, or what else it is
  record Excluded(SourceText name, String rule) {}

  /// One mailbox in a [Poll]: what the source listed and what became of it.
  ///
  /// @param source how the source described the mailbox
  /// @param listed messages in the source's listing; equals archived + excluded + vanished + failed
  /// @param archived those of the listing that are in the archive, now or since an earlier run
  /// @param added those of them that this run archived
  /// @param excluded those left out by a rule
  /// @param vanished those that were gone when they were fetched
  /// @param provisional those of the archived that look like messages in the archive and whose
  ///   octets have still to be compared
  /// @param failed those that could not be fetched, each with the reason
  /// @param reconciled when all UIDs and flags were last compared, whatever the source says has
  ///   changed; null when they never were
  /// @param failure why the mailbox as a whole could not be read, `""` otherwise
  /// @param journal what became of what had come, null where the mailbox is no journal mailbox
  record MailboxReceipt(
      MailboxId mailbox,
      Described source,
      long listed,
      long archived,
      long added,
      long excluded,
      long vanished,
      long provisional,
      List<FailedMessage> failed,
      @Nullable Instant reconciled,
      SourceText failure,
      @Nullable JournalReceipt journal) {
    public MailboxReceipt {
      failed = List.copyOf(failed);
    }

    /// That of a mailbox that is no journal mailbox.
    public MailboxReceipt(
        MailboxId mailbox,
        Described source,
        long listed,
        long archived,
        long added,
        long excluded,
        long vanished,
        long provisional,
        List<FailedMessage> failed,
        @Nullable Instant reconciled,
        SourceText failure) {
      this(
          mailbox,
          source,
          listed,
          archived,
          added,
          excluded,
          vanished,
          provisional,
          failed,
          reconciled,
          failure,
          null);
    }

    /// The same receipt with what became of what had come.
    public MailboxReceipt with(@Nullable JournalReceipt of) {
      return new MailboxReceipt(
          mailbox,
          source,
          listed,
          archived,
          added,
          excluded,
          vanished,
          provisional,
          failed,
          reconciled,
          failure,
          of);
    }

    /// Whether nothing of the mailbox is missing.
    public boolean complete() {
      return failed.isEmpty()
          && provisional == 0
          && failure.octets().isEmpty()
          && (journal == null || journal.pending() == 0)
          && listed == archived + excluded + vanished;
    }
  }

  /// What a run found in a journal mailbox.
  ///
  /// @param reports journal reports that it unwrapped
  /// @param ordinary mail that is no journal report
  /// @param broken what claims to be a journal report and is not understood
  /// @param pending messages that were not looked at yet
  /// @param reason why not, `""` when there are none
  record JournalReceipt(
      long reports, long ordinary, long broken, long pending, SourceText reason) {}

  /// A mailbox as its source describes it.
  ///
  /// @param uidNextBefore UIDNEXT when the run looked first, 0 when the source did not say
  /// @param uidNext UIDNEXT when it looked last, 0 when the source did not say
  /// @param modSeq HIGHESTMODSEQ (RFC 7162) up to which everything was observed, 0 for none
  record Described(UidValidity uidValidity, long uidNextBefore, long uidNext, long modSeq) {}

  /// A message that could not be archived, and why.
  ///
  /// @param source what the source knows it by; a UID is of the generation of its receipt
  /// @param attempts how often it was tried
  /// @param nextTry not before this
  record FailedMessage(SourceId source, SourceText reason, long attempts, Instant nextTry) {}
}
