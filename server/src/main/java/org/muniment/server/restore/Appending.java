package org.muniment.server.restore;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.imap.ImapTargetSession;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.capture.source.Spool;
import org.muniment.server.restore.Checkpoint.Item;
import org.muniment.server.restore.Checkpoint.Result;

/// Appends what is pending for one mailbox of the target, over one connection and so in order. One
/// message that is refused does not keep the others back. A flag that the target does not keep is
/// left out, and noted.
final class Appending implements ImapTargetSession.Answers<Item> {

  /// Answers that are written down together; those before a crash are found again by content.
  private static final int TOGETHER = 50;

  /// Refusals in a row after which a mailbox is left alone, when they are of the mailbox and not of
  /// the message.
  private static final int ENOUGH = 5;

  /// Response codes (RFC 5530) that are of the mailbox.
  private static final Set<String> OF_ALL =
      Set.of("[OVERQUOTA]", "[NOPERM]", "[TRYCREATE]", "[READ-ONLY]", "[NONEXISTENT]");

  /// Messages that are sent once more without their keywords.
  private static final int MOST_AGAIN = 10_000;

  private final Archive archive;
  private final Checkpoint checkpoint;
  private final Checkpoint.TargetMailbox target;
  private final ImapTargetSession.Opened opened;
  private final Path temporary;
  private final LongConsumer progress;
  private final List<Result> results = new ArrayList<>();
  private final List<Item> again = new ArrayList<>();
  private boolean withKeywords = true;
  private int refusedInARow;
  private String lastWords = "";

  /// @param progress is told the octets of each message that is answered for
  Appending(
      Archive archive,
      Checkpoint checkpoint,
      Checkpoint.TargetMailbox target,
      ImapTargetSession.Opened opened,
      Path temporary,
      LongConsumer progress) {
    this.archive = archive;
    this.checkpoint = checkpoint;
    this.target = target;
    this.opened = opened;
    this.temporary = temporary;
    this.progress = progress;
  }

  /// Appends all that is pending.
  ///
  /// @throws SourceException when the connection is lost; what was answered before is written down
  void run(ImapTargetSession session) throws SourceException {
    try (ImapTargetSession.Appends<Item> appends = session.appends(target.name(), this)) {
      List<Item> page = checkpoint.pending(target, 0);
      while (!page.isEmpty() && !isHopeless()) {
        send(page, appends);
        page = checkpoint.pending(target, page.getLast().number());
      }
      appends.finish();
      withKeywords = false;
      send(again, appends);
      appends.finish();
    } finally {
      flush();
    }
    if (isHopeless()) {
      checkpoint.refuseRest(target, "not sent, because others before were refused: " + lastWords);
    }
  }

  private boolean isHopeless() {
    return refusedInARow >= ENOUGH;
  }

  private void send(List<Item> items, ImapTargetSession.Appends<Item> appends)
      throws SourceException {
    for (Item item : items) {
      if (isHopeless()) {
        return;
      }
      Spooled message = spool(item);
      if (message != null) {
        appends.append(
            item,
            new ImapTargetSession.Letter(flags(item), item.date(), message.octets, message.nul));
      }
    }
  }

  /// A message read to its end, so that nothing can go wrong in the middle of a literal.
  private record Spooled(Octets octets, boolean nul) {}

  private @Nullable Spooled spool(Item item) {
    try (Spool spool = new Spool(temporary, item.length());
        InputStream in = archive.open(item.content(), item.location(), 0)) {
      byte[] buffer = new byte[16 << 10];
      boolean nul = false;
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        nul = nul || hasNul(buffer, count);
        spool.write(buffer, 0, count);
      }
      return new Spooled(spool.whole(), nul);
    } catch (IOException e) {
      write(Result.refused(item, "it cannot be read from the archive: " + e.getMessage()));
      return null;
    }
  }

  private static boolean hasNul(byte[] octets, int count) {
    for (int i = 0; i < count; i++) {
      if (octets[i] == 0) {
        return true;
      }
    }
    return false;
  }

  private List<String> flags(Item item) {
    return item.flags().stream().filter(this::isSent).toList();
  }

  private boolean isSent(String flag) {
    return opened.keeps(flag) && (withKeywords || flag.startsWith("\\"));
  }

  @Override
  public void appended(Item item, @Nullable UidValidity uidValidity, @Nullable Uid uid) {
    refusedInARow = 0;
    boolean known = uid != null && opened.uidValidity().equals(uidValidity);
    List<String> left = item.flags().stream().filter(flag -> !isSent(flag)).toList();
    progress.accept(item.length());
    write(
        Result.appended(
            item,
            known && uid != null ? Long.valueOf(uid.value()) : null,
            left.isEmpty()
                ? ""
                : "the target does not keep these flags: " + String.join(" ", left)));
  }

  @Override
  public void refused(Item item, String words) {
    boolean keywords = item.flags().stream().anyMatch(flag -> !flag.startsWith("\\"));
    String code = words.substring(0, words.indexOf(']') + 1).toUpperCase(Locale.ROOT);
    lastWords = words;
    if (OF_ALL.contains(code)) {
      refusedInARow++;
    } else if (withKeywords && keywords && again.size() < MOST_AGAIN) {
      again.add(item);
      return;
    }
    write(Result.refused(item, words));
  }

  private void write(Result result) {
    results.add(result);
    if (results.size() >= TOGETHER) {
      flush();
    }
  }

  private void flush() {
    checkpoint.record(results);
    results.clear();
  }
}
