package org.muniment.archive.content;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.MessageRecord.PartRef;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.part.Base64Run;
import org.muniment.archive.part.Base64Scanner;

/// A message cut into stretches that are its own and parts that other messages may have, too:
/// attachments, found as runs of base64, and long stretches of anything else.
///
/// @param pieces in order
public record Cut(ContentId id, Octets octets, List<Piece> pieces) {

  /// The longest stretch that stays in the message.
  static final int LONGEST_STRETCH = 128 << 10;

  /// The most octets of a message that stay in it.
  static final int MOST_INLINE = 256 << 10;

  private static final int BUFFER = 64 << 10;

  public Cut {
    pieces = List.copyOf(pieces);
  }

  /// A stretch of the message.
  public sealed interface Piece {}

  /// Octets of the message alone.
  ///
  /// @param octets not copied
  @SuppressWarnings("ArrayRecordComponent")
  public record Own(byte[] octets) implements Piece {}

  /// A part.
  ///
  /// @param id SHA-256 of the part
  /// @param length octets of the part
  /// @param lines how it stands in the message, null for as it is
  /// @param source gives its octets from the beginning, as often as it is asked
  public record Part(ContentId id, long length, @Nullable Base64Lines lines, Source source)
      implements Piece {

    /// The part as it stands in a message.
    ///
    /// @param part where it lies
    public MessageRecord.Piece inMessage(PartRef part) {
      return lines == null
          ? new MessageRecord.Verbatim(part)
          : new MessageRecord.Encoded(part, lines.width(), lines.lineEnd(), lines.ended());
    }

    /// The octets of the part; the caller closes it.
    public InputStream open() throws IOException {
      return source.open();
    }
  }

  /// Where octets can be read.
  interface Source {
    InputStream open() throws IOException;
  }

  /// Cuts a message.
  ///
  /// @param id SHA-256 of the octets
  /// @param keep whether to hold what its base64 decodes to in memory, as the message is
  public static Cut of(ContentId id, Octets octets, boolean keep) throws IOException {
    Base64Scanner.Found found = scan(octets, keep);
    List<Piece> pieces = new ArrayList<>();
    long inline = 0;
    int keptAt = 0;
    try (InputStream in = octets.open()) {
      long at = 0;
      for (Base64Run run : found.runs()) {
        inline += stretch(octets, in, at, run.offset() - at, inline, pieces);
        pieces.add(keep ? kept(run, found.decoded(), keptAt) : part(run, octets));
        keptAt += keep ? Math.toIntExact(run.decoded()) : 0;
        in.skipNBytes(run.length());
        at = run.offset() + run.length();
      }
      stretch(octets, in, at, octets.length() - at, inline, pieces);
    }
    return new Cut(id, octets, pieces);
  }

  private static Base64Scanner.Found scan(Octets octets, boolean keep) throws IOException {
    try (InputStream in = octets.open()) {
      return keep
          ? Base64Scanner.scanAndKeep(in, Math.toIntExact(octets.length()))
          : new Base64Scanner.Found(Base64Scanner.scan(in, octets.length()), new byte[0]);
    }
  }

  private static Part kept(Base64Run run, byte[] decoded, int from) {
    int length = Math.toIntExact(run.decoded());
    return new Part(
        run.content(), length, lines(run), () -> new ByteArrayInputStream(decoded, from, length));
  }

  private static Part part(Base64Run run, Octets octets) {
    Base64Lines lines = lines(run);
    return new Part(
        run.content(), run.decoded(), lines, () -> lines.decode(openedAt(octets, run.offset())));
  }

  private static Base64Lines lines(Base64Run run) {
    return new Base64Lines(run.decoded(), run.width(), run.lineEnd(), run.ended());
  }

  private static InputStream openedAt(Octets octets, long offset) throws IOException {
    InputStream in = octets.open();
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /// @return octets that stay in the message
  private static long stretch(
      Octets octets, InputStream in, long at, long length, long inline, List<Piece> pieces)
      throws IOException {
    if (length == 0) {
      return 0;
    }
    if (length <= LONGEST_STRETCH && inline + length <= MOST_INLINE) {
      pieces.add(new Own(read(in, Math.toIntExact(length))));
      return length;
    }
    pieces.add(
        new Part(
            digest(in, length), length, null, () -> new Limited(openedAt(octets, at), length)));
    return 0;
  }

  private static byte[] read(InputStream in, int length) throws IOException {
    byte[] octets = in.readNBytes(length);
    if (octets.length < length) {
      throw new EOFException("a message is shorter than it was");
    }
    return octets;
  }

  private static ContentId digest(InputStream in, long length) throws IOException {
    MessageDigest digest = TreeHash.sha256();
    byte[] buffer = new byte[BUFFER];
    for (long left = length; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(left, BUFFER));
      if (read < 0) {
        throw new EOFException("a message is shorter than it was");
      }
      digest.update(buffer, 0, read);
      left -= read;
    }
    return ContentId.of(digest.digest());
  }

  /// So many octets of another stream.
  private static final class Limited extends InputStream {
    private final InputStream in;
    private long left;

    Limited(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = left == 0 ? -1 : in.read(into, offset, (int) Math.min(left, length));
      left -= Math.max(read, 0);
      return read;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
