package org.muniment.server.view.imap.search;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// What a search found: sequence numbers, in the order that was asked for.
///
/// @param count how many
/// @param order gives them anew
public record Found(int count, Supplier<IntStream> order) {

  /// In the order of the mailbox.
  public static Found of(BitSet numbers) {
    return new Found(numbers.cardinality(), numbers::stream);
  }

  /// In the order of the array, which nobody changes any more.
  public static Found of(int[] numbers) {
    return new Found(numbers.length, () -> Arrays.stream(numbers));
  }

  /// Some of them, by their places.
  ///
  /// @param from place of the first, from 0
  /// @param to place behind the last
  public IntStream numbers(long from, long to) {
    return order.get().skip(from).limit(to - from);
  }
}
