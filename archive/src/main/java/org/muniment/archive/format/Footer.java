package org.muniment.archive.format;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.ContentId;

/// The content of a footer frame: what the segment holds, and where its tables and events are.
///
/// ```
/// footer = {"eventFrames": [{"first": leaf, "offset": }], "events": , "frames": , "messages": ,
///           "octets": , "parts": , "sha256": 64hex, "tables": [{"first": 64hex, "offset": }]}
/// ```
///
/// @param frames number of frames before this one
/// @param octets sum of the lengths of the messages
/// @param sha256 of the octets of the file before this frame
/// @param tables in order
/// @param eventFrames in order
public record Footer(
    long frames,
    long parts,
    long messages,
    long events,
    long octets,
    ContentId sha256,
    List<Table> tables,
    List<EventFrame> eventFrames) {

  public Footer {
    tables = List.copyOf(tables);
    eventFrames = List.copyOf(eventFrames);
  }

  /// A table frame.
  ///
  /// @param first id in it; the ids from there to the first of the next table are in this one
  public record Table(ContentId first, long offset) {}

  /// An events frame.
  ///
  /// @param first leaf in it
  public record EventFrame(long first, long offset) {}

  /// The table that holds an id if one does; null when it is before the first.
  @Nullable Table tableOf(ContentId id) {
    int low = 0;
    int high = tables.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (tables.get(middle).first.compareTo(id) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? null : tables.get(low - 1);
  }

  /// Canonical JSON.
  byte[] write() {
    return CanonicalJson.write(
        Map.of(
            "eventFrames",
            eventFrames.stream()
                .map(f -> Map.<String, Object>of("first", f.first, "offset", f.offset))
                .toList(),
            "events",
            events,
            "frames",
            frames,
            "messages",
            messages,
            "octets",
            octets,
            "parts",
            parts,
            "sha256",
            sha256.toString(),
            "tables",
            tables.stream()
                .map(t -> Map.<String, Object>of("first", t.first.toString(), "offset", t.offset))
                .toList()));
  }

  /// Reads canonical JSON.
  ///
  /// @throws IllegalArgumentException when it is no footer
  static Footer read(byte[] json) {
    Map<String, Object> footer = CanonicalJson.read(json);
    List<Table> tables = new ArrayList<>();
    for (Object table : list(footer, "tables")) {
      tables.add(new Table(ContentId.parse(text(table, "first")), number(table, "offset")));
    }
    List<EventFrame> eventFrames = new ArrayList<>();
    for (Object frame : list(footer, "eventFrames")) {
      eventFrames.add(new EventFrame(number(frame, "first"), number(frame, "offset")));
    }
    return new Footer(
        number(footer, "frames"),
        number(footer, "parts"),
        number(footer, "messages"),
        number(footer, "events"),
        number(footer, "octets"),
        ContentId.parse(text(footer, "sha256")),
        tables,
        eventFrames);
  }

  private static List<?> list(Map<?, ?> object, String name) {
    if (object.get(name) instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException("a list " + name + " is expected");
  }

  private static long number(Object object, String name) {
    if (object instanceof Map<?, ?> fields && fields.get(name) instanceof Long number) {
      return number;
    }
    throw new IllegalArgumentException("a number " + name + " is expected");
  }

  private static String text(Object object, String name) {
    if (object instanceof Map<?, ?> fields && fields.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("a text " + name + " is expected");
  }
}
