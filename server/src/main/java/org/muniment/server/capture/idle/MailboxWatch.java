package org.muniment.server.capture.idle;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.imap.ImapIdle;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches one mailbox on a connection of its own, and connects anew when that is lost. Runs in a
/// virtual thread, until it is interrupted or the server does not know IDLE.
final class MailboxWatch implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(MailboxWatch.class);

  private final AccountName account;
  private final SourceConfig.Imap source;
  private final String mailbox;
  private final Credentials credentials;
  private final ImapLimits limits;
  private final Pace pace;
  private final PromptedRuns runs;
  private volatile Watched.State state = Watched.State.CONNECTING;
  private volatile String words = "";

  MailboxWatch(
      AccountName account,
      SourceConfig.Imap source,
      String mailbox,
      Credentials credentials,
      ImapLimits limits,
      Pace pace,
      PromptedRuns runs) {
    this.account = account;
    this.source = source;
    this.mailbox = mailbox;
    this.credentials = credentials;
    this.limits = limits;
    this.pace = pace;
    this.runs = runs;
  }

  /// How it stands.
  Watched watched() {
    return new Watched(account, mailbox, state, words);
  }

  @Override
  public void run() {
    int failures = 0;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long begun = System.nanoTime();
        SourceException trouble = watch();
        if (trouble == null) {
          return;
        }
        failures = isSteady(begun) ? 1 : failures + 1;
        Duration first = trouble.lost() ? pace.reconnect() : pace.refused();
        say(Watched.State.CONNECTING, trouble.words().display());
        Thread.sleep(pace.after(first, failures));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isSteady(long begun) {
    return System.nanoTime() - begun > pace.steady().toNanos();
  }

  /// One connection.
  ///
  /// @return why it ended; null when the server does not know IDLE
  private @Nullable SourceException watch() throws InterruptedException {
    try (ImapIdle idle = ImapIdle.connect(source, credentials, limits)) {
      if (!idle.isOffered()) {
        say(
            Watched.State.NOT_OFFERED,
            "the server does not offer IDLE: the account is captured by its schedule alone");
        return null;
      }
      idle.examine(mailbox);
      say(Watched.State.WATCHING, "");
      // For what came while nobody watched.
      runs.ask();
      while (true) {
        if (idle.await(pace.renewal())) {
          runs.ask();
          Thread.sleep(pace.settling());
        }
      }
    } catch (SourceException e) {
      return e;
    }
  }

  /// A change is worth a line in the log; the same again is not.
  private void say(Watched.State now, String why) {
    boolean news = state != now || !words.equals(why);
    state = now;
    words = why;
    if (news && now != Watched.State.WATCHING) {
      LOG.warn("{}: {} is not watched: {}", account, mailbox, why);
    } else if (news) {
      LOG.info("{}: {} is watched", account, mailbox);
    }
  }
}
