package org.muniment.server.restore;

import java.util.ArrayList;
import java.util.List;
import org.muniment.server.capture.imap.ImapTargetSession;
import org.muniment.server.capture.imap.ModifiedUtf7;

/// A mailbox name for the target.
///
/// @param path its levels, as people read them, at least one
record TargetName(List<String> path) {

  private static final String INBOX = "INBOX";

  TargetName {
    path = List.copyOf(path);
  }

  /// The octets the target knows it by.
  String octets(ImapTargetSession.Style style) {
    return isInbox()
        ? INBOX
        : style.prefix() + ModifiedUtf7.encode(String.join(style.delimiter(), path));
  }

  boolean isInbox() {
    return path.size() == 1 && path.getFirst().equalsIgnoreCase(INBOX);
  }

  /// As it is shown, levels separated by `/`.
  String display() {
    return String.join("/", path);
  }

  /// With something behind the last level.
  TargetName and(String suffix) {
    List<String> levels = new ArrayList<>(path);
    levels.set(levels.size() - 1, levels.getLast() + suffix);
    return new TargetName(levels);
  }
}
