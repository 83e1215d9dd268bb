package org.muniment.server.capture;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.pop3.Pop3Deletion;
import org.muniment.server.capture.pop3.Pop3Listing;
import org.muniment.server.capture.pop3.Pop3Source;
import org.muniment.server.capture.source.SourceException;

/// Deletes mail by unique-id from a POP3 server. Each message is fetched once more before, and
/// compared, because POP3 tells nothing else that is sure. Only the end of the connection deletes,
/// so one connection is one chunk.
final class MaildropDeletion implements Deletion.Way {

  /// Messages, and octets of them, on one connection, and in one run: servers want a pause between
  /// connections.
  private static final int CHUNK = 1_000;

  private static final long CHUNK_OCTETS = 256L << 20;

  private final Pop3Source source;

  MaildropDeletion(Pop3Source source) {
    this.source = source;
  }

  @Override
  public String delete(List<DeletionPlan.OfMailbox> plan, DeletionLog log)
      throws SourceException, IOException, AccountRun.StoppedException {
    for (DeletionPlan.OfMailbox maildrop : plan) {
      log.record(maildrop.id(), maildrop.spared(), Event.Deletion.KEPT);
      if (!maildrop.messages().isEmpty()) {
        try (Pop3Deletion connection = Pop3Deletion.connect(source)) {
          new InMaildrop(connection, maildrop, log).run();
        }
      }
    }
    return "";
  }

  /// One connection.
  private record InMaildrop(
      Pop3Deletion connection, DeletionPlan.OfMailbox maildrop, DeletionLog log) {

    void run() throws SourceException, IOException, AccountRun.StoppedException {
      Map<SourceProgress.Deletable, Integer> same = new LinkedHashMap<>();
      List<SourceProgress.Deletable> different = new ArrayList<>();
      for (Map.Entry<SourceProgress.Deletable, Integer> message : listed().entrySet()) {
        log.goOn();
        if (isSame(message.getKey(), message.getValue())) {
          same.put(message.getKey(), message.getValue());
        } else {
          different.add(message.getKey());
        }
      }
      log.record(maildrop.id(), different, Event.Deletion.DIFFERENT);
      if (!same.isEmpty()) {
        log.record(maildrop.id(), same.keySet(), Event.Deletion.INTENDED);
        delete(same);
      }
    }

    /// The messages of the plan by their numbers on this connection, as many as it is for.
    private Map<SourceProgress.Deletable, Integer> listed() throws SourceException, IOException {
      Map<SourceText, SourceProgress.Deletable> planned = planned();
      Map<SourceProgress.Deletable, Integer> listed = new LinkedHashMap<>();
      long octets = 0;
      try (Pop3Listing listing = connection.list();
          Pop3Listing.Names names = listing.names()) {
        while (names.next() && listed.size() < CHUNK && octets < CHUNK_OCTETS) {
          SourceProgress.Deletable message = planned.get(names.uniqueId());
          if (message != null) {
            listed.put(message, names.number());
            octets += message.length();
          }
        }
      }
      return listed;
    }

    /// Of two messages with the same unique-id neither is known: one that was placed twice is left
    /// out.
    private Map<SourceText, SourceProgress.Deletable> planned() {
      Map<SourceText, SourceProgress.Deletable> planned = new HashMap<>();
      Map<SourceText, Integer> count = new HashMap<>();
      for (DeletionPlan.Verified message : maildrop.messages()) {
        if (message.placement().source() instanceof Event.Uidl(SourceText uniqueId)) {
          planned.put(uniqueId, message.placement());
          count.merge(uniqueId, 1, Integer::sum);
        }
      }
      planned.keySet().removeIf(uniqueId -> count.getOrDefault(uniqueId, 0) > 1);
      return planned;
    }

    private boolean isSame(SourceProgress.Deletable message, int number)
        throws SourceException, IOException {
      try (Octets octets = connection.retrieve(number)) {
        return octets.length() == message.length() && id(octets).equals(message.content());
      }
    }

    private static ContentId id(Octets octets) throws IOException {
      try (InputStream in = octets.open()) {
        return ContentId.sha256(in);
      }
    }

    private void delete(Map<SourceProgress.Deletable, Integer> messages)
        throws SourceException, IOException {
      List<SourceProgress.Deletable> marked = new ArrayList<>();
      List<SourceProgress.Deletable> refused = new ArrayList<>();
      for (Map.Entry<SourceProgress.Deletable, Integer> message : messages.entrySet()) {
        try {
          connection.delete(message.getValue());
          marked.add(message.getKey());
        } catch (SourceException e) {
          if (e.lost()) {
            throw e;
          }
          refused.add(message.getKey());
        }
      }
      connection.commit();
      log.record(maildrop.id(), marked, Event.Deletion.DELETED);
      log.record(maildrop.id(), refused, Event.Deletion.KEPT);
    }
  }
}
