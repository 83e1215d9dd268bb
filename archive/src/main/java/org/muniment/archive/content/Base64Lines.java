package org.muniment.archive.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
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

  /// The most lines whose octets, encoded, are a chunk.
  private int linesOfChunk() {
    return Math.max(1, CHUNK / (width + lineEnd.length()));
  }

  /// Octets of a chunk of the message, at most.
  ///
  /// @param left decoded octets from there on
  private int longest(long left) {
    long whole = (long) linesOfChunk() * (width + lineEnd.length());
    return (int) Math.min(whole, Base64Run.length(left, width, lineEnd, true));
  }

  private int decodedLine() {
    return width / 4 * 3;
  }

  private final class Decoding extends ChunkedStream {
    private final InputStream message;
    private final int line = width + lineEnd.length();
    private long left = length();
    private final byte[] chunk = new byte[(int) Math.min(left, (long) linesOfChunk() * line)];

    /// A chunk of whole lines without their ends.
    private final byte[] characters = new byte[chunk.length / line * width];

    Decoding(InputStream message) {
      super((int) Math.min(decoded, (long) linesOfChunk() * decodedLine()));
      this.message = message;
    }

    @Override
    int next(byte[] into) throws IOException {
      int read = message.readNBytes(chunk, 0, (int) Math.min(left, chunk.length));
      if (read == 0 && left > 0) {
        throw new EOFException("a message is shorter than it was");
      }
      left -= read;
      byte[] text =
          read % line == 0 && read / line * width == characters.length
              ? characters
              : new byte[read];
      int count = compact(read, text);
      return Base64.getDecoder()
          .decode(count == text.length ? text : Arrays.copyOf(text, count), into);
    }

    /// Copies the chunk without its line ends.
    private int compact(int read, byte[] to) {
      int at = 0;
      for (int from = 0; from < read; from += line) {
        int count = Math.min(width, read - from);
        if (count < width || from + line > read) {
          count = lastLine(from, read);
        }
        System.arraycopy(chunk, from, to, at, count);
        at += count;
      }
      return at;
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
    private final byte[] end = lineEnd.octets();
    private final byte[] chunk;

    /// The chunk in base64, without ends of lines: to put them in afterwards costs half as much as
    /// to encode line by line.
    private final byte[] characters;

    private long left;

    /// @param left decoded octets from here to the end of the part
    Encoding(PartStream part, long left) {
      super(longest(left));
      this.part = part;
      this.left = left;
      // Whole lines, so that chunks can be encoded one by one.
      this.chunk = new byte[(int) Math.min(left, (long) linesOfChunk() * decodedLine())];
      this.characters = new byte[Math.ceilDiv(chunk.length, 3) * 4];
    }

    @Override
    int next(byte[] into) throws IOException {
      if (left <= 0) {
        return 0;
      }
      int read = part.readNBytes(chunk, 0, chunk.length);
      if (read < Math.min(left, chunk.length)) {
        throw new EOFException("a part is shorter than it says");
      }
      left -= read;
      return lines(read, left > 0 || ended, into);
    }

    private int lines(int count, boolean endOfLast, byte[] into) {
      int length =
          Base64.getEncoder()
              .encode(count == chunk.length ? chunk : Arrays.copyOf(chunk, count), characters);
      int at = 0;
      for (int line = 0; line < length; line += width) {
        int ofLine = Math.min(width, length - line);
        System.arraycopy(characters, line, into, at, ofLine);
        at += ofLine;
        if (line + ofLine < length || endOfLast) {
          System.arraycopy(end, 0, into, at, end.length);
          at += end.length;
        }
      }
      return at;
    }
  }
}
