package org.muniment.server.view;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import org.muniment.archive.event.Uid;

/// A mailbox at one moment. Does not change; messages are numbered 1 to [#exists()] by ascending
/// UID. Shared between sessions: holds UIDs only.
public interface MailboxView {

  /// Its names and counts at that moment.
  MailboxSummary summary();

  /// Number of messages.
  int exists();

  /// The UID of a message.
  ///
  /// @param sequence 1 to [#exists()]
  Uid uid(int sequence);

  /// The sequence number of the first message whose UID is `uid` or above; [#exists()] + 1 when
  /// there is none.
  int firstFrom(long uid);

  /// The sequence number of the first message without `\Seen`, from a sequence number on.
  OptionalInt firstUnseen(int from) throws IOException;

  /// Number of messages without `\Seen`, between two sequence numbers, both included.
  long unseen(int from, int to) throws IOException;

  /// Number of messages with `\Deleted`. Takes time that grows with the mailbox.
  long deleted() throws IOException;

  /// The messages `from` to `to`, both included, in order. Callers ask for at most [#MAX_ROWS] at a
  /// time.
  ///
  /// @param structure whether to fill [MessageRow#structure()]
  List<MessageRow> rows(int from, int to, boolean structure) throws IOException;

  /// Which of `candidates` have the text, exactly: case-insensitive substring of the decoded text
  /// (RFC 9051 section 6.4.4).
  ///
  /// @param candidates sequence numbers; not changed
  /// @return the sequence numbers that match, a fresh set
  BitSet matching(TextKey key, BitSet candidates) throws IOException;

  /// The most rows to ask for in one call.
  int MAX_ROWS = 500;
}
