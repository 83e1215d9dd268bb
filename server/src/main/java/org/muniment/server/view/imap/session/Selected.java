package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.imap.wire.ImapWriter;

/// The selected mailbox. Its messages stay and keep their numbers; new ones come at the end.
public final class Selected {

  /// The flags of RFC 3501 section 2.3.2.
  private static final List<String> SYSTEM_FLAGS =
      List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft");

  /// Most keywords that are announced.
  private static final int MAX_FLAGS = 500;

  private final boolean writable;
  private MailboxView view;
  private final Set<String> flags = new LinkedHashSet<>(SYSTEM_FLAGS);

  Selected(MailboxView view, boolean writable) {
    this.view = view;
    this.writable = writable;
  }

  /// Whether the user can change `\Seen`.
  public boolean isWritable() {
    return writable && view instanceof ReadMailbox;
  }

  /// Marks messages as seen or as not seen, for the user.
  ///
  /// @throws IllegalStateException when it is not writable
  public void mark(BitSet numbers, boolean seen) {
    if (!(writable && view instanceof ReadMailbox read)) {
      throw new IllegalStateException("no flag can be changed");
    }
    read.mark(numbers, seen);
  }

  /// The messages as the client has been told of them.
  public MailboxView view() {
    return view;
  }

  /// Writes the flags that the mailbox is known to have.
  public void writeFlags(ImapWriter out) throws IOException {
    out.raw("* FLAGS ").list(flags).crlf();
  }

  /// Writes the flags anew when these messages have any that the client has not been told of.
  public void announceFlags(List<MessageRow> rows, ImapWriter out) throws IOException {
    boolean added = false;
    for (MessageRow row : rows) {
      added |= flags.size() < MAX_FLAGS && flags.addAll(row.flags());
    }
    if (added) {
      writeFlags(out);
    }
  }

  /// Whether the user may still read it.
  boolean isVisible(ReadModel model) {
    return view instanceof EmptyInbox || model.reads(view.summary().account());
  }

  /// Writes EXISTS when new messages have come.
  ///
  /// @return false when the mailbox is not there any more
  boolean refresh(ReadModel model, UnaryOperator<MailboxView> reading, ImapWriter out)
      throws IOException {
    Optional<MailboxView> now = now(model).map(reading);
    if (now.isEmpty()) {
      return false;
    }
    if (now.get().exists() > view.exists()) {
      view = now.get();
      out.raw("* ").number(view.exists()).raw(" EXISTS").crlf();
    }
    return true;
  }

  private Optional<MailboxView> now(ReadModel model) {
    return view instanceof EmptyInbox
        ? Folders.open(model, Folders.INBOX).filter(EmptyInbox.class::isInstance)
        : model.mailbox(view.summary().id());
  }
}
