package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.message.MessageNumbers;
import org.muniment.server.view.imap.message.ObjectIds;
import org.muniment.server.view.imap.message.Rows;
import org.muniment.server.view.imap.wire.SequenceSet;

/// Finds messages of one mailbox. Cheap keys narrow the candidates of dear ones: first numbers,
/// then one pass over the rows, then texts.
public final class Search {

  private final MailboxView view;
  private final BitSet saved;

  /// @param saved what `$` stands for
  public Search(MailboxView view, BitSet saved) {
    this.view = view;
    this.saved = saved;
  }

  /// What it takes to answer a key.
  private enum Cost {
    NUMBERS,
    ROWS,
    STRUCTURES,
    TEXT
  }

  /// Sequence numbers of the messages that match.
  public BitSet find(SearchKey key) throws IOException {
    BitSet all = new BitSet();
    all.set(1, view.exists() + 1);
    return among(all, key);
  }

  /// Those of `candidates` that match, a fresh set.
  private BitSet among(BitSet candidates, SearchKey key) throws IOException {
    if (cost(key) == Cost.ROWS) {
      return scan(candidates, List.of(key));
    }
    return switch (key) {
      case SearchKey.Numbers(var set, var uids) -> and(candidates, numbers(set, uids));
      case SearchKey.ModSeq(var from) -> and(candidates, changed(from));
      case SearchKey.Email(var id) -> and(candidates, having(id));
      case SearchKey.And(var keys) -> all(candidates, keys);
      case SearchKey.Or(var left, var right) -> {
        BitSet found = among(candidates, left);
        found.or(among(without(candidates, found), right));
        yield found;
      }
      case SearchKey.Not(var not) -> without(candidates, among(candidates, not));
      case SearchKey.InThread(var id) -> inThread(id, candidates);
      case SearchKey.Has(var text) -> view.matching(text, candidates);
      case SearchKey.All _,
          SearchKey.Flag _,
          SearchKey.Larger _,
          SearchKey.Smaller _,
          SearchKey.Arrived _,
          SearchKey.Saved _,
          SearchKey.Until _,
          SearchKey.From _,
          SearchKey.Sent _ ->
          copy(candidates);
    };
  }

  private BitSet all(BitSet candidates, List<SearchKey> keys) throws IOException {
    BitSet left = candidates;
    for (SearchKey key : ofCost(Cost.NUMBERS, keys)) {
      left = among(left, key);
    }
    List<SearchKey> rows = ofCost(Cost.ROWS, keys);
    if (!rows.isEmpty()) {
      left = scan(left, rows);
    }
    for (SearchKey key : ofCost(Cost.STRUCTURES, keys)) {
      left = among(left, key);
    }
    for (SearchKey key : ofCost(Cost.TEXT, keys)) {
      left = among(left, key);
    }
    return left;
  }

  private static List<SearchKey> ofCost(Cost cost, List<SearchKey> keys) {
    return keys.stream().filter(key -> cost(key) == cost).toList();
  }

  private static Cost cost(SearchKey key) {
    return switch (key) {
      case SearchKey.All _, SearchKey.Numbers _, SearchKey.ModSeq _, SearchKey.Email _ ->
          Cost.NUMBERS;
      case SearchKey.Flag _,
          SearchKey.Larger _,
          SearchKey.Smaller _,
          SearchKey.Arrived _,
          SearchKey.Saved _,
          SearchKey.Until _,
          SearchKey.From _,
          SearchKey.Sent _ ->
          Cost.ROWS;
      case SearchKey.InThread _ -> Cost.STRUCTURES;
      case SearchKey.Has _ -> Cost.TEXT;
      case SearchKey.Not(var not) -> cost(not);
      case SearchKey.Or(var left, var right) -> max(cost(left), cost(right));
      case SearchKey.And(var keys) ->
          keys.stream().map(Search::cost).reduce(Cost.NUMBERS, Search::max);
    };
  }

