package org.muniment.server.capture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// One mailbox in one run. What the source lists and the archive does not have is fetched in
/// chunks; what a chunk did not give is fetched one by one, so that a message that the source
/// cannot give costs no other.
final class MailboxRun {

  /// Messages per FETCH command and per commit.
  static final int CHUNK = 250;

  /// With more failures than this the mailbox as a whole has failed.
  private static final int MAX_FAILED = 1_000;

  private final AccountRun account;
  private final Source.Mailbox mailbox;
  private final MailboxId id;

  private Source.State state = new Source.State(new UidValidity(0), 0, 0, 0);
  private UidRanges listed = UidRanges.EMPTY;
  private UidRanges missing = UidRanges.EMPTY;
  private long added;
  private long vanished;
  private final List<Event.FailedUid> failed = new ArrayList<>();

  /// The session that has this mailbox open.
  private Source.@Nullable Session examined;

  MailboxRun(AccountRun account, Source.Mailbox mailbox, MailboxId id) {
    this.account = account;
    this.mailbox = mailbox;
    this.id = id;
  }

  /// Captures it and hands the receipt to the account's run.
  ///
  /// @throws IOException from the archive or the catalogue only
  /// @throws AccountRun.StoppedException after the receipt was handed over
  void run() throws IOException, AccountRun.StoppedException {
    try {
      listed = open().uids();
      missing = listed.minus(account.archived(id, state.uidValidity()));
      account.report(mailbox, 0, missing.size());
      fetchMissing();
      account.captured(receipt(AccountRun.NOTHING));
    } catch (SourceException e) {
      account.failed(e);
      account.captured(receipt(e.words()));
    } catch (AccountRun.StoppedException e) {
      account.captured(receipt(AccountRun.STOPPED));
      throw e;
    }
  }

  /// The session, with this mailbox open in the generation that the run began with.
  private Source.Session open() throws SourceException {
    Source.Session session = account.session();
    if (session.equals(examined)) {
      return session;
    }
    Source.State now = session.examine(mailbox);
    if (examined != null && !now.uidValidity().equals(state.uidValidity())) {
      throw SourceException.refused(
          SourceText.of(
              "UIDVALIDITY changed from " + state.uidValidity() + " to " + now.uidValidity()),
          null);
    }
    state = examined == null ? now : state;
    examined = session;
    return session;
  }

  private void fetchMissing() throws SourceException, IOException, AccountRun.StoppedException {
    UidRanges.Builder unanswered = new UidRanges.Builder();
    for (UidRanges chunk : missing.chunks(CHUNK)) {
      UidRanges rest = fetchTogether(chunk);
      for (UidRanges one : rest.chunks(1)) {
        fetchAlone(one, unanswered);
      }
      account.report(mailbox, added, missing.size());
      limitUnanswered(unanswered.build());
    }
    explain(unanswered.build());
  }

  /// @return those of the chunk that did not come
  private UidRanges fetchTogether(UidRanges chunk)
      throws SourceException, IOException, AccountRun.StoppedException {
    Source.Session session = open();
    Taker taker = new Taker(chunk);
    try {
      session.fetch(chunk, taker);
    } catch (SourceException e) {
      account.failed(e);
    }
    return taker.commit();
  }

  private void fetchAlone(UidRanges one, UidRanges.Builder unanswered)
      throws SourceException, IOException, AccountRun.StoppedException {
    Source.Session session = open();
    Taker taker = new Taker(one);
    try {
      session.fetch(one, taker);
      taker.commit().forEach(unanswered);
    } catch (SourceException e) {
      account.failed(e);
      taker.commit().forEach(uid -> failed.add(account.failed(new Uid(uid), e.words())));
      limitFailures(e);
    }
  }

  /// Those that the source did not answer for are gone, unless it still lists them.
  private void explain(UidRanges unanswered) throws SourceException {
    if (unanswered.isEmpty()) {
      return;
    }
    UidRanges gone = unanswered.minus(open().uids());
    vanished = gone.size();
    unanswered
        .minus(gone)
        .forEach(
            uid ->
                failed.add(
                    account.failed(
                        new Uid(uid), SourceText.of("listed by the server, but not sent"))));
  }

  private void limitFailures(SourceException last) throws SourceException {
    if (failed.size() > MAX_FAILED) {
      throw SourceException.refused(
          SourceText.of(failed.size() + " messages failed, the last with: " + last.getMessage()),
          last);
    }
  }

  /// A server that lists what it never sends could keep this busy for years; a mailbox that was
  /// emptied meanwhile is listed anew by the next run.
  private static void limitUnanswered(UidRanges unanswered) throws SourceException {
    if (unanswered.size() > MAX_FAILED) {
      throw SourceException.refused(
          SourceText.of("%,d messages that were listed did not come".formatted(unanswered.size())),
          null);
    }
  }

  private Event.MailboxReceipt receipt(SourceText failure) {
    return new Event.MailboxReceipt(
        id,
        new Event.Described(state.uidValidity(), state.uidNext(), state.uidNext(), 0),
        listed.size(),
        listed.size() - missing.size() + added,
        added,
        0,
        vanished,
        failed,
        null,
        failure);
  }

  /// Appends the messages of one FETCH that were asked for, each once.
  private final class Taker implements Source.Receiver {
    private final UidRanges asked;
    private final Set<Uid> taken = new HashSet<>();

    Taker(UidRanges asked) {
      this.asked = asked;
    }

    @Override
    public void accept(Source.Message message) throws IOException {
      if (asked.contains(message.uid()) && !taken.contains(message.uid())) {
        account.append(id, new Event.SourceUid(state.uidValidity(), message.uid()), message);
        taken.add(message.uid());
      }
    }

    /// Makes durable what was taken, and counts it.
    ///
    /// @return those asked for that did not come
    UidRanges commit() throws IOException, AccountRun.StoppedException {
      account.commit();
      added += taken.size();
      account.goOn();
      UidRanges.Builder came = new UidRanges.Builder();
      taken.forEach(uid -> came.accept(uid.value()));
      return asked.minus(came.build());
    }
  }
}
