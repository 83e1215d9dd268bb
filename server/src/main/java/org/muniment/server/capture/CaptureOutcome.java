package org.muniment.server.capture;

import java.time.Instant;
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
  /// @param deleted what it deleted at the source
  record Finished(Event.Poll receipt, Instant ended, long messages, long octets, Deleted deleted)
      implements CaptureOutcome {

    /// One that deleted nothing.
    Finished(Event.Poll receipt, Instant ended, long messages, long octets) {
      this(receipt, ended, messages, octets, Deleted.NOTHING);
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

  /// What a run deleted at the source, where the account asks for it.
  ///
  /// @param messages how many
  /// @param trouble why it was not more, `""` when all went well
  record Deleted(long messages, String trouble) {
    /// Nothing was to be deleted.
    static final Deleted NOTHING = new Deleted(0, "");
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
