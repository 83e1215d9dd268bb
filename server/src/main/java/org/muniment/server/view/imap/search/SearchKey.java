package org.muniment.server.view.imap.search;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.muniment.server.view.TextKey;
import org.muniment.server.view.imap.wire.SequenceSet;

/// What SEARCH looks for (RFC 9051 section 6.4.4). Keys that follow from others are written with
/// them: UNSEEN is Not(Flag(\Seen)).
public sealed interface SearchKey {

  /// Every message.
  record All() implements SearchKey {}

  /// Messages by number.
  record Numbers(SequenceSet set, boolean uids) implements SearchKey {}

  /// A flag or keyword, compared without regard to case.
  record Flag(String name) implements SearchKey {}

  /// More octets than this.
  record Larger(long octets) implements SearchKey {}

  /// Fewer octets than this.
  record Smaller(long octets) implements SearchKey {}

  /// The day of INTERNALDATE in UTC.
  record Arrived(Side side, LocalDate day) implements SearchKey {}

  /// The day of SAVEDATE in UTC (RFC 8514).
  record Saved(Side side, LocalDate day) implements SearchKey {}

  /// INTERNALDATE at or before a moment (RFC 5032, OLDER).
  record Until(Instant moment) implements SearchKey {}

  /// INTERNALDATE at or after a moment (RFC 5032, YOUNGER).
  record From(Instant moment) implements SearchKey {}

  /// The day that the Date field has where it was written; a message without one has none.
  record Sent(Side side, LocalDate day) implements SearchKey {}

  /// EMAILID (RFC 8474 section 6).
  record Email(String id) implements SearchKey {}

  /// THREADID (RFC 8474 section 6).
  record InThread(String id) implements SearchKey {}

  /// A text in the message.
  record Has(TextKey text) implements SearchKey {}

  /// A MODSEQ of at least this (RFC 7162 section 3.1.5).
  record ModSeq(long from) implements SearchKey {}

  /// Whether the answer says the highest MODSEQ of what was found (RFC 7162 section 3.1.5).
  default boolean asksForModSeq() {
    return switch (this) {
      case ModSeq _ -> true;
      case And(var keys) -> keys.stream().anyMatch(SearchKey::asksForModSeq);
      case Or(var left, var right) -> left.asksForModSeq() || right.asksForModSeq();
      case Not(var not) -> not.asksForModSeq();
      default -> false;
    };
  }

  /// All of several.
  record And(List<SearchKey> keys) implements SearchKey {
    public And {
      keys = List.copyOf(keys);
    }
  }

  /// One or both of two.
  record Or(SearchKey left, SearchKey right) implements SearchKey {}

  /// What does not match.
  record Not(SearchKey key) implements SearchKey {}

  /// On which side of a day.
  enum Side {
    BEFORE,
    ON,
    SINCE;

    boolean holds(LocalDate date, LocalDate day) {
      return switch (this) {
        case BEFORE -> date.isBefore(day);
        case ON -> date.isEqual(day);
        case SINCE -> !date.isBefore(day);
      };
    }
  }
}
