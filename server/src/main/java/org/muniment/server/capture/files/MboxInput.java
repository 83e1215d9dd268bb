package org.muniment.server.capture.files;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/// Whether a message of an mbox may end at a place far ahead.
interface MboxInput {

  /// For a stream, where nobody can look ahead.
  MboxInput STREAM = offset -> false;

  /// Whether at most two line breaks stand between octet `offset` and a From_ line or the end.
  boolean mayEndAt(long offset) throws IOException;

  /// A file. Its position is left where it is.
  static MboxInput of(SeekableByteChannel file) {
    return offset -> {
      if (offset >= file.size()) {
        return offset == file.size();
      }
      long position = file.position();
      try {
        ByteBuffer ahead = ByteBuffer.allocate(2 * FromLine.LONGEST);
        file.position(offset);
        while (ahead.hasRemaining() && file.read(ahead) >= 0) {
          // until it is full or there is no more
        }
        return mayEndBefore(new ByteArrayInputStream(ahead.array(), 0, ahead.position()));
      } finally {
        file.position(position);
      }
    };
  }

  private static boolean mayEndBefore(ByteArrayInputStream ahead) throws IOException {
    LineInput lines = new LineInput(ahead);
    for (int breaks = 0; breaks <= 2; breaks++) {
      if (!lines.next()) {
        return true;
      }
      if (!lines.isEmpty()) {
        FromLine from = FromLine.of(lines);
        return from != null && from.date() != null;
      }
    }
    return false;
  }
}
