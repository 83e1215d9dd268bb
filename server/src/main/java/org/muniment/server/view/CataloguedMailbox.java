package org.muniment.server.view;

import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.muniment.archive.Archive;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Row;
import org.muniment.indexer.catalog.Snapshot;
import org.muniment.indexer.text.SubstringMatcher;

/// A mailbox of the catalogue. Its UIDs are shared with all others who look at it.
record CataloguedMailbox(Archive archive, Catalogue catalogue, Snapshot snapshot)
    implements MailboxView {

  /// Messages whose structure is held at once while their text is looked through.
  private static final int MAX_LOOKED_THROUGH = 50;

  @Override
  public MailboxSummary summary() {
    return PersonalReadModel.summary(snapshot.mailbox());
  }

  @Override
  public int exists() {
    return snapshot.uids().size();
  }

  @Override
  public Uid uid(int sequence) {
    return snapshot.uids().at(sequence - 1);
  }

  @Override
  public int firstFrom(long uid) {
    return snapshot.uids().indexFrom(uid) + 1;
  }

  @Override
  public OptionalInt firstUnseen(int from) {
    if (from > exists() || snapshot.mailbox().unseen() == 0) {
      return OptionalInt.empty();
    }
    return catalogue
        .messages()
        .firstUnseen(snapshot.mailbox(), uid(from), uid(exists()))
        .map(uid -> OptionalInt.of(firstFrom(uid.value())))
        .orElse(OptionalInt.empty());
  }

  @Override
  public long unseen(int from, int to) {
    if (from > to || snapshot.mailbox().unseen() == 0) {
      return 0;
    }
    return from == 1 && to == exists()
        ? snapshot.mailbox().unseen()
        : catalogue.messages().unseen(snapshot.mailbox(), uid(from), uid(to));
  }

  @Override
  public List<MessageRow> rows(int from, int to, boolean structure) {
    return catalogued(from, to, structure).stream().map(this::row).toList();
  }

  private List<Row> catalogued(int from, int to, boolean structure) {
    return catalogue.messages().rows(snapshot.mailbox(), uid(from), uid(to), structure);
  }

  private int sequence(Row row) {
    return firstFrom(row.uid().value());
  }

  private MessageRow row(Row row) {
    return new MessageRow(
        sequence(row),
        row.uid(),
        row.content(),
        row.length(),
        row.internalDate(),
        row.captured(),
        row.sentDate(),
        PersonalReadModel.flags(row.flags()),
        row.structure());
  }

  @Override
  public BitSet matching(TextKey key, BitSet candidates) throws IOException {
    BitSet matching = new BitSet();
    int from = candidates.nextSetBit(1);
    while (from > 0 && from <= exists()) {
      int to = candidates.previousSetBit(Math.min(from + MAX_LOOKED_THROUGH - 1, exists()));
      for (Row row : catalogued(from, to, true)) {
        int sequence = sequence(row);
        if (candidates.get(sequence) && matches(key, row)) {
          matching.set(sequence);
        }
      }
      from = candidates.nextSetBit(to + 1);
    }
    return matching;
  }

  private boolean matches(TextKey key, Row row) throws IOException {
    SubstringMatcher text =
        new SubstringMatcher(
            Objects.requireNonNull(row.structure()),
            offset -> archive.open(row.content(), row.location(), offset));
    return switch (key) {
      case TextKey.Header(String field, String value) -> text.header(field, value);
      case TextKey.Body(String value) -> text.body(value);
      case TextKey.Text(String value) -> text.text(value);
    };
  }
}
