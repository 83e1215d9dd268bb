package org.muniment.server.view.rest;

import org.jspecify.annotations.Nullable;

/// What a Range field asks for (RFC 9110 section 14.2) of a representation of known length.
sealed interface ByteRange {

  /// All of it: no range, a unit or form that is not understood, or more than one range.
  record Whole() implements ByteRange {}

  /// The octets `from` to `to`, both included.
  record Slice(long from, long to) implements ByteRange {
    long length() {
      return to - from + 1;
    }
  }

  /// A range that begins after the end.
  record Unsatisfiable() implements ByteRange {}

  // ABNF: Range = "bytes=" ( first-pos "-" [ last-pos ] / "-" suffix-length )
  static ByteRange of(@Nullable String field, long length) {
    String unit = "bytes=";
    if (field == null || !field.regionMatches(true, 0, unit, 0, unit.length())) {
      return new Whole();
    }
    String range = field.substring(unit.length()).strip();
    int dash = range.indexOf('-');
    if (dash < 0) {
      return new Whole();
    }
    String first = range.substring(0, dash);
    String last = range.substring(dash + 1);
    return first.isEmpty() ? suffix(number(last), length) : slice(first, last, length);
  }

  private static ByteRange suffix(long count, long length) {
    if (count < 0) {
      return new Whole();
    }
    return count == 0 || length == 0
        ? new Unsatisfiable()
        : new Slice(Math.max(0, length - count), length - 1);
  }

  private static ByteRange slice(String first, String last, long length) {
    long from = number(first);
    long to = last.isEmpty() ? Long.MAX_VALUE : number(last);
    if (from < 0 || to < from) {
      return new Whole();
    }
    return from >= length ? new Unsatisfiable() : new Slice(from, Math.min(to, length - 1));
  }

  /// The number, [Long#MAX_VALUE] when it is larger than that; -1 when the text is none.
  private static long number(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
