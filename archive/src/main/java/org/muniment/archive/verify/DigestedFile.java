package org.muniment.archive.verify;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.Disk;

/// A file read from its beginning to its end, once, its SHA-256 taken on the way; whoever asks for
/// something further on has all before it digested. Not safe for use by many threads.
final class DigestedFile implements Disk.Reader {

  private static final int WINDOW = 1 << 20;

  private final Disk.Reader file;
  private final long mark;
  private final MessageDigest digest = TreeHash.sha256();
  private final byte[] window = new byte[WINDOW];
  private long start;
  private int length;
  private @Nullable ContentId marked;

  /// Why there is no digest: from there on the file is only read.
  private @Nullable CorruptArchiveException unreadable;

  /// @param mark offset of which the digest is wanted, too
  DigestedFile(Disk.Reader file, long mark) {
    this.file = file;
    this.mark = mark;
  }

  /// SHA-256 of what stands before the mark, null when the file is shorter.
  @Nullable ContentId marked() {
    return marked;
  }

  /// SHA-256 of the whole file; reads what was not read yet.
  ///
  /// @throws CorruptArchiveException when not all of it can be read
  ContentId digest() throws ArchiveException {
    while (advance()) {}
    if (unreadable != null) {
      throw unreadable;
    }
    return ContentId.of(digest.digest());
  }

  /// @return whether there is more
  private boolean advance() throws ArchiveException {
    start += length;
    length = 0;
    if (unreadable != null) {
      return false;
    }
    try {
      length = file.read(window, 0, WINDOW, start);
    } catch (CorruptArchiveException e) {
      unreadable = e;
      return false;
    }
    int before = Math.clamp(mark - start, 0, length);
    if (marked == null && mark >= start && mark <= start + length) {
      digest.update(window, 0, before);
      marked = snapshot();
      digest.update(window, before, length - before);
    } else {
      digest.update(window, 0, length);
    }
    return length > 0;
  }

  private ContentId snapshot() {
    try {
      return ContentId.of(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("SHA-256 of the platform can be cloned", e);
    }
  }

  @Override
  public long size() throws ArchiveException {
    return file.size();
  }

  @Override
  public int read(byte[] into, int offset, int count, long position) throws ArchiveException {
    int done = 0;
    while (done < count) {
      long at = position + done;
      int read = at < start ? before(into, offset + done, count - done, at) : 0;
      if (at >= start && at < start + length) {
        read = (int) Math.min(count - done, start + length - at);
        System.arraycopy(window, (int) (at - start), into, offset + done, read);
      }
      if (read == 0 && !advance()) {
        return unreadable == null
            ? done
            : done + file.read(into, offset + done, count - done, position + done);
      }
      done += read;
    }
    return done;
  }

  /// Reads again what was passed.
  private int before(byte[] into, int offset, int count, long at) throws ArchiveException {
    return file.read(into, offset, (int) Math.min(count, start - at), at);
  }

  @Override
  public void close() throws ArchiveException {
    file.close();
  }
}
