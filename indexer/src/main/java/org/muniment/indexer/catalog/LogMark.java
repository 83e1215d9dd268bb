package org.muniment.indexer.catalog;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.muniment.archive.Entry;
import org.muniment.archive.event.EventJson;

/// Tells the entry at a log position from any other that could stand there, in another archive or
/// after an older copy came back: `SHA-256(time || event)`, hexadecimal.
final class LogMark {

  private LogMark() {}

  static String of(Entry entry) {
    byte[] time = ByteBuffer.allocate(Long.BYTES).putLong(entry.time().toEpochMilli()).array();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(time);
      return HexFormat.of().formatHex(digest.digest(EventJson.write(entry.event())));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
