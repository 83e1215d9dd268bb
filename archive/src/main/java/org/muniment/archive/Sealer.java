package org.muniment.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.ContentWriter;
import org.muniment.archive.content.OpenFiles;
import org.muniment.archive.content.PartFrames;
import org.muniment.archive.content.PartStream;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.format.Content;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Footer;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.FrameWriter;
import org.muniment.archive.format.Group;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.MessageRecord.PartRef;
import org.muniment.archive.format.Place;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.format.TableEntry;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Progress;

/// Rewrites ended journals as a segment: full frames, each part once. One run, one object.
///
/// The segment gets its name only after every message in it was joined and hashed and every event
/// was compared with that of the journals. Nothing is taken away here.
final class Sealer implements ContentWriter.Placed {

  private final Archive archive;
  private final ContentIndex index;
  private final Progress progress;
  private final SegmentFile segment;
  private final MessageDigest eventsBefore = TreeHash.sha256();
  private final List<TableEntry> entries = new ArrayList<>();
  private final List<Footer.EventFrame> eventFrames = new ArrayList<>();
  private final List<Footer.Table> tables = new ArrayList<>();
  private long parts;
  private long messages;
  private long events;
  private long octets;

  private Sealer(Archive archive, ContentIndex index, Progress progress, SegmentFile segment) {
    this.archive = archive;
    this.index = index;
    this.progress = progress;
    this.segment = segment;
  }

  /// Makes a segment of journals.
  ///
  /// @param journals in order, at least one; nothing is appended to them any more
  /// @param endLeaf first leaf after them
  static Event.SealedSegment seal(
      Archive archive,
      ContentIndex index,
      List<JournalFile> journals,
      long endLeaf,
      Instant now,
      Progress progress)
      throws IOException {
    SegmentFile segment =
        new SegmentFile(
            archive.files().nextNumber(FileId.Kind.SEGMENT),
            journals.getFirst().firstLeaf(),
            endLeaf,
            now.truncatedTo(ChronoUnit.MILLIS),
            Group.KEEP);
    return new Sealer(archive, index, progress, segment).run(journals);
  }

  private Event.SealedSegment run(List<JournalFile> journals) throws IOException {
    archive.disk().delete(segment.unfinishedName());
    ContentId sha256;
    long length;
    try (FrameWriter frames = segment.create(archive.disk(), archive.keys(), archive.id())) {
      ContentWriter writer = new ContentWriter(frames, segment.id(), Content.Effort.THOROUGH, this);
      for (JournalFile journal : journals) {
        copy(journal, writer);
      }
      writer.flush();
      writeTables(frames);
      sha256 = ContentId.of(segment.end(frames, footer(frames)));
      length = frames.position();
    }
    check();
    segment.finish(archive.disk());
    return new Event.SealedSegment(
        segment.number(),
        segment.group().retention(),
        segment.group().expires(),
        length,
        sha256,
        messages,
        parts,
        events);
  }

  private void copy(JournalFile journal, ContentWriter to) throws IOException {
    try (OpenFiles.Lease lease = archive.contents().files().lease(journal.id())) {
      FrameFile file = lease.file();
      Map<ContentId, MessageRecord> unplaced = new HashMap<>();
      long at = JournalFile.HEADER;
      for (Frame frame = file.frame(at); frame != null; frame = file.frame(at)) {
        at = frame.end();
        switch (frame.kind()) {
          case STATE, PART, PIECE -> {}
          case MESSAGES ->
              MessageRecord.read(file, frame).forEach(record -> unplaced.put(record.id(), record));
          case EVENTS -> {
            copyEvents(file, frame, unplaced, to);
            unplaced.clear();
          }
          case TABLE, FOOTER ->
              throw file.corrupt(frame.offset(), "a frame of a journal", "" + frame.kind());
        }
      }
    }
  }

  private void copyEvents(
      FrameFile from, Frame frame, Map<ContentId, MessageRecord> unplaced, ContentWriter to)
      throws IOException {
    for (LoggedEvent logged : LoggedEvent.read(from, frame)) {
      MessageRecord placed =
          logged.parse() instanceof Event.Placement placement
              ? unplaced.remove(placement.content())
              : null;
      to.add(placed == null ? null : moved(placed, from, to), logged);
      digest(eventsBefore, logged);
      events++;
    }
  }

