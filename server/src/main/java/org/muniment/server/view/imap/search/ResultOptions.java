package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SyntaxException;

/// What RETURN asks for (RFC 9051 section 6.4.4, RFC 9394).
///
/// @param partial some of the results, null for none
/// @param save whether `$` stands for them from here on
public record ResultOptions(Set<Result> results, @Nullable PartialRange partial, boolean save) {

  /// What RETURN without any option asks for.
  public static final ResultOptions ALL =
      new ResultOptions(Set.of(Result.ALL), /* partial= */ null, /* save= */ false);

  public ResultOptions {
    results = Set.copyOf(results);
  }

  /// What can be told of the results.
  public enum Result {
    MIN,
    MAX,
    ALL,
    COUNT
  }

  // ABNF: search-return-opts = SP "RETURN" SP "(" [search-return-opt *(SP search-return-opt)] ")"
  /// Reads what follows RETURN.
  public static ResultOptions read(ImapReader in) throws IOException, SyntaxException {
    Set<Result> results = EnumSet.noneOf(Result.class);
    PartialRange partial = null;
    boolean save = false;
    in.sp();
    in.expect('(');
    for (boolean first = true; !in.skip(')'); first = false) {
      if (!first) {
        in.sp();
      }
      switch (in.word("a result option")) {
        case "MIN" -> results.add(Result.MIN);
        case "MAX" -> results.add(Result.MAX);
        case "ALL" -> results.add(Result.ALL);
        case "COUNT" -> results.add(Result.COUNT);
        case "SAVE" -> save = true;
        case "PARTIAL" -> partial = partial(partial, in);
        default -> throw in.expected("MIN, MAX, ALL, COUNT, SAVE or PARTIAL");
      }
    }
    if (partial != null && results.contains(Result.ALL)) {
      throw in.expected("only one of ALL and PARTIAL");
    }
    boolean nothing = results.isEmpty() && partial == null && !save;
    return nothing ? ALL : new ResultOptions(results, partial, save);
  }

  private static PartialRange partial(@Nullable PartialRange before, ImapReader in)
      throws IOException, SyntaxException {
    if (before != null) {
      throw in.expected("only one PARTIAL");
    }
    in.sp();
    return PartialRange.read(in);
  }

  /// Whether there is nothing to write.
  public boolean isSilent() {
    return results.isEmpty() && partial == null;
  }

  /// What `$` is to stand for (RFC 5182 section 2.4, RFC 9394 section 3.2).
  public BitSet saved(Found found) {
    BitSet saved = new BitSet();
    boolean min = results.contains(Result.MIN);
    boolean max = results.contains(Result.MAX);
    boolean some = min || max || partial != null;
    if (!some || results.contains(Result.ALL) || results.contains(Result.COUNT)) {
      found.numbers(0, found.count()).forEach(saved::set);
      return saved;
    }
    if (found.count() > 0) {
      (min ? first(found) : IntStream.empty()).forEach(saved::set);
      (max ? last(found) : IntStream.empty()).forEach(saved::set);
      (partial == null ? IntStream.empty() : partial.of(found)).forEach(saved::set);
    }
    return saved;
  }

  private static IntStream first(Found found) {
    return found.numbers(0, 1);
  }

  private static IntStream last(Found found) {
    return found.numbers(found.count() - 1L, found.count());
  }

  // ABNF: search-return-data = "MIN" SP nz-number / "MAX" SP nz-number / "ALL" SP sequence-set /
  //       "COUNT" SP number / "PARTIAL" SP "(" partial-range SP (sequence-set / nil) ")"
  /// Writes what was asked for, each with a space before it.
  ///
  /// @param number the number to show for a sequence number
  public void write(Found found, IntToLongFunction number, ImapWriter out) throws IOException {
    if (found.count() > 0) {
      if (results.contains(Result.MIN)) {
        set(first(found), number, out.raw(" MIN "));
      }
      if (results.contains(Result.MAX)) {
        set(last(found), number, out.raw(" MAX "));
      }
      if (results.contains(Result.ALL)) {
        set(found.numbers(0, found.count()), number, out.raw(" ALL "));
      }
    }
    if (results.contains(Result.COUNT)) {
      out.raw(" COUNT ").number(found.count());
    }
    if (partial != null) {
      out.raw(" PARTIAL (").raw(partial.toString()).sp();
      set(partial.of(found), number, out);
      out.raw(")");
    }
  }

  /// Writes numbers of which each is one more than the one before as a range.
  private static void set(IntStream numbers, IntToLongFunction number, ImapWriter out)
      throws IOException {
    PrimitiveIterator.OfInt left = numbers.iterator();
    if (!left.hasNext()) {
      out.raw("NIL");
      return;
    }
    long first = number.applyAsLong(left.nextInt());
    long last = first;
    String before = "";
    while (left.hasNext()) {
      long next = number.applyAsLong(left.nextInt());
      if (next != last + 1) {
        range(before, first, last, out);
        before = ",";
        first = next;
      }
      last = next;
    }
    range(before, first, last, out);
  }

  private static void range(String before, long first, long last, ImapWriter out)
      throws IOException {
    out.raw(before).number(first);
    if (last > first) {
      out.raw(":").number(last);
    }
  }
}
