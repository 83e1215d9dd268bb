package org.muniment.archive.event;

import java.time.Instant;
import java.util.List;
import java.util.Set;

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
  /// @param source where it was
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
      SourceUid source,
      Uid uid,
      Instant internalDate,
      Set<SourceText> flags,
      Provenance provenance)
      implements Event {
    public Placement {
      flags = Set.copyOf(flags);
    }
  }

  /// A capture run of an account ended: the completeness receipt.
  ///
  /// @param started when the run began
  /// @param mailboxes one line per mailbox that the source listed and no rule leaves out
  /// @param excluded names of the mailboxes that a rule leaves out
  /// @param failure the source's own words when the run as a whole failed, why it was ended early,
  ///   `""` otherwise
  /// @param unchanged runs between the receipt before and this one that found what the receipt
  ///   before says, and left none of their own; as far as the program that wrote it ran then
  record Poll(
      AccountName account,
      Instant started,
      List<MailboxReceipt> mailboxes,
      List<SourceText> excluded,
      SourceText failure,
      long unchanged)
      implements Event {

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

  /// The UID of a message at its source, in the generation that gave it.
  record SourceUid(UidValidity uidValidity, Uid uid) {}

  /// How a message came.
  ///
  /// @param protocol `imap`, `pop3`, `import`
  /// @param host the server's name, or `""`
  /// @param user the name signed in with, or `""`
  record Provenance(String protocol, String host, String user) {}

  /// One mailbox in a [Poll]: what the source listed and what became of it.
  ///
  /// @param listed UIDs in the source's listing; equals archived + excluded + vanished + failed
  /// @param archived UIDs of the listing that are in the archive, now or since an earlier run
  /// @param added those of them that this run archived
  /// @param excluded UIDs left out by a rule
  /// @param vanished UIDs that were gone when they were fetched
  /// @param failed UIDs that could not be fetched, each with the reason
  /// @param failure why the mailbox as a whole could not be read, `""` otherwise
  record MailboxReceipt(
      MailboxId mailbox,
      UidValidity uidValidity,
      long listed,
      long archived,
      long added,
      long excluded,
      long vanished,
      List<FailedUid> failed,
      SourceText failure) {
    public MailboxReceipt {
      failed = List.copyOf(failed);
    }

    /// Whether nothing of the mailbox is missing.
    public boolean complete() {
      return failed.isEmpty()
          && failure.octets().isEmpty()
          && listed == archived + excluded + vanished;
    }
  }

  /// A UID that could not be archived, and why.
  record FailedUid(Uid uid, SourceText reason) {}
}
