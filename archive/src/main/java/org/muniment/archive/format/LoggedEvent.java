package org.muniment.archive.format;

import java.nio.BufferUnderflowException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.Times;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.ArchiveException;

/// An event as a file keeps it: with its leaf, its time and the blind that keeps the leaf from
/// being guessed.
///
/// ```
/// logged-event = gap(varint) time(8, milliseconds since 1970) blind(32) length(4) event
/// ```
///
/// `gap` counts the leaves between the event before it in the frame and this one: events of other
/// groups of messages, which lie in other segments.
///
/// @param index of the leaf
/// @param time milliseconds
/// @param blind 32 random octets, not copied
/// @param event canonical JSON, not copied
@SuppressWarnings("ArrayRecordComponent")
public record LoggedEvent(long index, Instant time, byte[] blind, byte[] event) {

  /// Octets in a blind.
  public static final int BLIND = 32;

  /// Octets of an event at most.
  public static final int MAX_EVENT = 48 << 20;

  /// Octets of this event in an events frame, about.
  public int length() {
    return 1 + Long.BYTES + BLIND + Integer.BYTES + event.length;
  }

  /// The event.
  ///
  /// @throws IllegalArgumentException when the octets are none
  public Event parse() {
    return EventJson.read(event);
  }

  /// The leaf of this event in the log: canonical JSON without anything personal. What the event
  /// says is committed to by `SHA-256(blind || event)`, and cannot be guessed once the blind is
  /// gone.
  ///
  /// ```
  /// leaf = {"commitment": 64hex, "time": RFC 3339 with milliseconds, "type": the event's}
  /// ```
  ///
  /// @throws IllegalArgumentException when the octets are no event
  public byte[] leaf() {
    return leaf(EventJson.type(parse()));
  }

  /// The leaf of this event, when its type is known.
  public byte[] leaf(String type) {
    MessageDigest digest = TreeHash.sha256();
    digest.update(blind);
    return CanonicalJson.write(
        Map.of(
            "commitment", HexFormat.of().formatHex(digest.digest(event)),
            "time", Times.format(time),
            "type", type));
  }

  /// The content of an events frame.
  ///
  /// @param events in order of their leaves, at least one
  public static Content content(List<LoggedEvent> events, Content.Effort effort) {
    FieldWriter fields = new FieldWriter();
    long next = events.getFirst().index;
    for (LoggedEvent logged : events) {
      fields.varint(logged.index - next).int64(logged.time.toEpochMilli()).octets(logged.blind);
      fields.int32(logged.event.length).octets(logged.event);
      next = logged.index + 1;
    }
    byte[] content = fields.toByteArray();
    return Content.of(
        Frame.Kind.EVENTS, events.getFirst().index, events.size(), content, content.length, effort);
  }

  private static int length(int length) {
    if (length > MAX_EVENT) {
      throw new IllegalArgumentException("an event of " + length + " octets");
    }
    return length;
  }

  /// Reads the events of a frame, which are in memory then: up to [Frame#MAX_PAYLOAD] octets.
  ///
  /// @throws org.muniment.archive.store.CorruptArchiveException when its content is anything else
  public static List<LoggedEvent> read(FrameFile file, Frame frame) throws ArchiveException {
    byte[] content = file.content(frame);
    List<LoggedEvent> events = new ArrayList<>();
    try {
      FieldReader fields = new FieldReader(content, 0, content.length);
      long next = frame.first();
      for (int i = 0; i < frame.count(); i++) {
        long index = Math.addExact(next, fields.varint());
        Instant time = Instant.ofEpochMilli(fields.int64());
        byte[] blind = fields.octets(BLIND);
        events.add(new LoggedEvent(index, time, blind, fields.octets(length(fields.int32()))));
        next = index + 1;
      }
      if (!fields.atEnd()) {
        throw new IllegalArgumentException("more octets");
      }
    } catch (BufferUnderflowException | ArithmeticException | IllegalArgumentException e) {
      throw file.corrupt(frame.offset(), frame.count() + " events", events.size() + " and " + e);
    }
    return events;
  }
}
