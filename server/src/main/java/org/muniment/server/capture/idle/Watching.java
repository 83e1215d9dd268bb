package org.muniment.server.capture.idle;

import java.io.Closeable;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.CaptureOutcome;
import org.muniment.server.capture.imap.ImapIdle;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// Watches the mailboxes that accounts name under `idle:`.
public final class Watching implements Closeable {

  /// How long closing waits for connections to end.
  private static final Duration END = Duration.ofSeconds(5);

  private final List<MailboxWatch> watches = new ArrayList<>();
  private final List<PromptedRuns> runs = new ArrayList<>();
  private final List<Thread> watchers = new ArrayList<>();
  private final List<Thread> runners = new ArrayList<>();

  /// What has an account captured.
  @FunctionalInterface
  public interface Runs {
    /// Captures an account once and returns when that has ended; a run that goes on already is
    /// waited for in its place.
    CaptureOutcome run(AccountName account);
  }

  /// @param runs called from several threads, for one account by one at a time
  public Watching(Collection<AccountConfig> accounts, Credentials credentials, Runs runs) {
    this(accounts, credentials, runs, ImapIdle.limits(), Pace.USUAL);
  }

  Watching(
      Collection<AccountConfig> accounts,
      Credentials credentials,
      Runs runs,
      ImapLimits limits,
      Pace pace) {
    for (AccountConfig account : accounts) {
      if (account.source() instanceof SourceConfig.Imap source && !account.idle().isEmpty()) {
        PromptedRuns prompted =
            new PromptedRuns(account.name(), runs, pace, InstantSource.system());
        this.runs.add(prompted);
        for (String mailbox : account.idle()) {
          watches.add(
              new MailboxWatch(
                  account.name(), source, mailbox, credentials, limits, pace, prompted));
        }
      }
    }
  }

  /// Begins to watch.
  public void start() {
    runs.forEach(run -> runners.add(Thread.ofVirtual().name("idle-runs").start(run)));
    watches.forEach(watch -> watchers.add(Thread.ofVirtual().name("idle").start(watch)));
  }

  /// How each mailbox stands.
  public List<Watched> watched() {
    return watches.stream().map(MailboxWatch::watched).toList();
  }

  /// The threads that watch.
  List<Thread> threads() {
    return List.copyOf(watchers);
  }

  /// Ends all connections. A run that goes on is ended by what was given to run it.
  @Override
  public void close() {
    watchers.forEach(Thread::interrupt);
    runners.forEach(Thread::interrupt);
    try {
      for (Thread watcher : watchers) {
        watcher.join(END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
