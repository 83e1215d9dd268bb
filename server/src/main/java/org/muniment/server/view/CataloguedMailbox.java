package org.muniment.server.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.muniment.archive.Archive;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Uid;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.MessageSets.Scope;
import org.muniment.indexer.catalog.Row;
import org.muniment.indexer.catalog.Shown;
import org.muniment.indexer.catalog.Snapshot;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.search.Substrings;

/// A mailbox of the catalogue. Its UIDs are shared with all others who look at it.
record CataloguedMailbox(
    Archive archive, Catalogue catalogue, Substrings substrings, Snapshot snapshot)
    implements MailboxView {

  /// So few messages are looked through at once, without asking the index.
  private static final int FEW = 50;

  /// Messages that one thread looks through, before it takes others.
  private static final int PART = 40;

  /// Parts that are looked through at once.
  private static final int PARTS = 32;

  /// Said of a message that is not at its source any more.
  private static final String GONE = "$Gone";

  @Override
  public MailboxSummary summary() {
    return PersonalReadModel.summary(snapshot.mailbox(), snapshot.shown());
  }

  @Override
  public UidSet uids() {
    return snapshot.uids();
  }

  @Override
  public MailboxView with(UidSet messages) {
    return new CataloguedMailbox(
        archive,
        catalogue,
        substrings,
        new Snapshot(snapshot.mailbox(), snapshot.shown(), messages, snapshot.position()));
  }

  @Override
  public long highestModSeq() {
    return Math.max(ModSeq.FIRST, ModSeq.of(snapshot.mailbox().changed()));
  }

  @Override
  public Changes changedSince(long modSeq) {
    return catalogue
        .mailboxes()
        .changes(snapshot.mailbox(), snapshot.shown(), ModSeq.firstLeafAbove(modSeq));
  }

  @Override
  public long modSeqNow() {
    return ModSeq.before(catalogue.position());
  }

  @Override
  public OptionalInt firstUnseen(int from) {
    if (from > exists() || summary().unseen() == 0) {
      return OptionalInt.empty();
    }
    return catalogue
        .messages()
        .firstUnseen(snapshot.mailbox(), snapshot.shown(), uid(from), uid(exists()))
        .map(uid -> OptionalInt.of(firstFrom(uid.value())))
        .orElse(OptionalInt.empty());
  }

  @Override
  public long unseen(int from, int to) {
    if (from > to || summary().unseen() == 0) {
      return 0;
    }
    return from == 1 && to == exists()
        ? summary().unseen()
        : catalogue.messages().unseen(snapshot.mailbox(), snapshot.shown(), uid(from), uid(to));
  }

  @Override
  public long deleted() {
    return catalogue.messages().deleted(snapshot.mailbox(), snapshot.shown());
  }

  @Override
  public List<MessageRow> rows(int from, int to, boolean structure) {
    return catalogued(from, to, structure).stream().map(this::row).toList();
  }

  @Override
  public Map<Uid, ListedFields> listed(List<MessageRow> rows) {
    return rows.isEmpty()
        ? Map.of()
        : catalogue
            .messages()
            .listed(snapshot.mailbox(), rows.getFirst().uid(), rows.getLast().uid());
  }

  private List<Row> catalogued(int from, int to, boolean structure) {
    boolean gapless = uid(to).value() - uid(from).value() == to - from;
    return gapless
        ? catalogue.messages().rows(snapshot.mailbox(), uid(from), uid(to), structure)
        : catalogue
            .messages()
            .rows(
                snapshot.mailbox(),
                IntStream.rangeClosed(from, to).mapToObj(this::uid).toList(),
                structure);
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
        row.location(),
        row.internalDate(),
        row.captured(),
        row.sentDate(),
        flags(row),
        ModSeq.of(row.changed()),
        row.structure());
  }

  /// Whoever is shown all of a mailbox gets the flags of the source.
  private Set<String> flags(Row row) {
    Set<String> flags = PersonalReadModel.flags(row.flags());
    if (row.absence() == null || snapshot.shown() == Shown.ALL) {
      return flags;
    }
    Set<String> marked = new HashSet<>(flags);
    marked.add(GONE);
    return marked;
  }

  @Override
  public BitSet having(ContentId content) {
    BitSet number = new BitSet();
    catalogue.messages().find(content).ifPresent(message -> number.set(message.number()));
    return sequences(number);
  }

  /// By the index, which tells which messages can match at all; those are read where it does not
  /// tell that they do.
  @Override
  public BitSet matching(TextKey key, BitSet candidates) throws IOException {
    if (candidates.cardinality() <= FEW) {
      return read(key, candidates);
    }
    BitSet here = catalogue.sets().union(Set.of(new Scope.InMailbox(snapshot.mailbox().number())));
    Substrings.Found found = TextReading.found(substrings, key, here);
    BitSet matching = sequences(found.sure());
    matching.and(candidates);
    BitSet maybe = sequences(found.maybe());
    maybe.and(candidates);
    maybe.andNot(matching);
    matching.or(read(key, maybe));
    return matching;
  }

  /// The sequence numbers of messages that are in this snapshot.
  private BitSet sequences(BitSet numbers) {
    BitSet sequences = new BitSet();
    for (Uid uid : catalogue.messages().uids(snapshot.mailbox(), numbers)) {
      int sequence = firstFrom(uid.value());
      if (sequence <= exists() && uid(sequence).equals(uid)) {
        sequences.set(sequence);
      }
    }
    return sequences;
  }

  /// Those whose text has it; looked for by all processors, since nobody else does this work.
  private BitSet read(TextKey key, BitSet candidates) throws IOException {
    BitSet matching = new BitSet();
    List<List<Uid>> parts = new ArrayList<>();
    for (int at = candidates.nextSetBit(1); at > 0 && at <= exists(); ) {
      List<Uid> part = new ArrayList<>();
      for (; at > 0 && at <= exists() && part.size() < PART; at = candidates.nextSetBit(at + 1)) {
        part.add(uid(at));
      }
      parts.add(part);
      if (parts.size() == PARTS) {
        matching.or(read(key, parts));
        parts.clear();
      }
    }
    matching.or(read(key, parts));
    return matching;
  }

  private BitSet read(TextKey key, List<List<Uid>> parts) throws IOException {
    TextReading reading = new TextReading(archive, catalogue, substrings, snapshot.mailbox());
    BitSet matching = new BitSet();
    try {
      parts.parallelStream()
          .map(part -> matching(reading, key, part))
          .toList()
          .forEach(uids -> uids.forEach(uid -> matching.set(firstFrom(uid.value()))));
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
    return matching;
  }

  private static Set<Uid> matching(TextReading reading, TextKey key, List<Uid> part) {
    try {
      return reading.matching(key, part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
