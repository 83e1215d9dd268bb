package org.muniment.archive.content;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.store.ArchiveException;

/// The octets of a message, joined from what is its own and its parts.
final class MessageStream extends InputStream {

  private final OpenFiles files;
  private final @Nullable FrameFile holder;
  private final Iterator<MessageRecord.Piece> pieces;
  private @Nullable InputStream piece;
  private OpenFiles.@Nullable Lease lease;

  /// @param holder of the record, when somebody keeps it open
  /// @param offset of the first octet to give, 0 to the length of the message
  MessageStream(OpenFiles files, @Nullable FrameFile holder, MessageRecord record, long offset)
      throws IOException {
    Objects.checkFromToIndex(offset, record.length(), record.length());
    this.files = files;
    this.holder = holder;
    this.pieces = record.pieces().iterator();
    passTo(offset);
  }

  private void passTo(long offset) throws IOException {
    long left = offset;
    while (left > 0 && pieces.hasNext()) {
      MessageRecord.Piece next = pieces.next();
      long length = length(next);
      if (left < length) {
        piece = open(next, left);
        return;
      }
      left -= length;
    }
  }

  /// Octets of a piece in the message.
  static long length(MessageRecord.Piece piece) {
    return switch (piece) {
      case MessageRecord.Inline inline -> inline.octets().length;
      case MessageRecord.Verbatim verbatim -> verbatim.part().length();
      case MessageRecord.Encoded encoded -> Base64Lines.of(encoded).length();
    };
  }

  private InputStream open(MessageRecord.Piece next, long offset) throws IOException {
    return switch (next) {
      case MessageRecord.Inline inline ->
          new ByteArrayInputStream(
              inline.octets(),
              Math.toIntExact(offset),
              inline.octets().length - Math.toIntExact(offset));
      case MessageRecord.Verbatim verbatim -> {
        PartStream part = part(verbatim.part());
        part.pass(offset);
        yield part;
      }
      case MessageRecord.Encoded encoded ->
          Base64Lines.of(encoded).encode(part(encoded.part()), offset);
    };
  }

  private PartStream part(MessageRecord.PartRef ref) throws ArchiveException {
    FrameFile file = file(ref.file());
    PartStream part = PartStream.open(file, ref.offset());
    if (!part.id().equals(ref.id()) || part.length() != ref.length()) {
      throw file.corrupt(
          ref.offset(),
          "part " + ref.id() + " of " + ref.length(),
          part.id() + " of " + part.length());
    }
    return part;
  }

  private FrameFile file(FileId id) throws ArchiveException {
    if (holder != null && holder.id().equals(id)) {
      return holder;
    }
    OpenFiles.Lease leased = files.lease(id);
    lease = leased;
    return leased.file();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    while (true) {
      int read = piece == null ? -1 : piece.read(into, offset, length);
      if (read >= 0) {
        return read;
      }
      close();
      if (!pieces.hasNext()) {
        return -1;
      }
      piece = open(pieces.next(), 0);
    }
  }

  @Override
  public void close() throws ArchiveException {
    piece = null;
    if (lease != null) {
      lease.close();
      lease = null;
    }
  }
}
