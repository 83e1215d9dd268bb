package org.muniment.server.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.muniment.archive.Archive;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.search.Substrings;
import org.muniment.indexer.text.Searched;
import org.muniment.indexer.text.SubstringMatcher;

/// Looks for a value in messages one by one: in their text as it is kept, where it is not in the
/// archive. Messages are known by their numbers here.
record TextReading(Archive archive, Catalogue catalogue, Substrings substrings) {

  /// Messages that one thread looks through, before it takes others.
  private static final int PART = 40;

  /// Parts that are looked through at once.
  private static final int PARTS = 32;

  /// What the index tells of a key.
  ///
  /// @param among numbers of messages
  Substrings.Found found(TextKey key, BitSet among) throws IOException {
    return switch (key) {
      case TextKey.Header(String field, String value) ->
          new Substrings.Found(new BitSet(), headed(field, value, among));
      case TextKey.Body(String value) -> substrings.find(Substrings.Where.BODY, value, among);
      case TextKey.Text(String value) -> substrings.find(Substrings.Where.TEXT, value, among);
    };
  }

  /// The header has the value, and the name, but perhaps elsewhere.
  private BitSet headed(String field, String value, BitSet among) throws IOException {
    // Names are compared by other rules than values, which differ outside of US-ASCII.
    BitSet named =
        field.chars().allMatch(c -> c < 0x80)
            ? substrings.find(Substrings.Where.HEADER, field, among).all()
            : among;
    return substrings.find(Substrings.Where.HEADER, value, named).all();
  }

  /// Those of some messages that a key holds for; looked for by all processors, since nobody else
  /// does this work.
  BitSet matching(TextKey key, BitSet numbers) throws IOException {
    BitSet matching = new BitSet();
    List<List<Integer>> parts = new ArrayList<>();
    for (int at = numbers.nextSetBit(0); at >= 0; ) {
      List<Integer> part = new ArrayList<>();
      for (; at >= 0 && part.size() < PART; at = numbers.nextSetBit(at + 1)) {
        part.add(at);
      }
      parts.add(part);
      if (parts.size() == PARTS || at < 0) {
        atOnce(key, parts).forEach(found -> found.forEach(matching::set));
        parts.clear();
      }
    }
    return matching;
  }

  private List<Set<Integer>> atOnce(TextKey key, List<List<Integer>> parts) throws IOException {
    try {
      return parts.parallelStream().map(part -> unchecked(key, part)).toList();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private Set<Integer> unchecked(TextKey key, List<Integer> part) {
    try {
      return matching(key, part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<Integer> matching(TextKey key, List<Integer> part) throws IOException {
    Map<Integer, ContentId> contents = catalogue.messages().contents(part);
    Set<Integer> kept = new HashSet<>();
    Set<Integer> matching = new HashSet<>();
    substrings.forEach(
        contents,
        (number, searched) -> {
          kept.add(number);
          if (matches(key, searched)) {
            matching.add(number);
          }
        });
    List<Integer> unkept =
        contents.keySet().stream().filter(number -> !kept.contains(number)).toList();
    for (Message message : catalogue.messages().find(unkept).values()) {
      if (matches(key, inArchive(message, catalogue.messages().structure(message.number())))) {
        matching.add(message.number());
      }
    }
    return matching;
  }

  private Searched inArchive(Message message, Structure structure) {
    return new SubstringMatcher(
        structure,
        offset -> archive.open(message.content(), message.location(), offset),
        substrings.attached(message.content(), structure));
  }

  private static boolean matches(TextKey key, Searched searched) throws IOException {
    return switch (key) {
      case TextKey.Header(String field, String value) -> searched.header(field, value);
      case TextKey.Body(String value) -> searched.body(value);
      case TextKey.Text(String value) -> searched.text(value);
    };
  }
}
