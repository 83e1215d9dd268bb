package org.muniment.server.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;

/// How the capture of an account fares. Holds no content of mail.
///
/// @param title what to call it
/// @param complete whether the last run accounted for every message that the source listed
/// @param missing what is missing, `""` for nothing
/// @param started when the last run began, null when there was none
/// @param ended when the last run ended, null when there was none
/// @param run where the run that goes on stands, null when none does
/// @param pause why it is not captured for some time, null when it is
/// @param next when it is captured next, null when that is not planned
/// @param startable whether who asks may start a run or a check
public record AccountState(
    AccountName account,
    String title,
    boolean complete,
    String missing,
    @Nullable Instant started,
    @Nullable Instant ended,
    @Nullable Run run,
    @Nullable Pause pause,
    @Nullable Instant next,
    boolean startable) {

  /// A run that goes on.
  ///
  /// @param mailbox the one at work, `""` before the first
  /// @param done messages of it that the run has archived
  /// @param due messages of it that were new
  /// @param messages messages that the run has archived in all
  /// @param octets octets of these
  public record Run(String mailbox, long done, long due, long messages, long octets) {}

  /// Why an account is not captured for some time.
  ///
  /// @param kind `later` and `denied` by the source, `spent` and `closed` by limits
  /// @param reason the words of the source, or the limit
  public record Pause(String kind, Instant until, String reason) {}
}
