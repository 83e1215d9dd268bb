package org.muniment.archive.content;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.Place;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;

/// Reads messages and parts where they lie. Safe for use by many threads.
public final class Contents implements Closeable {

  private static final int BUFFER = 64 << 10;

  private final OpenFiles files;
  private final FrameCache cache = new FrameCache();

  /// @param files closed with this
  public Contents(OpenFiles files) {
    this.files = files;
  }

  /// The octets of the message at a place, from `offset` on.
  ///
  /// @param offset 0 to the length of the message
  /// @throws CorruptArchiveException when another message lies there, or none
  /// @throws IndexOutOfBoundsException when the offset is outside the message
  public InputStream open(ContentId id, Place place, long offset) throws IOException {
    return new MessageStream(files, null, record(id, place), offset);
  }

  /// The octets of a message whose record was read.
  ///
  /// @param holder of the record, kept open by the caller; its parts there are read from it
  public InputStream open(MessageRecord record, FrameFile holder) throws IOException {
    return new MessageStream(files, holder, record, 0);
  }

  /// The content of a messages frame, remembered for a while.
  public byte[] content(FrameFile file, Frame frame) throws ArchiveException {
    return cache.content(file, frame);
  }

  /// Octets of the message at a place, as its record says.
  ///
  /// @throws CorruptArchiveException when another message lies there, or none
  public long length(ContentId id, Place place) throws ArchiveException {
    return record(id, place).length();
  }

  /// The record of the message at a place.
  ///
  /// @throws CorruptArchiveException when another message lies there, or none
  MessageRecord record(ContentId id, Place place) throws ArchiveException {
    try (OpenFiles.Lease lease = files.lease(place.file())) {
      FrameFile file = lease.file();
      Frame frame = file.frame(place.offset(), Frame.Kind.MESSAGES);
      MessageRecord record =
          MessageRecord.read(cache.content(file, frame), frame, place.index(), file);
      if (!record.id().equals(id)) {
        throw file.corrupt(place.offset(), "message " + id, record.id().toString());
      }
      return record;
    }
  }

  /// Whether the message at a place is to the bit what `octets` gives.
  ///
  /// @throws IOException when the octets cannot be read
  public boolean holds(ContentId id, Place place, Octets octets) throws IOException {
    InputStream archived;
    try {
      archived = open(id, place, 0);
    } catch (CorruptArchiveException e) {
      return false;
    }
    try (archived;
        InputStream original = octets.open()) {
      return same(archived, original, octets.length());
    } catch (CorruptArchiveException e) {
      return false;
    }
  }

  /// Whether the part at a place is to the bit what `octets` gives.
  public boolean holdsPart(ContentId id, Place place, InputStream octets) throws IOException {
    try (OpenFiles.Lease lease = files.lease(place.file())) {
      PartStream part = PartStream.open(lease.file(), place.offset());
      return part.id().equals(id) && same(part, octets, part.length());
    } catch (CorruptArchiveException e) {
      return false;
    }
  }

  private static boolean same(InputStream one, InputStream other, long length) throws IOException {
    int size = (int) Math.min(length + 1, BUFFER);
    byte[] left = new byte[size];
    byte[] right = new byte[size];
    int read;
    do {
      read = one.readNBytes(left, 0, size);
      int otherRead = other.readNBytes(right, 0, size);
      if (read != otherRead || !Arrays.equals(left, 0, read, right, 0, read)) {
        return false;
      }
    } while (read == size);
    return true;
  }

  /// Lets go of a file that was removed; who reads it goes on to read it. What a crash left of a
  /// segment may have had the number that the next one gets.
  public void forget(FileId id) throws ArchiveException {
    files.forget(id);
    cache.forget(id);
  }

  /// The files.
  public OpenFiles files() {
    return files;
  }

  @Override
  public void close() throws ArchiveException {
    files.close();
  }

  /// The contents of the messages frames last read, since to decompress one takes most of the time
  /// that it takes to read one message: who reads one message of a frame mostly reads the next, and
  /// many read what is new.
  private static final class FrameCache {

    /// A small share of the heap, and enough for the messages of a frame of events, mostly.
    private static final long MOST_OCTETS =
        Math.clamp(Runtime.getRuntime().maxMemory() / 16, 8L << 20, 256L << 20);

    private record Key(FileId file, long offset) {}

    /// Longest unused first.
    private final Map<Key, byte[]> contents = new LinkedHashMap<>();

    private long octets;

    byte[] content(FrameFile file, Frame frame) throws ArchiveException {
      Key key = new Key(file.id(), frame.offset());
      synchronized (this) {
        byte[] known = contents.remove(key);
        if (known != null) {
          contents.put(key, known);
          return known;
        }
      }
      byte[] content = file.content(frame);
      keep(key, content);
      return content;
    }

    synchronized void forget(FileId file) {
      contents
          .entrySet()
          .removeIf(
              kept -> {
                boolean gone = kept.getKey().file.equals(file);
                octets -= gone ? kept.getValue().length : 0;
                return gone;
              });
    }

    private synchronized void keep(Key key, byte[] content) {
      if (content.length > MOST_OCTETS / 8 || contents.containsKey(key)) {
        return;
      }
      contents.put(key, content);
      octets += content.length;
      var longestUnused = contents.values().iterator();
      while (octets > MOST_OCTETS) {
        octets -= longestUnused.next().length;
        longestUnused.remove();
      }
    }
  }
}
