package org.muniment.indexer.catalog;

import org.muniment.archive.event.Event;

/// Gives way to the one of `archive.event`.
@SuppressWarnings("DoNotCallSuggester")
final class EventJson {

  private EventJson() {}

  static byte[] write(Event event) {
    throw new UnsupportedOperationException(event.toString());
  }

  static Event read(byte[] json) {
    throw new UnsupportedOperationException("" + json.length);
  }
}
