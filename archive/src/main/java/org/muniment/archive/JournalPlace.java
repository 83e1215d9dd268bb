package org.muniment.archive;

import org.muniment.archive.store.CorruptArchiveException;

/// What a [Location] says: `location = "journal:" number ":" offset`, both decimal.
///
/// @param offset of the message frame in the journal
record JournalPlace(long journal, long offset) {

  private static final String SCHEME = "journal";

  static JournalPlace parse(Location location) throws CorruptArchiveException {
    String[] fields = location.text().split(":", -1);
    try {
      if (fields.length == 3 && fields[0].equals(SCHEME)) {
        long journal = Long.parseLong(fields[1]);
        long offset = Long.parseLong(fields[2]);
        if (journal >= 0 && offset >= 0) {
          return new JournalPlace(journal, offset);
        }
      }
    } catch (NumberFormatException e) {
      // Answered below, like every other text that is no location.
    }
    throw new CorruptArchiveException("location", -1, "journal:N:N", location.text());
  }

  Location location() {
    return new Location(SCHEME + ":" + journal + ":" + offset);
  }
}
