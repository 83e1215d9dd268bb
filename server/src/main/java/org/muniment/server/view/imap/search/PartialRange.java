package org.muniment.server.view.imap.search;

import java.io.IOException;
import java.util.stream.IntStream;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.SyntaxException;

/// Some results by their places (RFC 9394 section 3.1).
///
/// @param backwards whether 1 is the last result
/// @param first from 1
/// @param last from 1, included; may be smaller than the first
public record PartialRange(boolean backwards, long first, long last) {

  // ABNF: partial-range = nz-number ":" nz-number / "-" nz-number ":" "-" nz-number
  /// Reads a range.
  public static PartialRange read(ImapReader in) throws IOException, SyntaxException {
    boolean backwards = in.skip('-');
    long first = in.positive();
    in.expect(':');
    if (backwards) {
      in.expect('-');
    }
    return new PartialRange(backwards, first, in.positive());
  }

  /// Those of the results that are in it.
  public IntStream of(Found found) {
    long low = Math.min(first, last);
    long high = Math.max(first, last);
    long from = backwards ? found.count() - high : low - 1;
    long to = backwards ? found.count() - low + 1 : high;
    return found.numbers(clamped(from, found), clamped(to, found));
  }

  private static long clamped(long place, Found found) {
    return Math.clamp(place, 0, found.count());
  }

  /// As it was written.
  @Override
  public String toString() {
    String sign = backwards ? "-" : "";
    return sign + first + ":" + sign + last;
  }
}
