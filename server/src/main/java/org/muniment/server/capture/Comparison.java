package org.muniment.server.capture;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// Fetches the messages that a [Rematch] has found, and compares their octets with what they were
/// taken for. A run compares only so much, after everything else; the next run goes on where it
/// ended.
final class Comparison {

  /// Messages per FETCH command and per commit.
  private static final int CHUNK = 250;

  /// Octets that one run compares, about.
  private static final long MOST_OCTETS = 256L << 20;

  private final AccountRun account;
  private long octets;

  Comparison(AccountRun account) {
    this.account = account;
  }

  /// Compares messages of a mailbox while there is room.
  ///
  /// @param session with the mailbox open
  void run(Source.Session session, MailboxId mailbox, UidValidity uidValidity)
      throws SourceException, IOException, AccountRun.StoppedException {
    long after = 0;
    while (octets < MOST_OCTETS) {
      List<SourceProgress.Provisional> some =
          account.progress().provisional(mailbox, uidValidity, after, CHUNK);
      if (some.isEmpty()) {
        return;
      }
      after = some.getLast().source().value();
      compare(session, mailbox, uidValidity, some);
      account.commit();
      account.progress().follow();
      account.goOn();
    }
  }

  private void compare(
      Source.Session session,
      MailboxId mailbox,
      UidValidity uidValidity,
      List<SourceProgress.Provisional> some)
      throws SourceException, IOException {
    Map<Uid, SourceProgress.Provisional> open = new HashMap<>();
    some.forEach(provisional -> open.put(provisional.source(), provisional));
    UidRanges.Builder asked = new UidRanges.Builder();
    some.forEach(provisional -> asked.accept(provisional.source().value()));
    UidRanges.Builder same = new UidRanges.Builder();
    try {
      session.fetch(
          asked.build(),
          message -> {
            SourceProgress.Provisional taken = open.remove(message.uid());
            if (taken == null) {
              message.octets().close();
              return;
            }
            octets += message.octets().length();
            if (id(message).equals(taken.content())) {
              message.octets().close();
              same.accept(taken.uid().value());
            } else {
              // Before the message that it is not: its UID at the source is free then.
              account.record(
                  new Event.Compared(
                      account.name(), mailbox, UidRanges.EMPTY, UidRanges.of(taken.uid())));
              account.append(mailbox, new Event.SourceUid(uidValidity, message.uid()), message);
            }
          });
    } finally {
      UidRanges equal = same.build();
      if (!equal.isEmpty()) {
        account.record(new Event.Compared(account.name(), mailbox, equal, UidRanges.EMPTY));
      }
    }
  }

  private static ContentId id(Source.Message message) throws IOException {
    try (InputStream in = message.octets().open()) {
      return ContentId.sha256(in);
    }
  }
}
