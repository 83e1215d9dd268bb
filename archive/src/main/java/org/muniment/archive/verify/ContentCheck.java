package org.muniment.archive.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.muniment.archive.content.Contents;
import org.muniment.archive.content.PartStream;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.TableEntry;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.SortedRuns;

/// Checks the contents of a file's frames: every part and every message is hashed, and every frame
/// is opened. Damage in one frame hides no other. Safe for use by many threads.
final class ContentCheck {

  private static final int BUFFER = 64 << 10;

  /// Octets of parts that a thread remembers for the messages that follow them.
  private static final int REMEMBERED = 16 << 20;

  private final FrameFile file;
  private final Contents contents;
  private final Findings findings;
  private final Tally tally;
  private final Held held;
  private final SortedRuns found;
  private final boolean counted;
  private final AtomicLong parts = new AtomicLong();
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong events = new AtomicLong();
  private final AtomicLong octets = new AtomicLong();

  /// @param found given an entry for each message and part, as [TableEntry#octets()]
  /// @param counted whether the report counts what is here, which is so for what lies nowhere else
  ContentCheck(Verification run, FrameFile file, SortedRuns found, boolean counted) {
    this.file = file;
    this.contents = run.contents();
    this.findings = run.findings();
    this.tally = run.tally();
    this.held = run.held();
    this.found = found;
    this.counted = counted;
  }

  long parts() {
    return parts.get();
  }

  long messages() {
    return messages.get();
  }

  long events() {
    return events.get();
  }

  /// Sum of the lengths of the messages.
  long octets() {
    return octets.get();
  }

  /// Checks frames that follow each other.
  ///
  /// @param stored their octets in the file
  void run(List<Frame> frames, long stored) throws ArchiveException {
    FrameFile remembering = file.remembering(REMEMBERED);
    byte[] buffer = new byte[BUFFER];
    for (int i = 0; i < frames.size(); i++) {
      Frame frame = frames.get(i);
      try {
        switch (frame.kind()) {
          case PART -> {
            List<Frame> pieces = pieces(frames.subList(i + 1, frames.size()), frame.count());
            part(frame, pieces, remembering);
            i += pieces.size();
          }
          case MESSAGES -> messages(frame, remembering, buffer);
          case EVENTS -> events.addAndGet(LoggedEvent.read(file, frame).size());
          case STATE, FOOTER -> requireCanonical(frame);
          case PIECE, TABLE -> file.content(frame);
        }
      } catch (CorruptArchiveException e) {
        findings.add(e);
      }
    }
    tally.stored(stored);
  }

  private void requireCanonical(Frame frame) throws ArchiveException {
    try {
      CanonicalJson.requireCanonical(file.content(frame));
    } catch (IllegalArgumentException e) {
      throw file.corrupt(frame.offset(), "canonical JSON", String.valueOf(e.getMessage()));
    }
  }

  /// The frames of a part behind its first; fewer where some are lost.
  private static List<Frame> pieces(List<Frame> following, int count) {
    int pieces = 0;
    while (pieces < Math.min(count, following.size())
        && following.get(pieces).kind() == Frame.Kind.PIECE) {
      pieces++;
    }
    return following.subList(0, pieces);
  }

  /// Reads every piece, whatever is wrong with those before it.
  private void part(Frame first, List<Frame> pieces, FrameFile from) throws ArchiveException {
    MessageDigest digest = TreeHash.sha256();
    byte[] head = content(first, from);
    long read = 0;
    if (head.length >= PartStream.HEAD) {
      digest.update(head, PartStream.HEAD, head.length - PartStream.HEAD);
      read += head.length - PartStream.HEAD;
    }
    if (pieces.size() < first.count()) {
      findings.add(
          file.corrupt(
              first.offset(), "a part of " + first.count() + " pieces", pieces.size() + " pieces"));
    }
    boolean whole = head.length >= PartStream.HEAD && pieces.size() == first.count();
    for (Frame frame : pieces) {
      byte[] piece = content(frame, from);
      whole &= piece.length > 0;
      digest.update(piece);
      read += piece.length;
    }
    if (!whole) {
      return;
    }
    parts.incrementAndGet();
    if (counted) {
      tally.part();
    }
    ByteBuffer said = ByteBuffer.wrap(head);
    byte[] said32 = new byte[ContentId.LENGTH];
    said.get(said32);
    ContentId id = ContentId.of(said32);
    long length = said.getLong();
    ContentId hash = ContentId.of(digest.digest());
    found.add(new TableEntry(id, TableEntry.Type.PART, first.offset(), 0, length).octets());
    if (!hash.equals(id) || read != length) {
      findings.add(
          file.corrupt(
              first.offset(), "part " + id + " of " + length, "part " + hash + " of " + read));
    }
  }

  /// @return empty when it is damaged
  private byte[] content(Frame frame, FrameFile from) throws ArchiveException {
    try {
      byte[] content = from.content(frame);
      if (content.length == 0) {
        findings.add(file.corrupt(frame.offset(), "octets of a part", "none"));
      }
      return content;
    } catch (CorruptArchiveException e) {
      findings.add(e);
      return new byte[0];
    }
  }

  private void messages(Frame frame, FrameFile from, byte[] buffer) throws ArchiveException {
    int index = 0;
    for (MessageRecord record : MessageRecord.read(from, frame)) {
      found.add(
          new TableEntry(
                  record.id(), TableEntry.Type.MESSAGE, frame.offset(), index++, record.length())
              .octets());
      messages.incrementAndGet();
      octets.addAndGet(record.length());
      try {
        requireEarlierParts(record, frame);
        message(record, frame, from, buffer);
      } catch (CorruptArchiveException e) {
        findings.add(e, record.id());
      }
    }
  }

  /// A segment refers to itself and to segments before it, a journal to itself and to segments.
  private void requireEarlierParts(MessageRecord record, Frame frame)
      throws CorruptArchiveException {
    for (MessageRecord.Piece piece : record.pieces()) {
      switch (piece) {
        case MessageRecord.Inline own -> {}
        case MessageRecord.Verbatim part -> requireEarlier(part.part(), frame);
        case MessageRecord.Encoded part -> requireEarlier(part.part(), frame);
      }
    }
  }

  private void requireEarlier(MessageRecord.PartRef part, Frame frame)
      throws CorruptArchiveException {
    FileId holder = file.id();
    boolean earlier =
        part.file().equals(holder)
            ? part.offset() < frame.offset()
            : holder.kind() == FileId.Kind.JOURNAL || part.file().number() < holder.number();
    if (!earlier) {
      throw file.corrupt(
          frame.offset(), "a part that lies before", part.file().name() + " at " + part.offset());
    }
  }

  private void message(MessageRecord record, Frame frame, FrameFile from, byte[] buffer)
      throws ArchiveException {
    MessageDigest digest = TreeHash.sha256();
    long length = 0;
    try (InputStream joined = contents.open(record, from)) {
      for (int read = joined.read(buffer); read >= 0; read = joined.read(buffer)) {
        digest.update(buffer, 0, read);
        length += read;
      }
    } catch (ArchiveException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // A record that was made to mislead can ask for anything.
      throw file.corrupt(frame.offset(), "message " + record.id(), String.valueOf(e));
    }
    ContentId hash = ContentId.of(digest.digest());
    if (!hash.equals(record.id()) || length != record.length()) {
      throw file.corrupt(
          frame.offset(),
          "message " + record.id() + " of " + record.length(),
          hash + " of " + length);
    }
    held.message(record.id(), length);
    if (counted) {
      tally.message(length);
    }
  }
}
