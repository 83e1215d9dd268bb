package org.muniment.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.ContentWriter;
import org.muniment.archive.content.Contents;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.format.MessageRecord;
import org.muniment.archive.format.Place;
import org.muniment.archive.store.CorruptArchiveException;

/// Holds messages until they were written, read back as they were written, and compared. Not safe
/// for use by many threads, but for what [Check] does.
final class ReadBack implements ContentWriter.Placed {

  private final Contents contents;
  private final Map<ContentId, Octets> held = new HashMap<>();
  private final Set<Check> running = new HashSet<>();
  private List<Written> written = new ArrayList<>();
  private long heldOctets;

  ReadBack(Contents contents) {
    this.contents = contents;
  }

  /// Holds a message that was handed to a writer.
  void hold(ContentId id, Octets octets) {
    held.put(id, octets);
    heldOctets += octets.length();
  }

  /// Octets of the messages that are not written yet.
  long heldOctets() {
    return heldOctets;
  }

  @Override
  public void message(MessageRecord message, Place place) {
    Octets octets = Objects.requireNonNull(held.remove(message.id()));
    heldOctets -= octets.length();
    written.add(new Written(message.id(), place, octets));
  }

  /// Whether messages were written that nobody has taken to check.
  boolean isDue() {
    return !written.isEmpty();
  }

  /// The messages that were written since the last time; their frames were handed to the disk.
  Check take() {
    Check check = new Check(written, new CompletableFuture<>());
    written = new ArrayList<>();
    running.add(check);
    return check;
  }

  /// Nobody need wait any more for a check that is over.
  void ended(Check check) {
    running.remove(check);
  }

  /// The checks that others do.
  List<Check> running() {
    return List.copyOf(running);
  }

  private record Written(ContentId id, Place place, Octets octets) {}

  /// Messages to be read back.
  final class Check {
    private final List<Written> messages;
    private final CompletableFuture<@Nullable Void> done;

    private Check(List<Written> messages, CompletableFuture<@Nullable Void> done) {
      this.messages = messages;
      this.done = done;
    }

    /// Reads the messages and compares.
    ///
    /// @throws CorruptArchiveException when one is not what it was
    void run() throws IOException {
      for (Written message : messages) {
        if (!contents.holds(message.id, message.place, message.octets)) {
          throw new CorruptArchiveException(
              message.place.file().name(),
              message.place.offset(),
              "message " + message.id + " as it was just written",
              "other octets");
        }
      }
    }

    /// It is over, well or not; when not, the writer knows already. To be called without any lock:
    /// who waits may hold one.
    void end() {
      done.complete(null);
    }

    /// Waits until it is over.
    void join() {
      done.join();
    }
  }
}
