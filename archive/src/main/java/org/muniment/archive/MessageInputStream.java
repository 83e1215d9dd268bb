package org.muniment.archive;

import java.io.InputStream;
import java.util.Objects;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.JournalReader;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// The octets of one message, piece by piece.
final class MessageInputStream extends InputStream {

  private final JournalReader reader;
  private int piecesLeft;
  private byte[] piece = new byte[0];
  private int at;

  private MessageInputStream(JournalReader reader, int pieces) {
    this.reader = reader;
    this.piecesLeft = pieces;
  }

  /// @param reader closed with the stream
  /// @param frame where the message frame begins
  /// @param offset of the first octet to read
  static MessageInputStream open(JournalReader reader, long frame, long offset)
      throws ArchiveException {
    reader.seek(frame);
    Frame message = reader.next();
    if (message == null || message.kind() != Frame.Kind.MESSAGE) {
      throw new CorruptArchiveException(
          reader.journal().name(), frame, "a message", "something else");
    }
    MessageInputStream stream = new MessageInputStream(reader, message.count());
    stream.skipTo(offset, reader.message().length());
    return stream;
  }

  /// Passes over pieces without reading them, as far as they lie wholly before `offset`.
  private void skipTo(long offset, long length) throws ArchiveException {
    Objects.checkFromToIndex(offset, length, length);
    while (piecesLeft > 0) {
      Frame frame = nextPiece();
      piecesLeft--;
      if (offset < frame.first() + frame.raw()) {
        piece = reader.piece();
        at = Math.toIntExact(offset - frame.first());
        return;
      }
    }
  }

  private Frame nextPiece() throws ArchiveException {
    Frame frame = reader.next();
    if (frame == null || frame.kind() != Frame.Kind.PIECE) {
      throw new CorruptArchiveException(
          reader.journal().name(), reader.offset(), "a piece of a message", "something else");
    }
    return frame;
  }

  @Override
  public int read() throws ArchiveException {
    return fill() ? piece[at++] & 0xFF : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws ArchiveException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, into, offset, count);
    at += count;
    return count;
  }

  private boolean fill() throws ArchiveException {
    while (at == piece.length) {
      if (piecesLeft == 0) {
        return false;
      }
      nextPiece();
      piece = reader.piece();
      at = 0;
      piecesLeft--;
    }
    return true;
  }

  @Override
  public void close() throws ArchiveException {
    reader.close();
  }
}
