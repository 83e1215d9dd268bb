package org.muniment.archive.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.part.Base64Run;
import org.muniment.archive.part.Base64Run.LineEnd;

/// How a part stands in a message: as lines of base64 (RFC 4648 section 4).
///
/// @param decoded octets of the part
/// @param width characters of every line but the last, a multiple of 4
/// @param ended whether the last line has its end, too
public record Base64Lines(long decoded, int width, LineEnd lineEnd, boolean ended) {

  private static final int CHUNK = 48 << 10;

  static Base64Lines of(MessageRecord.Encoded piece) {
    return new Base64Lines(piece.part().length(), piece.width(), piece.lineEnd(), piece.ended());
  }

  /// Octets in the message.
  long length() {
    return Base64Run.length(decoded, width, lineEnd, ended);
  }

  /// The octets of the part.
  ///
  /// @param message before the first line, closed with the stream
  InputStream decode(InputStream message) {
    return new Decoding(message);
  }

  /// The octets in the message, from `offset` on.
  InputStream encode(PartStream part, long offset) throws IOException {
    long line = (long) width + lineEnd.length();
    long decodedLine = width / 4L * 3;
    long lines = offset / line;
    part.pass(lines * decodedLine);
    InputStream encoded = new Encoding(part, decoded - lines * decodedLine);
    encoded.skipNBytes(offset - lines * line);
    return encoded;
  }

  private final class Decoding extends ChunkedStream {
    private final InputStream message;
    private final int line = width + lineEnd.length();
    private long left = length();

    private final byte[] chunk =
        new byte[(int) Math.min(left, (long) Math.max(1, CHUNK / line) * line)];

    Decoding(InputStream message) {
      this.message = message;
    }

    @Override
    byte[] next() throws IOException {
      int read = message.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
      if (read == 0 && left > 0) {
        throw new EOFException("a message is shorter than it was");
      }
      left -= read;
      ByteBuffer decoded = Base64.getDecoder().decode(ByteBuffer.wrap(chunk, 0, compact(read)));
      return decoded.remaining() == decoded.capacity()
          ? decoded.array()
          : Arrays.copyOf(decoded.array(), decoded.remaining());
    }

    /// Takes the line ends out of the chunk.
    private int compact(int read) {
      int to = 0;
      for (int from = 0; from < read; from += line) {
        int characters = Math.min(width, read - from);
        if (characters < width || from + line > read) {
          characters = lastLine(from, read);
        }
        System.arraycopy(chunk, from, chunk, to, characters);
        to += characters;
      }
      return to;
    }

    private int lastLine(int from, int read) {
      int end = read;
      while (end > from && (chunk[end - 1] == '\n' || chunk[end - 1] == '\r')) {
        end--;
      }
      return end - from;
    }

    @Override
    public void close() throws IOException {
      message.close();
    }
  }

  private final class Encoding extends ChunkedStream {
    private final PartStream part;
    private final Base64.Encoder encoder = Base64.getMimeEncoder(width, lineEnd.octets());

    private final byte[] chunk;

    private long left;

    /// @param left decoded octets from here to the end of the part
    Encoding(PartStream part, long left) {
      this.part = part;
      this.left = left;
      int line = width / 4 * 3;
      // Whole lines, so that chunks can be encoded one by one.
      this.chunk = new byte[(int) Math.min(left, (long) Math.max(1, CHUNK / line) * line)];
    }

    @Override
    byte[] next() throws IOException {
      if (left <= 0) {
        return new byte[0];
      }
      int read = part.readNBytes(chunk, 0, chunk.length);
      if (read < Math.min(left, chunk.length)) {
        throw new EOFException("a part is shorter than it says");
      }
      left -= read;
      return lines(read, left > 0 || ended);
    }

    private byte[] lines(int count, boolean endOfLast) {
      byte[] raw = count == chunk.length ? chunk : Arrays.copyOf(chunk, count);
      byte[] end = lineEnd.octets();
      int length = (int) Base64Run.length(count, width, lineEnd, endOfLast);
      byte[] lines = new byte[length];
      encoder.encode(raw, lines);
      if (endOfLast) {
        System.arraycopy(end, 0, lines, length - end.length, end.length);
      }
      return lines;
    }
  }
}
