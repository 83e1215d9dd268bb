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
  /// @param deleted what it deleted at the source
  record Finished(
      Event.Poll receipt,
      Instant ended,
      long messages,
      long octets,
      @Nullable Hindrance hindrance,
      Deleted deleted)
      implements CaptureOutcome {

    /// One that deleted nothing.
    Finished(
        Event.Poll receipt,
        Instant ended,
        long messages,
        long octets,
        @Nullable Hindrance hindrance) {
      this(receipt, ended, messages, octets, hindrance, Deleted.NOTHING);
    }

    /// The same, of a source that says more about the runs to come; null for nothing more.
    Finished with(@Nullable Hindrance more) {
      return more == null ? this : new Finished(receipt, ended, messages, octets, more, deleted);
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