  private static Cost max(Cost one, Cost other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /// Those whose row matches every key. Numbers inside the keys are looked up once.
  private BitSet scan(BitSet candidates, List<SearchKey> keys) throws IOException {
    Predicate<MessageRow> wanted = row -> true;
    for (SearchKey key : keys) {
      wanted = wanted.and(test(key));
    }
    Predicate<MessageRow> test = wanted;
    BitSet found = new BitSet();
    Rows.forEach(
        view,
        candidates,
        false,
        rows -> rows.stream().filter(test).forEach(row -> found.set(row.sequence())));
    return found;
  }

  private Predicate<MessageRow> test(SearchKey key) {
    return switch (key) {
      case SearchKey.All() -> row -> true;
      case SearchKey.Flag(var name) ->
          row -> row.flags().stream().anyMatch(flag -> flag.equalsIgnoreCase(name));
      case SearchKey.Larger(var octets) -> row -> row.length() > octets;
      case SearchKey.Smaller(var octets) -> row -> row.length() < octets;
      case SearchKey.Arrived(var side, var day) ->
          row -> side.holds(LocalDate.ofInstant(row.internalDate(), ZoneOffset.UTC), day);
      case SearchKey.Saved(var side, var day) ->
          row -> side.holds(LocalDate.ofInstant(row.saved(), ZoneOffset.UTC), day);
      case SearchKey.Until(var moment) -> row -> !row.internalDate().isAfter(moment);
      case SearchKey.From(var moment) -> row -> !row.internalDate().isBefore(moment);
      case SearchKey.Sent(var side, var day) -> row -> sent(row, side, day);
      case SearchKey.Numbers(var set, var uids) -> {
        BitSet numbers = numbers(set, uids);
        yield row -> numbers.get(row.sequence());
      }
      case SearchKey.ModSeq(var from) -> {
        BitSet numbers = changed(from);
        yield row -> numbers.get(row.sequence());
      }
      case SearchKey.Not(var not) -> test(not).negate();
      case SearchKey.Or(var left, var right) -> test(left).or(test(right));
      case SearchKey.And(var keys) -> {
        Predicate<MessageRow> all = row -> true;
        for (SearchKey each : keys) {
          all = all.and(test(each));
        }
        yield all;
      }
      case SearchKey.Email(var id) -> {
        BitSet numbers = having(id);
        yield row -> numbers.get(row.sequence());
      }
      case SearchKey.InThread _, SearchKey.Has _ ->
          throw new IllegalStateException("a row does not tell");
    };
  }

  private BitSet inThread(String id, BitSet candidates) throws IOException {
    BitSet found = new BitSet();
    Rows.forEach(
        view,
        candidates,
        true,
        rows -> rows.forEach(row -> found.set(row.sequence(), ObjectIds.thread(row).equals(id))));
    return found;
  }

  private BitSet numbers(SequenceSet set, boolean uids) {
    return set.isSaved() ? copy(saved) : MessageNumbers.within(set, uids, view);
  }

  /// Adds up by hand: a Date field may claim an offset that no zone has.
  private static boolean sent(MessageRow row, SearchKey.Side side, LocalDate day) {
    var sent = row.sentDate();
    return sent != null
        && side.holds(
            LocalDate.ofInstant(sent.instant().plusSeconds(sent.offsetSeconds()), ZoneOffset.UTC),
            day);
  }

  private BitSet having(String email) {
    return ObjectIds.content(email).map(view::having).orElseGet(BitSet::new);
  }

  private BitSet changed(long from) {
    return MessageNumbers.of(view.changedSince(from - 1).here(), view);
  }

  private static BitSet and(BitSet one, BitSet other) {
    other.and(one);
    return other;
  }

  private static BitSet without(BitSet one, BitSet other) {
    BitSet left = copy(one);
    left.andNot(other);
    return left;
  }

  private static BitSet copy(BitSet set) {
    return (BitSet) set.clone();
  }
}
