package org.muniment.server.capture;

import java.time.Instant;
import java.util.List;
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
  /// @param receipt what the source listed and what became of it
  /// @param excluded names of the mailboxes that a rule leaves out
  /// @param messages messages that this run archived
  /// @param octets octets of these
  record Finished(
      Event.Poll receipt, Instant ended, List<String> excluded, long messages, long octets)
      implements CaptureOutcome {
    public Finished {
      excluded = List.copyOf(excluded);
    }

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

  /// The run could not go on for a reason of this side: archive, catalogue, configuration, stop.
  /// What it had archived until then stays.
  record Aborted(AccountName account, Instant started, Instant ended, String reason)
      implements CaptureOutcome {
    @Override
    public boolean complete() {
      return false;
    }
  }
}
