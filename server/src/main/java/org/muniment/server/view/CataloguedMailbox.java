package org.muniment.server.view;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    BitSet having = new BitSet();
    forEach(number, (sequence, _) -> having.set(sequence));
    return having;
  }

  /// By the index, which tells which messages can match at all; those are read where it does not
  /// tell that they do.
  @Override
  public BitSet matching(TextKey key, BitSet candidates) throws IOException {
    TextReading reading = new TextReading(archive, catalogue, substrings);
    BitSet matching = new BitSet();
    List<Candidate> unsure = new ArrayList<>();
    if (candidates.cardinality() <= FEW) {
      unsure.addAll(unsure(candidates));
    } else {
      BitSet here =
          catalogue.sets().union(Set.of(new Scope.InMailbox(snapshot.mailbox().number())));
      Substrings.Found found = reading.found(key, here);
      forEach(
          found.all(),
          (sequence, number) -> {
            if (candidates.get(sequence) && found.sure().get(number)) {
              matching.set(sequence);
            } else if (candidates.get(sequence)) {
              unsure.add(new Candidate(sequence, number));
            }
          });
    }
    BitSet numbers = new BitSet();
    unsure.forEach(candidate -> numbers.set(candidate.number));
    BitSet read = reading.matching(key, numbers);
    unsure.stream()
        .filter(candidate -> read.get(candidate.number))
        .forEach(candidate -> matching.set(candidate.sequence));
    return matching;
  }

  /// A message whose text is to be looked through.
  private record Candidate(int sequence, int number) {}

  /// @param candidates at most [#FEW]
  private List<Candidate> unsure(BitSet candidates) {
    List<Uid> uids = candidates.stream().filter(at -> at <= exists()).mapToObj(this::uid).toList();
    return catalogue.messages().rows(snapshot.mailbox(), uids, false).stream()
        .map(row -> new Candidate(sequence(row), row.message()))
        .toList();
  }

  private interface Sink {
    void accept(int sequence, int number);
  }

  /// Those of some messages that are in this snapshot.
  private void forEach(BitSet numbers, Sink sink) {
    catalogue
        .messages()
        .forEach(
            snapshot.mailbox(),
            numbers,
            (uid, number) -> {
              int sequence = firstFrom(uid.value());
              if (sequence <= exists() && uid(sequence).equals(uid)) {
                sink.accept(sequence, number);
              }
            });
  }
}
