package org.muniment.server.restore;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.muniment.archive.Archive;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.restore.Checkpoint.Item;
import org.muniment.server.restore.Checkpoint.Reading;

/// Fetches what was restored to one mailbox, and compares octets, date and flags with what was to
/// be restored.
final class ReadingBack {

  private static final int TOGETHER = 100;

  private final Archive archive;
  private final Checkpoint checkpoint;
  private final Checkpoint.TargetMailbox target;
  private final LongConsumer progress;

  ReadingBack(
      Archive archive,
      Checkpoint checkpoint,
      Checkpoint.TargetMailbox target,
      LongConsumer progress) {
    this.archive = archive;
    this.checkpoint = checkpoint;
    this.target = target;
    this.progress = progress;
  }

  /// Reads all that has not been read back yet.
  ///
  /// @param session with the mailbox open
  void run(Source.Session session) throws SourceException, IOException {
    List<Item> page = checkpoint.unread(target, 0, TOGETHER);
    while (!page.isEmpty()) {
      read(page, session);
      page = checkpoint.unread(target, page.getLast().uid(), TOGETHER);
    }
  }

  private void read(List<Item> items, Source.Session session) throws SourceException, IOException {
    Map<Long, Item> due = new HashMap<>();
    UidRanges.Builder uids = new UidRanges.Builder();
    for (Item item : items) {
      due.put(item.uid(), item);
      uids.accept(item.uid());
    }
    List<Reading> readings = new ArrayList<>();
    String words = "the target does not give it";
    try {
      session.fetch(
          uids.build(),
          message -> {
            try (Octets octets = message.octets()) {
              Item item = due.remove(message.uid().value());
              if (item != null) {
                readings.add(compare(item, message, octets));
                progress.accept(item.length());
              }
            }
          });
    } catch (SourceException e) {
      checkpoint.read(readings);
      readings.clear();
      if (e.lost()) {
        throw e;
      }
      words = e.words().display();
    }
    for (Item item : due.values()) {
      readings.add(new Reading(item.number(), Verdict.MISSING, words));
    }
    checkpoint.read(readings);
  }

  private Reading compare(Item item, Source.Message message, Octets octets) throws IOException {
    List<String> notes = new ArrayList<>();
    if (!item.date().equals(message.internalDate())) {
      notes.add("its date there is " + message.internalDate() + ", not " + item.date());
    }
    Set<String> there =
        message.flags().stream()
            .map(flag -> flag.octets().toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
    List<String> left =
        item.flags().stream()
            .filter(flag -> !there.contains(flag.toLowerCase(Locale.ROOT)))
            .toList();
    if (!left.isEmpty()) {
      notes.add("not set there: " + String.join(" ", left));
    }
    return new Reading(item.number(), verdict(item, octets), String.join("; ", notes));
  }

  private Verdict verdict(Item item, Octets octets) throws IOException {
    try (InputStream in = octets.open()) {
      if (ContentId.sha256(in).equals(item.content())) {
        return Verdict.IDENTICAL;
      }
    }
    Fingerprint there;
    try (InputStream in = octets.open()) {
      there = Fingerprint.of(in);
    }
    Fingerprint here;
    try (InputStream in = archive.open(item.content(), item.location(), 0)) {
      here = Fingerprint.of(in);
    }
    if (there.lines().equals(here.lines())) {
      return Verdict.LINE_ENDS;
    }
    return there.text().equals(here.text()) ? Verdict.NUL : Verdict.DIFFERENT;
  }
}
