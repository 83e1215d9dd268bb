package org.muniment.archive.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The members of a JSON object, read with a type that is expected.
record Fields(Map<String, Object> members) {

  private <T> T member(String name, Class<T> type) {
    Object value = members.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException(
          "member \"" + name + "\": a " + type.getSimpleName() + " is expected");
    }
    return type.cast(value);
  }

  boolean has(String name) {
    return members.containsKey(name);
  }

  String text(String name) {
    return member(name, String.class);
  }

  long integer(String name) {
    return member(name, Long.class);
  }

  boolean truth(String name) {
    return member(name, Boolean.class);
  }

  Instant time(String name) {
    return Instant.parse(text(name));
  }

  UidRanges uids(String name) {
    String sequenceSet = text(name);
    return sequenceSet.isEmpty()
        ? UidRanges.EMPTY
        : UidRanges.parse(sequenceSet, sequenceSet.length());
  }

  long number(String name) {
    return members.get(name) instanceof String digits ? Long.parseLong(digits) : integer(name);
  }

  @SuppressWarnings("unchecked")
  Fields object(String name) {
    return new Fields((Map<String, Object>) member(name, Map.class));
  }

  @SuppressWarnings("unchecked")
  List<Fields> objects(String name) {
    return ((List<Map<String, Object>>) member(name, List.class))
        .stream().map(Fields::new).toList();
  }

  Set<SourceText> sourceTexts(String name) {
    return objects(name).stream().map(Fields::sourceText).collect(Collectors.toSet());
  }

  @SuppressWarnings("unchecked")
  List<String> texts(String name) {
    return ((List<Object>) member(name, List.class)).stream().map(String.class::cast).toList();
  }

  AccountName account() {
    return new AccountName(text("account"));
  }

  SourceText sourceText(String name) {
    return object(name).sourceText();
  }

  SourceText sourceText() {
    byte[] octets = Base64.getDecoder().decode(text("octets"));
    return new SourceText(new String(octets, StandardCharsets.ISO_8859_1), text("display"));
  }

  static List<Object> objects(Set<SourceText> texts) {
    return texts.stream()
        .sorted(Comparator.comparing(SourceText::octets))
        .<Object>map(Fields::object)
        .toList();
  }

  static Map<String, Object> object(SourceText text) {
    return Map.of(
        "display", text.display(), "octets", Base64.getEncoder().encodeToString(text.bytes()));
  }

  static Object number(long value) {
    return value > CanonicalJson.MAX_INTEGER ? Long.toString(value) : (Object) value;
  }

  /// The members that every event has.
  static Map<String, Object> event(String type) {
    Map<String, Object> object = new TreeMap<>();
    object.put("type", type);
    object.put("v", (long) EventJson.VERSION);
    return object;
  }
}
