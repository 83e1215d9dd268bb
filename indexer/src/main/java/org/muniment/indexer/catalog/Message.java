package org.muniment.indexer.catalog;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;
import org.muniment.indexer.mail.SentDate;

/// A message, apart from the places it has. Texts are decoded, for people, and cut at [#MAX_TEXT]
/// characters.
///
/// @param number dense, from 0, in the order of first capture
/// @param length number of octets
/// @param location where its octets lie
/// @param leaf index of the log entry of its first capture
/// @param internalDate INTERNALDATE of its first capture
/// @param sentDate the Date field, null when missing or not understood
/// @param attachment whether it has at least one
/// @param from the From field
/// @param to the To field
public record Message(
    int number,
    ContentId content,
    long length,
    Location location,
    long leaf,
    Instant internalDate,
    @Nullable SentDate sentDate,
    boolean attachment,
    String subject,
    String from,
    String to) {

  /// Most characters of a text.
  public static final int MAX_TEXT = 1_000;

  /// The same message as one sees it who does not see its first capture.
  public Message receivedAt(Instant date) {
    return new Message(
        number, content, length, location, leaf, date, sentDate, attachment, subject, from, to);
  }
}
