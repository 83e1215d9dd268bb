package org.muniment.archive.content;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.Content;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.store.ArchiveException;

/// The frames of a part, made or copied one by one.
public final class PartFrames {

  private PartFrames() {}

  /// Takes frames.
  public interface Sink {
    /// Takes the next.
    void take(Content frame) throws ArchiveException;
  }

  /// Makes the frames of a part.
  ///
  /// @param octets must give `length` octets
  public static void make(ContentId id, long length, InputStream octets, Sink to)
      throws IOException {
    byte[] first = PartStream.begin(id, length);
    long at = fill(octets, first, PartStream.HEAD, length);
    to.take(PartStream.first(first, PartStream.pieces(length)));
    byte[] piece = at < length ? new byte[(int) Math.min(length - at, PartStream.PIECE)] : first;
    while (at < length) {
      int read = fill(octets, piece, 0, length - at);
      to.take(PartStream.piece(at, piece, read));
      at += read;
    }
  }

  /// All frames of a part that is small enough to hold.
  public static List<Content> all(ContentId id, long length, InputStream octets)
      throws IOException {
    List<Content> frames = new ArrayList<>();
    make(id, length, octets, frames::add);
    return frames;
  }

  private static int fill(InputStream octets, byte[] piece, int from, long left)
      throws IOException {
    int due = (int) Math.min(left, piece.length - from);
    if (octets.readNBytes(piece, from, due) < due) {
      throw new EOFException("a part is shorter than it was");
    }
    return due;
  }

  /// Gives the frames of a part as they are in another file: neither decompressed nor compressed.
  ///
  /// @param offset of its first frame
  public static void copy(FrameFile from, long offset, Sink to) throws ArchiveException {
    Frame frame = from.frame(offset, Frame.Kind.PART);
    to.take(from.compressed(frame));
    for (int i = frame.count(); i > 0; i--) {
      frame = from.frame(frame.end(), Frame.Kind.PIECE);
      to.take(from.compressed(frame));
    }
  }
}
