package org.muniment.server.view;

import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Location;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.mail.KeptStructure;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.SentDate;
import org.muniment.indexer.mail.Structure;

/// A message in a mailbox, without its octets.
///
/// @param sequence its number in the [MailboxView] that gave it
/// @param length number of octets
/// @param location where they lie
/// @param internalDate INTERNALDATE
/// @param saved when it was archived (SAVEDATE, RFC 8514)
/// @param sentDate the Date field, null when missing or not understood
/// @param flags system flags and keywords, as the client gets them
/// @param modSeq MODSEQ (RFC 7162)
/// @param kept what it is made of, null when not asked for
public record MessageRow(
    int sequence,
    Uid uid,
    ContentId content,
    long length,
    Location location,
    Instant internalDate,
    Instant saved,
    @Nullable SentDate sentDate,
    Set<String> flags,
    long modSeq,
    @Nullable KeptStructure kept) {

  private static final String SEEN = "\\Seen";

  public MessageRow {
    flags = Set.copyOf(flags);
  }

  /// What it is made of.
  ///
  /// @throws IllegalArgumentException when it was not asked for
  public Structure structure() {
    return asked().whole();
  }

  /// Its root part; costs less than [#structure()].
  ///
  /// @throws IllegalArgumentException when the structure was not asked for
  public Part root() {
    return asked().root();
  }

  private KeptStructure asked() {
    if (kept == null) {
      throw new IllegalArgumentException("message " + sequence + " came without its structure");
    }
    return kept;
  }

  /// Whether it has the flag `\Seen`, in any case of letters.
  public boolean isSeen() {
    return flags.stream().anyMatch(SEEN::equalsIgnoreCase);
  }

  /// The same message with a MODSEQ that is at least `other`.
  public MessageRow withModSeq(long other) {
    return other <= modSeq
        ? this
        : new MessageRow(
            sequence,
            uid,
            content,
            length,
            location,
            internalDate,
            saved,
            sentDate,
            flags,
            other,
            kept);
  }

  /// The same message with other flags.
  MessageRow withFlags(Set<String> others) {
    return new MessageRow(
        sequence,
        uid,
        content,
        length,
        location,
        internalDate,
        saved,
        sentDate,
        others,
        modSeq,
        kept);
  }

  /// The same message with or without `\Seen`.
  public MessageRow withSeen(boolean seen) {
    if (isSeen() == seen) {
      return this;
    }
    Set<String> changed = new HashSet<>(flags);
    if (seen) {
      changed.add(SEEN);
    } else {
      changed.removeIf(SEEN::equalsIgnoreCase);
    }
    return new MessageRow(
        sequence,
        uid,
        content,
        length,
        location,
        internalDate,
        saved,
        sentDate,
        changed,
        modSeq,
        kept);
  }
}
