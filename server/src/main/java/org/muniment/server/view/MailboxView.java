package org.muniment.server.view;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.mail.ListedFields;

/// A mailbox at one moment. Messages are numbered 1 to [#exists()] by ascending UID; which there
/// are does not change. Shared between sessions: holds UIDs only.
public interface MailboxView {

  /// What a mailbox stands for.
  enum Kind {
    /// A mailbox of a source.
    SOURCE,
    /// Messages of several mailboxes. What has left is not remembered, so that there are no MODSEQs
    /// for clients (RFC 7162 section 3.1.2.2).
    VIRTUAL,
    /// A mailbox of a source as it was; without MODSEQs, and nothing can be changed.
    PAST;

    /// Whether MODSEQs are told and asked for.
    public boolean hasModSeq() {
      return this == SOURCE;
    }
  }

  default Kind kind() {
    return Kind.SOURCE;
  }

  /// Whether somebody may still read all that is in it.
  default boolean isReadableBy(ReadModel model) {
    return model.reads(summary().account());
  }

  /// Its names and counts at that moment.
  MailboxSummary summary();

  /// The UIDs of its messages.
  UidSet uids();

  /// Number of messages.
  default int exists() {
    return uids().size();
  }

  /// The UID of a message.
  ///
  /// @param sequence 1 to [#exists()]
  default Uid uid(int sequence) {
    return uids().at(sequence - 1);
  }

  /// The sequence number of the first message whose UID is `uid` or above; [#exists()] + 1 when
  /// there is none.
  default int firstFrom(long uid) {
    return uids().indexFrom(uid) + 1;
  }

  /// The sum of the lengths of its messages.
  default long octets() {
    return summary().octets();
  }

  /// The same mailbox with these of its messages, present and past ones.
  MailboxView with(UidSet messages);

  /// HIGHESTMODSEQ at that moment (RFC 7162 section 3.1.2.1), at least [ModSeq#FIRST].
  long highestModSeq();

  /// The messages with a MODSEQ above `modSeq`, as of now, not of that moment. Costs as much as
  /// there are.
  Changes changedSince(long modSeq);

  /// The highest MODSEQ that any message can have got from the archive until now.
  long modSeqNow();

  /// The sequence number of the first message without `\Seen`, from a sequence number on.
  OptionalInt firstUnseen(int from) throws IOException;

  /// Number of messages without `\Seen`, between two sequence numbers, both included.
  long unseen(int from, int to) throws IOException;

  /// Number of messages with `\Deleted`.
  long deleted() throws IOException;

  /// The messages `from` to `to`, both included, in order. Callers ask for at most [#MAX_ROWS] at a
  /// time. With structures only the first of them where these are large: so many that there is at
  /// least one.
  ///
  /// @param structure whether to fill [MessageRow#structure()]
  List<MessageRow> rows(int from, int to, boolean structure) throws IOException;

  /// The sequence numbers of the messages with these octets, a fresh set.
  BitSet having(ContentId content);

  /// What is kept of the headers of some messages for lists, by UID; those of which nothing is kept
  /// are left out.
  ///
  /// @param rows in order, at most [#MAX_ROWS], of this view
  default Map<Uid, ListedFields> listed(List<MessageRow> rows) throws IOException {
    return Map.of();
  }

  /// Which of `candidates` have the text, exactly: case-insensitive substring of the decoded text
  /// (RFC 9051 section 6.4.4).
  ///
  /// @param candidates sequence numbers; not changed
  /// @return the sequence numbers that match, a fresh set
  BitSet matching(TextKey key, BitSet candidates) throws IOException;

  /// The most rows to ask for in one call.
  int MAX_ROWS = 500;
}
