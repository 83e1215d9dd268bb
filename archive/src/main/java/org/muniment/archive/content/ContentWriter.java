package org.muniment.archive.content;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.Content;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameWriter;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.MessageRecord.PartRef;
import org.muniment.archive.format.Place;
import org.muniment.archive.store.ArchiveException;

/// Writes parts, messages and events to a journal or a segment, small ones together in large
/// frames, so that a message stands after its parts and before its event. Not safe for use by many
/// threads.
public final class ContentWriter {

  /// Octets of messages, or of events, from which on a frame is worth writing.
  public static final int FRAME = 256 << 10;

  private final FrameWriter frames;
  private final FileId file;
  private final Content.Effort effort;
  private final Placed placed;
  private final Map<ContentId, PartRef> parts = new ConcurrentHashMap<>();
  private final List<MessageRecord> messages = new ArrayList<>();
  private final List<LoggedEvent> events = new ArrayList<>();
  private int messageOctets;
  private int eventOctets;

  /// @param placed told where everything came to lie
  public ContentWriter(FrameWriter frames, FileId file, Content.Effort effort, Placed placed) {
    this.frames = frames;
    this.file = file;
    this.effort = effort;
    this.placed = placed;
  }

  /// Hears where things come to lie.
  public interface Placed {
    /// A part begins at this offset.
    default void part(PartRef part) {}

    /// A message was written.
    default void message(MessageRecord message, Place place) {}

    /// A frame of events was written.
    ///
    /// @param first leaf in it
    default void events(long first, long offset) {}
  }

  /// The part of this id in this file, null when there is none. May be asked by other threads than
  /// the one that writes.
  public @Nullable PartRef part(ContentId id) {
    return parts.get(id);
  }

  /// Begins a part: what `writing` writes must be its frames.
  public PartRef addPart(ContentId id, long length, PartWriting writing) throws IOException {
    PartRef part = new PartRef(id, length, file, frames.position());
    writing.write(frames::write);
    parts.put(id, part);
    placed.part(part);
    return part;
  }

  /// Gives the frames of a part.
  public interface PartWriting {
    /// Gives all frames of the part, in order.
    void write(PartFrames.Sink to) throws IOException;
  }

  /// Adds an event, and the message that it places when the archive had it not.
  ///
  /// @param message whose parts were written
  public void add(@Nullable MessageRecord message, LoggedEvent event) throws ArchiveException {
    events.add(event);
    eventOctets += event.length();
    if (message != null) {
      messages.add(message);
      messageOctets += weight(message);
    }
    if (messageOctets >= FRAME || eventOctets >= FRAME) {
      writeMessages();
    }
    if (eventOctets >= FRAME) {
      writeEvents();
    }
  }

  private static int weight(MessageRecord message) {
    int octets = ContentId.LENGTH;
    for (MessageRecord.Piece piece : message.pieces()) {
      octets +=
          piece instanceof MessageRecord.Inline inline
              ? inline.octets().length
              : 2 * ContentId.LENGTH;
    }
    return octets;
  }

  /// Writes everything that was added.
  public void flush() throws ArchiveException {
    writeMessages();
    writeEvents();
  }

  /// Writes the messages that were added, so that they can be read.
  public void writeMessages() throws ArchiveException {
    if (messages.isEmpty()) {
      return;
    }
    byte[] content = MessageRecord.write(messages, file);
    long offset =
        frames.write(
            Content.of(Frame.Kind.MESSAGES, 0, messages.size(), content, content.length, effort));
    for (int i = 0; i < messages.size(); i++) {
      placed.message(messages.get(i), new Place(file, offset, i));
    }
    messages.clear();
    messageOctets = 0;
  }

  private void writeEvents() throws ArchiveException {
    if (events.isEmpty()) {
      return;
    }
    long offset = frames.write(LoggedEvent.content(events, effort));
    placed.events(events.getFirst().index(), offset);
    events.clear();
    eventOctets = 0;
  }
}
