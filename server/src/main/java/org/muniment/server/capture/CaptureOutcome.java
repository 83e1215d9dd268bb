package org.muniment.server.capture;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;

/// How one capture run of one account ended.
public sealed interface CaptureOutcome {

  AccountName account();

  Instant started();

  Instant ended();

  /// Whether every message that the source listed is archived or left out by a rule.
  boolean complete();

  /// The run came to its end, which does not mean that the source gave everything.
  ///
  /// @param receipt what the source listed and what became of it; in the log, unless the one before
  ///   says the same
  /// @param messages messages that this run archived
  /// @param octets octets of these
  /// @param hindrance what the source says about the runs to come, null for nothing
  record Finished(
      Event.Poll receipt, Instant ended, long messages, long octets, @Nullable Hindrance hindrance)
      implements CaptureOutcome {

    @Override
    public AccountName account() {
      return receipt.account();
    }

    @Override
    public Instant started() {
      return receipt.started();
    }

    @Override
    public boolean complete() {
      return receipt.complete();
    }
  }

  /// The run was not begun, because it is not the time for it: the source wants to be left alone,
  /// or the limits of the account say so.
  ///
  /// @param until when it is
  /// @param reason in words, those of the source among them
  record Postponed(AccountName account, Instant started, Instant until, String reason)
      implements CaptureOutcome {
    @Override
    public Instant ended() {
      return started;
    }

    @Override
    public boolean complete() {
      return false;
    }
  }

  /// The run could not go on, or not begin, for a reason of this side: archive, catalogue,
  /// configuration, the end of the program. What it had archived until then stays.
  record Aborted(AccountName account, Instant started, Instant ended, String reason)
      implements CaptureOutcome {
    @Override
    public boolean complete() {
      return false;
    }
  }
}
