package org.muniment.server.view.imap.session;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.MessageRow;
import org.muniment.server.view.ReadModel;
import org.muniment.server.view.imap.message.MessageNumbers;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.SequenceSet;
import org.muniment.server.view.imap.wire.SyntaxException;

/// The selected mailbox. Its messages stay and keep their numbers; new ones come at the end.
public final class Selected {

  /// The flags of RFC 3501 section 2.3.2.
  private static final List<String> SYSTEM_FLAGS =
      List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft");

  /// Most keywords that are announced.
  private static final int MAX_FLAGS = 500;

  /// Most ranges of UIDs that are kept of a search.
  static final int MAX_SAVED = 10_000;

  private final String name;
  private final boolean writable;
  private MailboxView view;

  /// The first and the last UID of each range, without their signs.
  private int[] saved = {};

  private final Set<String> flags = new LinkedHashSet<>(SYSTEM_FLAGS);

  Selected(String name, MailboxView view, boolean writable) {
    this.name = name;
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

  /// Its name, as it is listed.
  public String name() {
    return name;
  }

  /// The sequence numbers of the messages that a client names.
  ///
  /// @throws SyntaxException when a sequence number is greater than the number of messages
  public BitSet numbers(SequenceSet set, boolean uids) throws SyntaxException {
    return set.isSaved() ? saved() : MessageNumbers.of(set, uids, view);
  }

  /// The sequence numbers of what the last search saved (RFC 5182), a fresh set.
  public BitSet saved() {
    BitSet numbers = new BitSet();
    for (int i = 0; i < saved.length; i += 2) {
      numbers.set(
          view.firstFrom(Integer.toUnsignedLong(saved[i])),
          view.firstFrom(Integer.toUnsignedLong(saved[i + 1]) + 1));
    }
    return numbers;
  }

  /// Saves what a search found.
  ///
  /// @return false when that is more than [#MAX_SAVED] ranges; then nothing is saved
  public boolean save(BitSet numbers) {
    int[] ranges = new int[2 * MAX_SAVED];
    int length = 0;
    saved = new int[0];
    for (int from = numbers.nextSetBit(1); from > 0; ) {
      if (length == ranges.length) {
        return false;
      }
      int to = numbers.nextClearBit(from) - 1;
      ranges[length++] = (int) view.uid(from).value();
      ranges[length++] = (int) view.uid(to).value();
      from = numbers.nextSetBit(to + 1);
    }
    saved = Arrays.copyOf(ranges, length);
    return true;
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