  private MessageRecord moved(MessageRecord record, FrameFile from, ContentWriter to)
      throws IOException {
    List<MessageRecord.Piece> pieces = new ArrayList<>();
    for (MessageRecord.Piece piece : record.pieces()) {
      pieces.add(
          switch (piece) {
            case MessageRecord.Inline inline -> inline;
            case MessageRecord.Verbatim part ->
                new MessageRecord.Verbatim(moved(part.part(), from, to));
            case MessageRecord.Encoded part ->
                new MessageRecord.Encoded(
                    moved(part.part(), from, to), part.width(), part.lineEnd(), part.ended());
          });
    }
    return new MessageRecord(record.id(), record.length(), pieces);
  }

  private PartRef moved(PartRef part, FrameFile from, ContentWriter to) throws IOException {
    if (part.file().kind() == FileId.Kind.SEGMENT) {
      return part;
    }
    PartRef here = to.part(part.id());
    if (here != null) {
      return here;
    }
    PartRef earlier = sealedBefore(part, from);
    return earlier != null
        ? earlier
        : to.addPart(
            part.id(), part.length(), frames -> PartFrames.copy(from, part.offset(), frames));
  }

  /// A journal knows only of itself and of what was sealed when it was written.
  private @Nullable PartRef sealedBefore(PartRef part, FrameFile from) throws IOException {
    Location location = index.findPart(part.id());
    if (location == null) {
      return null;
    }
    Place place = Place.parse(location.text());
    try (InputStream octets = PartStream.open(from, part.offset())) {
      return place.file().kind() == FileId.Kind.SEGMENT
              && archive.contents().holdsPart(part.id(), place, octets)
          ? new PartRef(part.id(), part.length(), place.file(), place.offset())
          : null;
    }
  }

  @Override
  public void part(PartRef part) {
    parts++;
    entries.add(new TableEntry(part.id(), TableEntry.Type.PART, part.offset(), 0, part.length()));
  }

  @Override
  public void message(MessageRecord message, Place place) {
    messages++;
    octets += message.length();
    entries.add(
        new TableEntry(
            message.id(),
            TableEntry.Type.MESSAGE,
            place.offset(),
            place.index(),
            message.length()));
    progress.at(messages, octets);
  }

  @Override
  public void events(long first, long offset) {
    eventFrames.add(new Footer.EventFrame(first, offset));
  }

  private void writeTables(FrameWriter frames) throws ArchiveException {
    Collections.sort(entries);
    for (int from = 0; from < entries.size(); from += TableEntry.MOST) {
      List<TableEntry> some =
          entries.subList(from, Math.min(entries.size(), from + TableEntry.MOST));
      tables.add(new Footer.Table(some.getFirst().id(), frames.write(TableEntry.content(some))));
    }
  }

  private Footer footer(FrameWriter frames) {
    return new Footer(
        frames.frames(),
        parts,
        messages,
        events,
        octets,
        ContentId.of(frames.sha256()),
        tables,
        eventFrames);
  }

  /// Reads the segment as it was written.
  private void check() throws IOException {
    MessageDigest eventsAfter = TreeHash.sha256();
    long joined = 0;
    try (FrameFile file = segment.openUnfinished(archive.disk(), archive.keys())) {
      long end = SegmentFile.footerOffset(file);
      long at = SegmentFile.HEADER;
      for (Frame frame = file.frame(at); frame != null && at < end; frame = file.frame(at)) {
        at = frame.end();
        switch (frame.kind()) {
          case MESSAGES -> {
            for (MessageRecord record : MessageRecord.read(file, frame)) {
              check(record, file, frame);
              joined++;
            }
          }
          case EVENTS ->
              LoggedEvent.read(file, frame).forEach(logged -> digest(eventsAfter, logged));
          case STATE, PART, PIECE, TABLE, FOOTER -> {}
        }
      }
      byte[] expected = eventsBefore.digest();
      if (joined != messages || !MessageDigest.isEqual(expected, eventsAfter.digest())) {
        throw file.corrupt(-1, messages + " messages and the events of the journals", "others");
      }
    }
  }

  private void check(MessageRecord record, FrameFile file, Frame frame) throws IOException {
    MessageDigest digest = TreeHash.sha256();
    try (InputStream message = archive.contents().open(record, file)) {
      new DigestInputStream(message, digest).transferTo(OutputStream.nullOutputStream());
    }
    ContentId found = ContentId.of(digest.digest());
    if (!found.equals(record.id())) {
      throw file.corrupt(frame.offset(), "message " + record.id(), found.toString());
    }
  }

  private static void digest(MessageDigest digest, LoggedEvent logged) {
    digest.update(
        ByteBuffer.allocate(2 * Long.BYTES + Integer.BYTES)
            .putLong(logged.index())
            .putLong(logged.time().toEpochMilli())
            .putInt(logged.event().length)
            .array());
    digest.update(logged.blind());
    digest.update(logged.event());
  }
}
