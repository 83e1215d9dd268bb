package org.muniment.server.capture;

import java.util.List;
import org.muniment.archive.event.AccountName;

/// How an import ended.
///
/// @param added messages that it archived
/// @param octets octets of these
/// @param present messages that the mailboxes had already
/// @param vanished messages that were gone when it was their turn
/// @param failed messages and files that could not be read
/// @param failures the first of them, each with its place and the reason
/// @param skipped files that are no mail
/// @param skippedFiles the first of them
/// @param stopped whether it was ended before its end
public record ImportOutcome(
    AccountName account,
    long added,
    long octets,
    long present,
    long vanished,
    long failed,
    List<String> failures,
    long skipped,
    List<String> skippedFiles,
    boolean stopped) {
  public ImportOutcome {
    failures = List.copyOf(failures);
    skippedFiles = List.copyOf(skippedFiles);
  }

  /// Whether every message that there is was read and is archived.
  public boolean complete() {
    return failed == 0 && !stopped;
  }
}
