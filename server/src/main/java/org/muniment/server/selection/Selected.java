package org.muniment.server.selection;

import java.io.IOException;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.event.AccountName;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Mailbox;
import org.muniment.indexer.catalog.Past;

/// The mail of a selection, read from the catalogue page by page.
///
/// @param position of the log, as of which
/// @param numbers of the messages that the query of the selection finds, null when it has none
public record Selected(
    Catalogue catalogue, Selection selection, long position, @Nullable BitSet numbers) {

  /// What is selected at the position that the selection says.
  public static Selected of(
      Archive archive, Catalogue catalogue, Selection selection, @Nullable BitSet numbers)
      throws IOException {
    Instant asOf = selection.asOf();
    long now = catalogue.position();
    long position = asOf == null ? now : Math.min(now, Past.position(archive, asOf));
    return new Selected(catalogue, selection, position, numbers);
  }

  /// Takes messages.
  public interface Taker {
    /// @param some at most [org.muniment.indexer.catalog.Messages#MAX_ROWS], maybe none
    /// @return whether to go on
    boolean take(List<Past.Then> some) throws IOException;
  }

  /// The mailboxes of an account that mail is asked for of.
  public List<Mailbox> mailboxes(AccountName account) {
    return catalogue.mailboxes().of(account).stream().filter(selection::isOf).toList();
  }

  /// Whether a mailbox with so many selected messages is itself part of the selection: without any
  /// it is when all mail of it was asked for and the source lists it.
  public boolean holds(Mailbox mailbox, long messages) {
    return messages > 0 || (numbers == null && mailbox.listed());
  }

  /// Gives the selected messages of a mailbox by ascending UID.
  ///
  /// @param after only larger UIDs; 0 for all
  /// @return whether it came to the end
  public boolean each(Mailbox mailbox, long after, Taker taker) throws IOException {
    List<Past.Then> page = catalogue.past().rows(mailbox, position, after);
    while (!page.isEmpty()) {
      if (!taker.take(page.stream().filter(this::isSelected).toList())) {
        return false;
      }
      page = catalogue.past().rows(mailbox, position, page.getLast().uid().value());
    }
    return true;
  }

  private boolean isSelected(Past.Then then) {
    return (then.there() || (selection.withGone() && !then.moved()))
        && (numbers == null || numbers.get(then.message()));
  }
}
