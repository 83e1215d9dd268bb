package org.muniment.archive.format;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
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
import org.muniment.archive.store.CorruptArchiveException;

/// An event as the journal keeps it: with its time and the blind that keeps its leaf from being
/// guessed.
///
/// ```
/// logged-event = time(8, milliseconds since 1970) blind(32) length(4) event
/// ```
///
/// @param time milliseconds
/// @param blind 32 random octets, not copied
/// @param event canonical JSON, not copied
@SuppressWarnings("ArrayRecordComponent")
public record LoggedEvent(Instant time, byte[] blind, byte[] event) {

  /// Octets in a blind.
  public static final int BLIND = 32;

  /// Octets of this event in an events frame.
  public int length() {
    return Long.BYTES + BLIND + Integer.BYTES + event.length;
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
    MessageDigest digest = TreeHash.sha256();
    digest.update(blind);
    return CanonicalJson.write(
        Map.of(
            "commitment", HexFormat.of().formatHex(digest.digest(event)),
            "time", Times.format(time),
            "type", EventJson.type(parse())));
  }

  /// The payload of an events frame.
  static byte[] write(List<LoggedEvent> events) {
    ByteBuffer payload = ByteBuffer.allocate(events.stream().mapToInt(LoggedEvent::length).sum());
    for (LoggedEvent logged : events) {
      payload.putLong(logged.time.toEpochMilli()).put(logged.blind);
      payload.putInt(logged.event.length).put(logged.event);
    }
    return payload.array();
  }

  /// Reads the payload of an events frame.
  static List<LoggedEvent> read(byte[] payload, int count, String resource, long offset)
      throws CorruptArchiveException {
    ByteBuffer octets = ByteBuffer.wrap(payload);
    List<LoggedEvent> events = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Instant time = Instant.ofEpochMilli(octets.getLong());
        byte[] blind = new byte[BLIND];
        octets.get(blind);
        int length = octets.getInt();
        if (length < 0 || length > octets.remaining()) {
          throw new BufferUnderflowException();
        }
        byte[] event = new byte[length];
        octets.get(event);
        events.add(new LoggedEvent(time, blind, event));
      }
    } catch (BufferUnderflowException e) {
      throw new CorruptArchiveException(resource, offset, count + " events", "" + events.size());
    }
    if (octets.hasRemaining()) {
      throw new CorruptArchiveException(resource, offset, count + " events", "more octets");
    }
    return events;
  }
}
