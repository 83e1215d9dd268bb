package org.muniment.server.view;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.muniment.archive.Archive;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.Changes;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.MessageSets.Scope;
import org.muniment.indexer.catalog.Place;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.mail.KeptStructure;
import org.muniment.indexer.mail.ListedFields;
import org.muniment.indexer.search.Substrings;
import org.muniment.server.access.Relation;

/// Messages of several mailboxes, each once: all that somebody may see, or what a search finds.
///
/// What a message looks like is that of its places which the person may see: dates are of the first
/// one, flags of the first one where it still is.
///
/// @param visible accounts that the person reads
/// @param firsts the UID of each message of the archive, by its number
/// @param position entries of the log that were followed
/// @param unseen sequence numbers of those without `\Seen` in `summary`, found when asked for
record VirtualMailbox(
    Archive archive,
    Catalogue catalogue,
    Substrings substrings,
    Map<AccountName, Relation> visible,
    MailboxSummary summary,
    UidSet uids,
    UidSet firsts,
    long position,
    Once<BitSet> unseen,
    Once<Long> size)
    implements MailboxView {

  private static final String DELETED = "\\Deleted";
  private static final String GONE = "$Gone";

  static VirtualMailbox of(
      Archive archive,
      Catalogue catalogue,
      Substrings substrings,
      Map<AccountName, Relation> visible,
      MailboxSummary summary,
      UidSet uids,
      UidSet firsts,
      long position) {
    return new VirtualMailbox(
        archive,
        catalogue,
        substrings,
        visible,
        summary,
        uids,
        firsts,
        position,
        new Once<>(() -> unseen(catalogue, visible, uids, firsts)),
        new Once<>(() -> catalogue.messages().octets(numbers(uids, firsts))));
  }

  private static BitSet unseen(
      Catalogue catalogue, Map<AccountName, Relation> visible, UidSet uids, UidSet firsts) {
    Collection<AccountName> own =
        visible.keySet().stream().filter(name -> isOwn(visible, name)).toList();
    BitSet numbers = numbers(uids, firsts);
    BitSet seen =
        catalogue.sets().union(own.stream().map(Scope.Account::new).collect(toUnmodifiableSet()));
    seen.andNot(catalogue.messages().unseen(own));
    numbers.andNot(seen);
    return sequences(numbers, uids, firsts);
  }

  private static boolean isOwn(Map<AccountName, Relation> visible, AccountName account) {
    return visible.getOrDefault(account, Relation.OTHER) != Relation.OTHER;
  }

  private static BitSet numbers(UidSet uids, UidSet firsts) {
    BitSet numbers = new BitSet();
    uids.ranges().forEach(uid -> numbers.set(firsts.indexFrom(uid)));
    return numbers;
  }

  /// The sequence numbers of those messages that are here.
  private static BitSet sequences(BitSet numbers, UidSet uids, UidSet firsts) {
    BitSet sequences = new BitSet();
    numbers.stream()
        .filter(number -> number < firsts.size())
        .mapToLong(number -> firsts.at(number).value())
        .filter(uids::contains)
        .forEach(uid -> sequences.set(uids.indexFrom(uid) + 1));
    return sequences;
  }

  @Override
  public Kind kind() {
    return Kind.VIRTUAL;
  }

  @Override
  public boolean isReadableBy(ReadModel model) {
    return visible.keySet().stream().allMatch(model::reads);
  }

  @Override
  public MailboxView with(UidSet messages) {
    return of(archive, catalogue, substrings, visible, summary, messages, firsts, position);
  }

  @Override
  public long octets() {
    return size.get();
  }

  /// Tells whether anything was captured or observed, and no more than that.
  @Override
  public long highestModSeq() {
    return Math.max(ModSeq.FIRST, ModSeq.before(position));
  }

  /// Only messages that are here; what has left is known by comparison alone.
  @Override
  public Changes changedSince(long modSeq) {
    BitSet touched = catalogue.messages().touched(visible.keySet(), ModSeq.firstLeafAbove(modSeq));
    UidRanges.Builder here = new UidRanges.Builder();
    sequences(touched, uids, firsts).stream().forEach(number -> here.accept(uid(number).value()));
    return new Changes(here.build(), UidRanges.EMPTY);
  }

  @Override
  public long modSeqNow() {
    return ModSeq.before(catalogue.position());
  }

  @Override
  public OptionalInt firstUnseen(int from) {
    int first = unseen.get().nextSetBit(from);
    return first < 0 ? OptionalInt.empty() : OptionalInt.of(first);
  }

  @Override
  public long unseen(int from, int to) {
    return from > to ? 0 : unseen.get().get(from, to + 1).cardinality();
  }

  /// None: it is said of a place, not of a message.
  @Override
  public long deleted() {
    return 0;
  }

  @Override
  public List<MessageRow> rows(int from, int to, boolean structured) {
    List<Integer> numbers = IntStream.rangeClosed(from, to).mapToObj(this::number).toList();
    Map<Integer, Message> messages = catalogue.messages().find(numbers);
    Map<Integer, List<Place>> places = catalogue.messages().places(numbers);
    Map<Integer, KeptStructure> structures =
        structured ? catalogue.messages().structures(numbers) : Map.of();
    List<MessageRow> rows = new ArrayList<>(numbers.size());
    for (int sequence = from; sequence <= to; sequence++) {
      int number = numbers.get(sequence - from);
      KeptStructure structure = structures.get(number);
      if (structured && structure == null) {
        continue;
      }
      List<Place> seen =
          places.getOrDefault(number, List.of()).stream()
              .filter(place -> visible.containsKey(place.mailbox().account()))
              .toList();
      Message message = messages.get(number);
      if (message != null && !seen.isEmpty()) {
        rows.add(
            new MessageRow(
                sequence,
                uid(sequence),
                message.content(),
                message.length(),
                message.location(),
                seen.getFirst().internalDate(),
                seen.getFirst().captured(),
                message.sentDate(),
                flags(seen),
                ModSeq.FIRST,
                structure));
      }
    }
    return rows;
  }

  @Override
  public Map<Uid, ListedFields> listed(List<MessageRow> rows) {
    return catalogue
        .messages()
        .listed(rows.stream().map(row -> number(row.sequence())).toList())
        .entrySet()
        .stream()
        .collect(Collectors.toMap(one -> firsts.at(one.getKey()), Map.Entry::getValue));
  }

  private int number(int sequence) {
    return firsts.indexFrom(uid(sequence).value());
  }

  /// @param places at least one, in order of capture
  private Set<String> flags(List<Place> places) {
    Place present =
        places.stream()
            .filter(place -> place.absence() == null)
            .findFirst()
            .or(() -> places.stream().filter(VirtualMailbox::isHere).findFirst())
            .orElse(places.getFirst());
    Set<String> flags = new HashSet<>(PersonalReadModel.flags(present.flags()));
    flags.removeIf(flag -> flag.equalsIgnoreCase(DELETED) || isSeen(flag));
    if (present.absence() != null) {
      flags.add(GONE);
    }
    List<Place> own =
        places.stream().filter(place -> isOwn(visible, place.mailbox().account())).toList();
    if (!own.isEmpty() && own.stream().filter(VirtualMailbox::isHere).allMatch(this::isSeen)) {
      flags.add("\\Seen");
    }
    return flags;
  }

  private boolean isSeen(Place place) {
    return PersonalReadModel.flags(place.flags()).stream().anyMatch(VirtualMailbox::isSeen);
  }

  private static boolean isSeen(String flag) {
    return flag.equalsIgnoreCase("\\Seen");
  }

  private static boolean isHere(Place place) {
    return place.absence() == null || !place.absence().moved();
  }

  @Override
  public BitSet having(ContentId content) {
    BitSet number = new BitSet();
    catalogue.messages().find(content).ifPresent(message -> number.set(message.number()));
    return sequences(number, uids, firsts);
  }

  /// By the index, which tells which messages can match at all; those are read where it does not
  /// tell that they do.
  @Override
  public BitSet matching(TextKey key, BitSet candidates) throws IOException {
    BitSet among = new BitSet();
    candidates.stream().forEach(sequence -> among.set(number(sequence)));
    TextReading reading = new TextReading(archive, catalogue, substrings);
    Substrings.Found found = reading.found(key, among);
    BitSet matching = (BitSet) found.sure().clone();
    matching.and(among);
    BitSet maybe = (BitSet) found.maybe().clone();
    maybe.and(among);
    maybe.andNot(matching);
    matching.or(reading.matching(key, maybe));
    return sequences(matching, uids, firsts);
  }

  /// The UIDs of messages by their numbers.
  static UidRanges uids(BitSet numbers, UidSet firsts) {
    UidRanges.Builder uids = new UidRanges.Builder();
    numbers.stream()
        .filter(number -> number < firsts.size())
        .mapToObj(firsts::at)
        .mapToLong(Uid::value)
        .forEach(uids);
    return uids.build();
  }
}
