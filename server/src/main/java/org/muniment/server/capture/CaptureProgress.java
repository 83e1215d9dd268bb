package org.muniment.server.capture;

import org.muniment.archive.event.AccountName;

/// Told how a capture run goes on. Called from the thread of the run: must be quick and must not
/// throw.
public interface CaptureProgress {

  /// Says nothing.
  CaptureProgress NONE = step -> {};

  /// Called when a mailbox is begun and whenever messages of it have become durable.
  void at(Step step);

  /// Where a run stands.
  ///
  /// @param mailbox the mailbox at work, as shown to people
  /// @param done messages of it that this run has archived
  /// @param due messages of it that were new when it was begun
  /// @param messages messages that this run has archived in all mailboxes so far
  /// @param octets octets of these
  record Step(
      AccountName account, String mailbox, long done, long due, long messages, long octets) {}
}
