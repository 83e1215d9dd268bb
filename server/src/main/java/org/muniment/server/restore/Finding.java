package org.muniment.server.restore;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.muniment.archive.Archive;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// Finds by content what is at a mailbox of the target already, so that it is not appended again:
/// what somebody else put there, what was appended when the connection was cut before its answer,
/// and what a server without UIDPLUS took.
final class Finding {

  private static final int LOOKS = 200;
  private static final int FETCHED = 100;

  /// Messages that may have been on their way when a connection was cut: more than a pipeline.
  private static final int ON_THEIR_WAY = 200;

  private final Archive archive;
  private final Checkpoint checkpoint;
  private final Checkpoint.TargetMailbox target;
  private final Source.Session session;

  private static final int MOST_FINGERPRINTS = 10_000;

  /// Of the archived messages that were looked at, by number of the item.
  private final Map<Long, Fingerprint> fingerprints = new HashMap<>();

  /// @param session with the mailbox open
  Finding(
      Archive archive,
      Checkpoint checkpoint,
      Checkpoint.TargetMailbox target,
      Source.Session session) {
    this.archive = archive;
    this.checkpoint = checkpoint;
    this.target = target;
    this.session = session;
  }

  /// Looks through the messages with some UIDs.
  ///
  /// @param from the UID from which on messages are likely to be ours, 0 for none: they are
  ///   fetched; of those below, only messages with a header that is looked for, line ends apart
  void among(UidRanges uids, long from) throws SourceException, IOException {
    UidRanges late =
        from == 0 ? UidRanges.EMPTY : uids.and(new UidRanges.Builder().add(from, Uid.MAX).build());
    UidRanges early = uids.minus(late);
    if (!early.isEmpty()) {
      readHeaders();
    }
    for (UidRanges some : early.chunks(LOOKS)) {
      if (!checkpoint.awaits(target)) {
        return;
      }
      fetch(withKnownHeader(some), false);
    }
    for (UidRanges some : late.chunks(FETCHED)) {
      if (!checkpoint.awaits(target)) {
        return;
      }
      fetch(some, true);
    }
  }

  /// Of the messages that may be there. The archive knows headers as they came: of mail that was
  /// imported with LF no server has that one.
  private void readHeaders() throws IOException {
    List<Checkpoint.Item> some = checkpoint.withoutWireHeader(target);
    while (!some.isEmpty()) {
      Map<Long, ContentId> headers = new HashMap<>();
      for (Checkpoint.Item item : some) {
        headers.put(item.number(), wireHeader(item));
      }
      checkpoint.wireHeaders(headers);
      some = checkpoint.withoutWireHeader(target);
    }
  }

  private ContentId wireHeader(Checkpoint.Item item) throws IOException {
    try (InputStream in = archive.open(item.content(), item.location(), 0)) {
      return WireHeader.of(in);
    } catch (CorruptArchiveException e) {
      return item.content(); // which no header has; that it cannot be read is said when it is sent
    }
  }

  private UidRanges withKnownHeader(UidRanges uids) throws SourceException, IOException {
    UidRanges.Builder known = new UidRanges.Builder();
    session.looks(
        uids,
        look -> {
          if (!checkpoint.open(target, look.header(), 1).isEmpty()) {
            known.accept(look.uid().value());
          }
        });
    return known.build();
  }

  private void fetch(UidRanges uids, boolean likely) throws SourceException, IOException {
    if (!uids.isEmpty()) {
      session.fetch(uids, message -> compare(message, likely));
    }
  }

  private void compare(Source.Message message, boolean likely) throws IOException {
    try (var octets = message.octets()) {
      long uid = message.uid().value();
      ContentId content;
      try (InputStream in = octets.open()) {
        content = ContentId.sha256(in);
      }
      if (!checkpoint.found(target, content, uid)) {
        try (InputStream in = octets.open()) {
          compareLoosely(Fingerprint.of(in), candidates(octets, likely), uid);
        }
      }
    }
  }

  private List<Checkpoint.Item> candidates(Octets octets, boolean likely) throws IOException {
    if (likely) {
      return checkpoint.open(target, ON_THEIR_WAY);
    }
    try (InputStream in = octets.open()) {
      return checkpoint.open(target, WireHeader.of(in), ON_THEIR_WAY);
    }
  }

  /// The target may have changed line ends or NUL.
  private void compareLoosely(Fingerprint stored, List<Checkpoint.Item> candidates, long uid)
      throws IOException {
    for (Checkpoint.Item item : candidates) {
      if (archived(item).text().equals(stored.text())) {
        checkpoint.found(item, uid);
        return;
      }
    }
  }

  private Fingerprint archived(Checkpoint.Item item) throws IOException {
    Fingerprint known = fingerprints.get(item.number());
    if (known == null) {
      try (InputStream in = archive.open(item.content(), item.location(), 0)) {
        known = Fingerprint.of(in);
      }
      if (fingerprints.size() == MOST_FINGERPRINTS) {
        fingerprints.clear();
      }
      fingerprints.put(item.number(), known);
    }
    return known;
  }
}
