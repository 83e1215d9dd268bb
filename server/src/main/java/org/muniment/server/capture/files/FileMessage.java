package org.muniment.server.capture.files;

import java.time.Instant;
import java.util.Set;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.SourceText;

/// A message that was found in a file.
///
/// @param mailbox where it is filed
/// @param format how its octets came out of the file: `mbox` as they lie there between two From_
///   lines, `mboxrd` and `mboxo` with the quoting of From_ lines undone, `maildir`, `eml`, `pst`
/// @param place where it was
/// @param internalDate to the second
/// @param flags system flags and keywords
/// @param octets readable until the receiver returns
/// @param synthetic whether the octets were put together here, from a file that holds no message as
///   RFC 5322 has it
public record FileMessage(
    Mailbox mailbox,
    String format,
    FilePlace place,
    Instant internalDate,
    Set<SourceText> flags,
    Octets octets,
    boolean synthetic) {
  public FileMessage {
    flags = Set.copyOf(flags);
  }

  /// A mailbox by its name, as files tell it.
  ///
  /// @param delimiter separates the levels of the name
  public record Mailbox(SourceText name, String delimiter) {}
}
