package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// By what to sort (RFC 5256 section 3, RFC 5957).
///
/// @param reverse whether the greatest comes first
public record SortCriterion(Key key, boolean reverse) {

  private static final int MAX_CRITERIA = 20;

  /// What is compared.
  public enum Key {
    ARRIVAL,
    CC,
    DATE,
    FROM,
    SIZE,
    SUBJECT,
    TO,
    DISPLAYFROM,
    DISPLAYTO;

    /// Whether it is a text.
    boolean isText() {
      return switch (this) {
        case ARRIVAL, DATE, SIZE -> false;
        case CC, FROM, SUBJECT, TO, DISPLAYFROM, DISPLAYTO -> true;
      };
    }
  }

  // ABNF: sort-criteria = "(" sort-criterion *(SP sort-criterion) ")"
  /// Reads criteria, at least one.
  public static List<SortCriterion> read(ImapReader in) throws IOException, SyntaxException {
    List<SortCriterion> criteria = new ArrayList<>();
    in.expect('(');
    do {
      if (criteria.size() == MAX_CRITERIA) {
        throw in.expected("at most " + MAX_CRITERIA + " criteria");
      }
      criteria.add(criterion(in));
    } while (in.skip(' '));
    in.expect(')');
    return criteria;
  }

  // ABNF: sort-criterion = ["REVERSE" SP] sort-key
  private static SortCriterion criterion(ImapReader in) throws IOException, SyntaxException {
    boolean reverse = in.skipWord("REVERSE");
    if (reverse) {
      in.sp();
    }
    String word = in.word("a sort key");
    for (Key key : Key.values()) {
      if (key.name().equals(word)) {
        return new SortCriterion(key, reverse);
      }
    }
    throw in.expected(
        "ARRIVAL, CC, DATE, FROM, SIZE, SUBJECT, TO, DISPLAYFROM, DISPLAYTO or REVERSE");
  }
}
