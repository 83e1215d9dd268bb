package org.muniment.indexer.search;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import java.util.TreeSet;
import org.apache.lucene.search.FieldDoc;
import org.muniment.archive.event.AccountName;

/// Where a page ended, as a text for the caller to hand back:
///
/// ```
/// cursor = base64url( binding[8] || now[8] || value[8] || number[8] )
/// ```
///
/// `binding` is the beginning of a SHA-256 of query, zone, order and visible accounts; `now` is
/// when the first page was asked for, in seconds: ages and days in the query count from then on all
/// pages; `value` is what the hits are ordered by.
record Cursor(Instant now, long value, long number) {

  private static final int OCTETS = 4 * Long.BYTES;

  static Cursor of(Instant now, FieldDoc last) {
    Object value = last.fields[0];
    return new Cursor(
        now,
        value instanceof Float score ? Float.floatToIntBits(score) : (Long) value,
        (Long) last.fields[1]);
  }

  /// @throws IllegalArgumentException when `text` is no cursor of this search
  static Cursor read(String text, Question question, Set<AccountName> visible) {
    ByteBuffer cursor = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
    if (cursor.remaining() != OCTETS || cursor.getLong() != binding(question, visible)) {
      throw new IllegalArgumentException("the cursor is not of this search");
    }
    long now = cursor.getLong();
    if (now < Instant.MIN.getEpochSecond() / 2 || now > Instant.MAX.getEpochSecond() / 2) {
      throw new IllegalArgumentException("the cursor is of no time");
    }
    return new Cursor(Instant.ofEpochSecond(now), cursor.getLong(), cursor.getLong());
  }

  String write(Question question, Set<AccountName> visible) {
    byte[] cursor =
        ByteBuffer.allocate(OCTETS)
            .putLong(binding(question, visible))
            .putLong(now.getEpochSecond())
            .putLong(value)
            .putLong(number)
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(cursor);
  }

  /// The hit that it stands for. Its document number is above all others: no other hit is equal.
  FieldDoc after(SortOrder order) {
    Object first =
        switch (order) {
          case DATE, OLDEST -> Long.valueOf(value);
          case RELEVANCE -> Float.valueOf(Float.intBitsToFloat((int) value));
        };
    return new FieldDoc(Integer.MAX_VALUE, Float.NaN, new Object[] {first, number});
  }

  private static long binding(Question question, Set<AccountName> visible) {
    String bound =
        question.query()
            + "\n"
            + question.zone()
            + "\n"
            + question.order()
            + "\n"
            + new TreeSet<>(visible);
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(bound.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
