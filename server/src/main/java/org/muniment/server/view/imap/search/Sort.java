package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.muniment.indexer.text.CaseFold;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.imap.message.Rows;

/// Puts messages in order (RFC 5256 section 3). Keeps a number for each message and criterion, and
/// each different text once; texts become numbers before anything is compared.
public final class Sort {

  private static final long PER_MESSAGE = 32;
  private static final long PER_TEXT = 100;

  private final MailboxView view;
  private final List<SortCriterion> criteria;

  public Sort(MailboxView view, List<SortCriterion> criteria) {
    this.view = view;
    this.criteria = List.copyOf(criteria);
  }

  /// The messages in order; those that no criterion tells apart by sequence number.
  ///
  /// @throws TooManyMessagesException when that takes more memory than [Allowance#MAX_OCTETS]
  public int[] sorted(BitSet numbers) throws IOException, TooManyMessagesException {
    try (Allowance allowance = Allowance.take()) {
      int count = numbers.cardinality();
      if (!allowance.hasRoom(count * (PER_MESSAGE + (long) Long.BYTES * criteria.size()))) {
        throw new TooManyMessagesException();
      }
      return sorted(new Table(count, allowance), numbers);
    }
  }

  private int[] sorted(Table table, BitSet numbers) throws IOException, TooManyMessagesException {
    boolean texts = criteria.stream().anyMatch(criterion -> criterion.key().isText());
    boolean[] full = {false};
    Rows.forEach(
        view,
        numbers,
        texts,
        rows -> {
          for (MessageRow row : rows) {
            full[0] = full[0] || !table.add(row);
          }
        });
    if (full[0]) {
      throw new TooManyMessagesException();
    }
    return table.sorted();
  }

  /// What is known of the messages: a column for each criterion.
  private final class Table {
    private final Allowance allowance;
    private final int[] numbers;
    private final long[][] columns;

    // The number of each text of a column, in the order in which they came.
    private final List<Map<String, Integer>> texts;
    private int count;

    Table(int most, Allowance allowance) {
      this.allowance = allowance;
      numbers = new int[most];
      columns = new long[criteria.size()][most];
      texts = criteria.stream().<Map<String, Integer>>map(criterion -> new HashMap<>()).toList();
    }

    /// @return false when there is no room for it
    boolean add(MessageRow row) {
      numbers[count] = row.sequence();
      for (int i = 0; i < columns.length; i++) {
        SortCriterion.Key key = criteria.get(i).key();
        if (key.isText() && !addText(i, new HeaderKeys(row).text(key))) {
          return false;
        }
        if (!key.isText()) {
          columns[i][count] = number(key, row);
        }
      }
      count++;
      return true;
    }

    private boolean addText(int column, String text) {
      Map<String, Integer> known = texts.get(column);
      String folded = CaseFold.fold(text);
      Integer number = known.get(folded);
      if (number == null) {
        if (!allowance.hasRoom(PER_TEXT + 2L * folded.length())) {
          return false;
        }
        number = known.size();
        known.put(folded, number);
      }
      columns[column][count] = number;
      return true;
    }

    int[] sorted() {
      for (int i = 0; i < columns.length; i++) {
        if (criteria.get(i).key().isText()) {
          rank(columns[i], texts.get(i));
        }
      }
      Integer[] places = new Integer[count];
      Arrays.setAll(places, place -> place);
      Arrays.sort(places, this::compare);
      return Arrays.stream(places).mapToInt(place -> numbers[place]).toArray();
    }

    /// Numbers texts by their order.
    private void rank(long[] column, Map<String, Integer> known) {
      String[] ordered = known.keySet().toArray(String[]::new);
      Arrays.sort(ordered, Sort::compareText);
      int[] ranks = new int[ordered.length];
      for (int rank = 0; rank < ordered.length; rank++) {
        ranks[known.getOrDefault(ordered[rank], 0)] = rank;
      }
      for (int i = 0; i < count; i++) {
        column[i] = ranks[(int) column[i]];
      }
    }

    private int compare(int one, int other) {
      for (int i = 0; i < columns.length; i++) {
        int order = Long.compare(columns[i][one], columns[i][other]);
        if (order != 0) {
          return criteria.get(i).reverse() ? -order : order;
        }
      }
      return Integer.compare(numbers[one], numbers[other]);
    }
  }

  private static long number(SortCriterion.Key key, MessageRow row) {
    return switch (key) {
      case ARRIVAL -> seconds(row.internalDate());
      case DATE -> seconds(HeaderKeys.sent(row));
      case SIZE -> row.length();
      case CC, FROM, SUBJECT, TO, DISPLAYFROM, DISPLAYTO ->
          throw new IllegalArgumentException(key + " is no number");
    };
  }

  private static long seconds(Instant moment) {
    return moment.getEpochSecond();
  }

  /// As octets of UTF-8 (RFC 5051 section 2), which is the order of code points.
  static int compareText(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        return Character.isSurrogate(a) == Character.isSurrogate(b)
            ? Character.compare(a, b)
            : Boolean.compare(Character.isSurrogate(a), Character.isSurrogate(b));
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
