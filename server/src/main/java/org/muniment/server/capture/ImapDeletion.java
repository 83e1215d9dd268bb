package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.ExpungeSource;
import org.muniment.server.capture.source.SourceException;

/// Deletes mail by UID. Each message is looked at once more before, and the log says that it is to
/// be deleted before the server is told.
final class ImapDeletion implements Deletion.Way {

  /// Messages per command, and per entry in the log.
  private static final int CHUNK = 250;

  private final ExpungeSource source;
  private final List<String> trouble = new ArrayList<>();

  ImapDeletion(ExpungeSource source) {
    this.source = source;
  }

  @Override
  public String delete(List<DeletionPlan.OfMailbox> plan, DeletionLog log)
      throws SourceException, IOException, AccountRun.StoppedException {
    try (ExpungeSource.Session session = source.connect()) {
      for (DeletionPlan.OfMailbox mailbox : plan) {
        try {
          new InMailbox(session, mailbox, log).run();
        } catch (SourceException e) {
          if (e.lost()) {
            throw e;
          }
          trouble.add("mailbox %s: %s".formatted(mailbox.name().display(), e.words().display()));
        }
      }
    }
    return String.join("; ", trouble);
  }

  /// One mailbox, on one connection.
  private record InMailbox(
      ExpungeSource.Session session, DeletionPlan.OfMailbox mailbox, DeletionLog log) {

    void run() throws SourceException, IOException, AccountRun.StoppedException {
      UidValidity now = session.select(mailbox.name());
      if (now.value() == 0 || !now.equals(mailbox.uidValidity())) {
        throw SourceException.refused(
            SourceText.of("UIDVALIDITY changed from " + mailbox.uidValidity() + " to " + now),
            null);
      }
      spare(mailbox.spared());
      for (int from = 0; from < mailbox.messages().size(); from += CHUNK) {
        log.goOn();
        delete(mailbox.messages().subList(from, Math.min(from + CHUNK, mailbox.messages().size())));
      }
    }

    private void delete(List<DeletionPlan.Verified> chunk) throws SourceException, IOException {
      Map<Uid, ExpungeSource.Look> looks = session.looks(atSource(placements(chunk)));
      List<SourceProgress.Deletable> same = new ArrayList<>();
      List<SourceProgress.Deletable> different = new ArrayList<>();
      List<SourceProgress.Deletable> marked = new ArrayList<>();
      for (DeletionPlan.Verified message : chunk) {
        ExpungeSource.Look look = looks.get(uid(message.placement()));
        if (look == null) {
          continue; // gone meanwhile, or not to be made out
        }
        if (!DeletionPlan.isSame(message, look.size(), look.internalDate(), look.header())) {
          different.add(message.placement());
        } else if (DeletionPlan.isMarked(look.flags(), message.placement())) {
          marked.add(message.placement());
        } else {
          same.add(message.placement());
        }
      }
      log.record(mailbox.id(), different, Event.Deletion.DIFFERENT);
      spare(marked.stream().filter(SourceProgress.Deletable::intended).toList());
      if (!same.isEmpty()) {
        log.record(mailbox.id(), same, Event.Deletion.INTENDED);
        expunge(same);
      }
    }

    private void expunge(List<SourceProgress.Deletable> messages)
        throws SourceException, IOException {
      try {
        session.delete(atSource(messages));
      } catch (SourceException e) {
        if (!e.lost()) {
          settle(messages);
        }
        throw e;
      }
      settle(messages);
    }

    /// What the server lists still was not deleted, whatever it has answered.
    private void settle(List<SourceProgress.Deletable> messages)
        throws SourceException, IOException {
      UidRanges left = session.left(atSource(messages));
      log.record(
          mailbox.id(),
          messages.stream().filter(message -> !left.contains(uid(message))).toList(),
          Event.Deletion.DELETED);
      spare(messages.stream().filter(message -> left.contains(uid(message))).toList());
    }

    /// Takes back what was begun. Where the server refuses even that, the mark stays.
    private void spare(List<SourceProgress.Deletable> messages)
        throws SourceException, IOException {
      List<SourceProgress.Deletable> ofNow =
          messages.stream().filter(message -> isOfGeneration(message.source())).toList();
      if (!ofNow.isEmpty()) {
        try {
          session.unmark(atSource(ofNow));
        } catch (SourceException e) {
          if (e.lost()) {
            throw e;
          }
        }
      }
      log.record(mailbox.id(), messages, Event.Deletion.KEPT);
    }

    private boolean isOfGeneration(Event.SourceId source) {
      return source instanceof Event.SourceUid uid
          && uid.uidValidity().equals(mailbox.uidValidity());
    }

    private static List<SourceProgress.Deletable> placements(List<DeletionPlan.Verified> chunk) {
      return chunk.stream().map(DeletionPlan.Verified::placement).toList();
    }

    private static UidRanges atSource(Collection<SourceProgress.Deletable> messages) {
      UidRanges.Builder uids = new UidRanges.Builder();
      messages.forEach(message -> uids.accept(uid(message).value()));
      return uids.build();
    }

    private static Uid uid(SourceProgress.Deletable message) {
      if (message.source() instanceof Event.SourceUid source) {
        return source.uid();
      }
      throw new IllegalStateException("an IMAP server knows messages by UID");
    }
  }
}
