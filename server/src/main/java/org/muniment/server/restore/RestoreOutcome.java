package org.muniment.server.restore;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a restore ended.
///
/// @param mailboxes where what went
/// @param planned messages that are to be at the target
/// @param octets of these
/// @param restored messages that are known to be there
/// @param identical those of them that were read back octet for octet
/// @param trouble what went wrong as a whole, a sentence each
/// @param failures the first messages that are not there as they should be
/// @param receipt for people; null after a dry run
/// @param receiptJson the same, one JSON object a line; null after a dry run
public record RestoreOutcome(
    List<MailboxStep> mailboxes,
    long planned,
    long octets,
    long restored,
    long identical,
    List<String> trouble,
    List<String> failures,
    @Nullable Path receipt,
    @Nullable Path receiptJson) {

  public RestoreOutcome {
    mailboxes = List.copyOf(mailboxes);
    trouble = List.copyOf(trouble);
    failures = List.copyOf(failures);
  }

  /// Whether everything is at the target as it was.
  public boolean complete() {
    return trouble.isEmpty() && identical == planned;
  }

  /// A mailbox of the source and where it goes.
  ///
  /// @param created whether the target did not have it; of a dry run, whether it will be made
  public record MailboxStep(
      String source, String target, boolean created, long messages, long octets) {}
}
