package org.muniment.archive.content;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.Content;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.store.ArchiveException;

/// The octets of a part, frame by frame.
///
/// ```
/// part-content = id(32) length(8) octets
/// ```
public final class PartStream extends InputStream {

  /// Octets before those of the part in its first frame.
  public static final int HEAD = ContentId.LENGTH + Long.BYTES;

  /// The most octets of a part in one frame.
  public static final int PIECE = 1 << 20;

  private final FrameFile file;
  private final ContentId id;
  private final long length;
  private Frame frame;
  private int piecesLeft;
  private byte[] octets;
  private int at;

  private PartStream(FrameFile file, Frame first, byte[] content) throws ArchiveException {
    if (content.length < HEAD) {
      throw file.corrupt(first.offset(), "a part", content.length + " octets");
    }
    this.file = file;
    byte[] digest = new byte[ContentId.LENGTH];
    ByteBuffer head = ByteBuffer.wrap(content).get(digest);
    this.id = ContentId.of(digest);
    this.length = head.getLong();
    this.frame = first;
    this.piecesLeft = first.count();
    this.octets = content;
    this.at = HEAD;
  }

  /// Opens the part whose first frame is at `offset`.
  ///
  /// @param file stays open for as long as the stream is read
  public static PartStream open(FrameFile file, long offset) throws ArchiveException {
    Frame first = file.frame(offset, Frame.Kind.PART);
    return new PartStream(file, first, file.content(first));
  }

  /// What the part says it is; whoever needs to know reads and hashes it.
  public ContentId id() {
    return id;
  }

  /// How many octets the part says it has.
  public long length() {
    return length;
  }

  /// Where the frame after the last begins that was read.
  public long end() {
    return frame.end();
  }

  /// Passes over octets, without reading the frames that lie wholly among them.
  void pass(long count) throws ArchiveException {
    long left = count;
    while (left > octets.length - at) {
      left -= octets.length - at;
      at = octets.length;
      if (piecesLeft == 0) {
        return;
      }
      nextFrame();
      if (left < frame.raw()) {
        read(frame);
      } else {
        left -= frame.raw();
      }
    }
    at += Math.toIntExact(left);
  }

  private void nextFrame() throws ArchiveException {
    frame = file.frame(frame.end(), Frame.Kind.PIECE);
    piecesLeft--;
  }

  private void read(Frame piece) throws ArchiveException {
    octets = file.content(piece);
    at = 0;
  }

  private boolean fill() throws ArchiveException {
    while (at == octets.length) {
      if (piecesLeft == 0) {
        return false;
      }
      nextFrame();
      read(frame);
    }
    return true;
  }

  @Override
  public int read() throws ArchiveException {
    return fill() ? octets[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int count) throws ArchiveException {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int read = Math.min(count, octets.length - at);
    System.arraycopy(octets, at, into, offset, read);
    at += read;
    return read;
  }

  /// The content of the first frame of a part: its head, and room for the octets behind.
  static byte[] begin(ContentId id, long length) {
    return ByteBuffer.allocate(HEAD + (int) Math.min(length, PIECE))
        .put(id.bytes())
        .putLong(length)
        .array();
  }

  /// The first frame of a part.
  static Content first(byte[] content, int pieces) {
    return Content.of(Frame.Kind.PART, 0, pieces, content, content.length, Content.Effort.THOROUGH);
  }

  /// A further frame of a part.
  static Content piece(long offset, byte[] octets, int count) {
    return Content.of(Frame.Kind.PIECE, offset, 0, octets, count, Content.Effort.THOROUGH);
  }

  /// Number of frames after the first.
  static int pieces(long length) {
    return length == 0 ? 0 : Math.toIntExact((length - 1) / PIECE);
  }
}
