package org.muniment.server.view.imap.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Takes NUL out of octets, eight at a time: most messages have none.
final class Nul {

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private Nul() {}

  /// Puts `other` in the place of each NUL.
  ///
  /// @param to index after the last octet
  static void substitute(byte[] octets, int from, int to, byte other) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      if (hasNul((long) EIGHT.get(octets, at))) {
        each(octets, at, at + Long.BYTES, other);
      }
    }
    each(octets, at, to, other);
  }

  /// To take one from each octet borrows from the next where it is 0, and sets its highest bit.
  private static boolean hasNul(long eight) {
    return ((eight - ONES) & ~eight & HIGHS) != 0;
  }

  private static void each(byte[] octets, int from, int to, byte other) {
    for (int i = from; i < to; i++) {
      if (octets[i] == 0) {
        octets[i] = other;
      }
    }
  }
}
