package org.muniment.server.view;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.muniment.archive.Archive;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Row;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.search.Substrings;
import org.muniment.indexer.text.Searched;
import org.muniment.indexer.text.SubstringMatcher;

/// Looks for a value in messages of a mailbox one by one: in their text as it is kept, where it is
/// not in the archive.
record TextReading(Archive archive, Catalogue catalogue, Substrings substrings, Mailbox mailbox) {

  /// Messages whose structure is held at once.
  private static final int WITH_STRUCTURE = 50;

  /// Those of some messages, at most [Messages#MAX_ROWS], that a key holds for.
  Set<Uid> matching(TextKey key, List<Uid> uids) throws IOException {
    Map<Integer, List<Row>> rows =
        catalogue.messages().rows(mailbox, uids, false).stream().collect(groupingBy(Row::message));
    Map<Integer, Boolean> answers = new HashMap<>();
    substrings.forEach(
        rows.entrySet().stream()
            .collect(toMap(Map.Entry::getKey, row -> row.getValue().getFirst().content())),
        (number, searched) -> answers.put(number, matches(key, searched)));
    List<Uid> unkept = new ArrayList<>();
    Set<Uid> matching = new HashSet<>();
    rows.forEach(
        (number, places) -> {
          boolean known = answers.containsKey(number);
          if (!known || Objects.requireNonNull(answers.get(number))) {
            places.forEach(place -> (known ? matching : unkept).add(place.uid()));
          }
        });
    for (int from = 0; from < unkept.size(); from += WITH_STRUCTURE) {
      int to = Math.min(from + WITH_STRUCTURE, unkept.size());
      for (Row row : catalogue.messages().rows(mailbox, unkept.subList(from, to), true)) {
        if (matches(key, inArchive(row))) {
          matching.add(row.uid());
        }
      }
    }
    return matching;
  }

  private Searched inArchive(Row row) {
    Structure structure = Objects.requireNonNull(row.structure());
    return new SubstringMatcher(
        structure,
        offset -> archive.open(row.content(), row.location(), offset),
        substrings.attached(row.content(), structure));
  }

  /// What the index tells of a key.
  ///
  /// @param among numbers of messages
  static Substrings.Found found(Substrings substrings, TextKey key, BitSet among)
      throws IOException {
    return switch (key) {
      case TextKey.Header(String field, String value) ->
          new Substrings.Found(new BitSet(), headed(substrings, field, value, among));
      case TextKey.Body(String value) -> substrings.find(Substrings.Where.BODY, value, among);
      case TextKey.Text(String value) -> substrings.find(Substrings.Where.TEXT, value, among);
    };
  }

  /// The header has the value, and the name, but perhaps elsewhere.
  private static BitSet headed(Substrings substrings, String field, String value, BitSet among)
      throws IOException {
    // Names are compared by other rules than values, which differ outside of US-ASCII.
    BitSet named =
        field.chars().allMatch(c -> c < 0x80)
            ? substrings.find(Substrings.Where.HEADER, field, among).all()
            : among;
    return substrings.find(Substrings.Where.HEADER, value, named).all();
  }

  static boolean matches(TextKey key, Searched searched) throws IOException {
    return switch (key) {
      case TextKey.Header(String field, String value) -> searched.header(field, value);
      case TextKey.Body(String value) -> searched.body(value);
      case TextKey.Text(String value) -> searched.text(value);
    };
  }
}
