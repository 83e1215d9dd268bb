package org.muniment.indexer.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.search.FieldDoc;
import org.muniment.archive.event.AccountName;

/// Where a page ended, as a text for the caller to hand back:
///
/// ```
/// cursor = base64url( binding[8] || value[8] || number[8] )
/// ```
///
/// `binding` is the beginning of a SHA-256 of query, order and visible accounts; `value` is what
/// the hits are ordered by.
record Cursor(long value, long number) {

  private static final int OCTETS = 3 * Long.BYTES;

  static Cursor of(FieldDoc last) {
    Object value = last.fields[0];
    return new Cursor(
        value instanceof Float score ? Float.floatToIntBits(score) : (Long) value,
        (Long) last.fields[1]);
  }

  /// @throws IllegalArgumentException when `text` is no cursor of this search
  static Cursor read(String text, Query query, SortOrder order, Set<AccountName> visible) {
    ByteBuffer cursor = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    if (cursor.remaining() != OCTETS || cursor.getLong() != binding(query, order, visible)) {
      throw new IllegalArgumentException("the cursor is not of this search");
    }
    return new Cursor(cursor.getLong(), cursor.getLong());
  }

  String write(Query query, SortOrder order, Set<AccountName> visible) {
    byte[] cursor =
        ByteBuffer.allocate(OCTETS)
            .putLong(binding(query, order, visible))
            .putLong(value)
            .putLong(number)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
  }

  /// The hit that it stands for. Its document number is above all others: no other hit is equal.
  FieldDoc after(SortOrder order) {
    Object first =
        switch (order) {
          case DATE -> Long.valueOf(value);
          case RELEVANCE -> Float.valueOf(Float.intBitsToFloat((int) value));
        };
    return new FieldDoc(Integer.MAX_VALUE, Float.NaN, new Object[] {first, number});
  }

  private static long binding(Query query, SortOrder order, Set<AccountName> visible) {
    String bound = query + "\n" + order + "\n" + new TreeSet<>(visible);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(bound.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
