package org.muniment.server.view;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.MessageSets.Scope;
import org.muniment.indexer.catalog.UidSet;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.Substrings;
import org.muniment.indexer.search.TooBroadException;
import org.muniment.server.access.Relation;
import org.muniment.server.access.SavedSearches;
import org.muniment.server.access.VirtualNumbers;
import org.muniment.server.access.VirtualNumbers.Announced;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The virtual mailboxes of all users: all their mail, and what their saved searches find. What is
/// in them is kept, and looked for again when the archive or the index has grown, a search also
/// every minute, since it may be about time. Safe for use by many threads.
///
/// The UID of a message is the same in all of them ([org.muniment.indexer.catalog.FirstCaptures]).
/// UIDVALIDITY rises whenever a message would appear below the UIDNEXT that the user was told of.
final class VirtualMailboxes {

  private static final Logger LOG = LoggerFactory.getLogger(VirtualMailboxes.class);

  /// Octets of the heap that hold which messages are in mailboxes.
  private static final long MAX_KEPT = Runtime.getRuntime().maxMemory() / 32;

  private static final long PER_MAILBOX = 4 << 10;

  /// Those that are looked for at once by different threads.
  private static final int LOCKS = 64;

  private static final Duration FRESH = Duration.ofMinutes(1);

  private static final MailboxId ALL_MAIL = id("all");
  private static final List<String> ALL_MAIL_PATH = List.of("Virtual", "All Mail");

  /// Says in a summary that the messages are of no single account.
  private static final AccountName SEVERAL = new AccountName("virtual");

  private static final UidValidity UNKNOWN = new UidValidity(1);

  private final Archive archive;
  private final Catalogue catalogue;
  private final Search search;
  private final Substrings substrings;
  private final SavedSearches searches;
  private final VirtualNumbers announced;
  private final Clock clock = Clock.systemUTC();

  private final Object[] locks = new Object[LOCKS];
  private final Recent<Key, Kept> kept = new Recent<>(MAX_KEPT, Kept::octets);

  VirtualMailboxes(
      Archive archive,
      Catalogue catalogue,
      Search search,
      Substrings substrings,
      SavedSearches searches,
      VirtualNumbers announced) {
    this.archive = archive;
    this.catalogue = catalogue;
    this.search = search;
    this.substrings = substrings;
    this.searches = searches;
    this.announced = announced;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  /// What one person has.
  interface Personal {
    List<MailboxSummary> all();

    Optional<MailboxView> open(MailboxId id) throws IOException;
  }

  /// No virtual mailboxes.
  static final Personal NONE =
      new Personal() {
        @Override
        public List<MailboxSummary> all() {
          return List.of();
        }

        @Override
        public Optional<MailboxView> open(MailboxId id) {
          return Optional.empty();
        }
      };

  private record Key(String user, MailboxId id) {}

  /// What the messages of a mailbox depend on.
  ///
  /// @param query null for all mail
  /// @param indexed entries of the log that can be searched; 0 for all mail
  /// @param minute in which it was looked for; 0 for all mail
  private record Stamp(
      Map<AccountName, Relation> visible,
      @Nullable String query,
      long followed,
      long indexed,
      long minute) {}

  private record Kept(Stamp stamp, BitSet numbers, VirtualMailbox view, Announced announced) {

    /// Roughly; of what is shared with others, too. Twice the numbers: those that are unseen may be
    /// asked for.
    long octets() {
      return PER_MAILBOX + 2L * numbers.size() / Byte.SIZE + view.uids().octets();
    }
  }

  Personal of(String user, Map<AccountName, Relation> visible) {
    return new Personal() {
      @Override
      public List<MailboxSummary> all() {
        return visible.isEmpty() ? List.of() : VirtualMailboxes.this.all(user);
      }

      @Override
      public Optional<MailboxView> open(MailboxId id) throws IOException {
        if (id.equals(ALL_MAIL)) {
          return visible.isEmpty()
              ? Optional.empty()
              : view(user, summary(id, ALL_MAIL_PATH, Set.of("\\All")), null, visible);
        }
        for (SavedSearches.SavedSearch saved : searches.all(user)) {
          if (id(saved).equals(id)) {
            return view(user, summary(saved), saved.query(), visible);
          }
        }
        return Optional.empty();
      }
    };
  }

  private List<MailboxSummary> all(String user) {
    List<MailboxSummary> all = new ArrayList<>();
    all.add(summary(ALL_MAIL, ALL_MAIL_PATH, Set.of("\\All")));
    searches.all(user).forEach(saved -> all.add(summary(saved)));
    return all;
  }

  private static MailboxSummary summary(SavedSearches.SavedSearch saved) {
    return summary(id(saved), List.of("Virtual", saved.name()), Set.of());
  }

  private static MailboxSummary summary(MailboxId id, List<String> path, Set<String> attributes) {
    return new MailboxSummary(id, SEVERAL, path, attributes, UNKNOWN, 1, 0, 0, 0);
  }

  private static MailboxId id(SavedSearches.SavedSearch saved) {
    return id("search " + saved.name());
  }

  private static MailboxId id(String what) {
    byte[] digest = sha256().digest(("virtual " + what).getBytes(StandardCharsets.UTF_8));
    return new MailboxId(HexFormat.of().formatHex(digest, 0, 8));
  }

  private Optional<MailboxView> view(
      String user,
      MailboxSummary summary,
      @Nullable String query,
      Map<AccountName, Relation> visible)
      throws IOException {
    Key key = new Key(user, summary.id());
    synchronized (locks[Math.floorMod(key.hashCode(), LOCKS)]) {
      @Nullable Kept before = kept.get(key);
      Stamp stamp = stamp(query, visible);
      if (before != null && before.stamp.equals(stamp)) {
        return Optional.of(before.view);
      }
      Optional<BitSet> numbers = numbers(query, visible);
      if (numbers.isEmpty()) {
        return Optional.empty();
      }
      Kept now = kept(key, stamp, summary, numbers.get(), before);
      kept.put(key, now);
      return Optional.of(now.view);
    }
  }

  private Stamp stamp(@Nullable String query, Map<AccountName, Relation> visible)
      throws IOException {
    long followed = catalogue.position();
    return query == null
        ? new Stamp(Map.copyOf(visible), null, followed, 0, 0)
        : new Stamp(
            Map.copyOf(visible),
            query,
            followed,
            search.position(),
            clock.millis() / FRESH.toMillis());
  }

  /// @return empty when it is no query any more
  private Optional<BitSet> numbers(@Nullable String query, Map<AccountName, Relation> visible)
      throws IOException {
    if (query == null) {
      return Optional.of(
          catalogue
              .sets()
              .union(
                  visible.keySet().stream().map(Scope.Account::new).collect(toUnmodifiableSet())));
    }
    try {
      return Optional.of(
          search.numbers(QueryParser.parse(query), visible.keySet(), ZoneOffset.UTC));
    } catch (QuerySyntaxException | TooBroadException e) {
      LOG.debug("a saved search cannot be shown: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private Kept kept(
      Key key, Stamp stamp, MailboxSummary summary, BitSet numbers, @Nullable Kept before)
      throws IOException {
    UidSet firsts = catalogue.firstCaptures().uids();
    UidSet uids = uids(numbers, firsts, before);
    Announced told = announce(key, stamp, uids, before);
    MailboxSummary now =
        new MailboxSummary(
            summary.id(),
            summary.account(),
            summary.path(),
            summary.attributes(),
            told.uidValidity(),
            told.uidNext(),
            uids.size(),
            0,
            0);
    return new Kept(
        stamp,
        numbers,
        VirtualMailbox.of(
            archive, catalogue, substrings, stamp.visible, now, uids, firsts, stamp.followed),
        told);
  }

  /// Shared with what was before where that is the same, and with all mail where it is all.
  private static UidSet uids(BitSet numbers, UidSet firsts, @Nullable Kept before) {
    if (before != null && before.numbers.equals(numbers)) {
      return before.view.uids();
    }
    if (numbers.cardinality() == firsts.size() && numbers.length() == firsts.size()) {
      return firsts;
    }
    if (before == null) {
      return UidSet.of(VirtualMailbox.uids(numbers, firsts));
    }
    BitSet left = (BitSet) before.numbers.clone();
    left.andNot(numbers);
    BitSet come = (BitSet) numbers.clone();
    come.andNot(before.numbers);
    return UidSet.of(
        before
            .view
            .uids()
            .ranges()
            .minus(VirtualMailbox.uids(left, firsts))
            .or(VirtualMailbox.uids(come, firsts)));
  }

  private Announced announce(Key key, Stamp stamp, UidSet uids, @Nullable Kept before)
      throws IOException {
    @Nullable Announced told =
        before == null ? announced.find(key.user, key.id).orElse(null) : before.announced;
    if (before != null && before.view.uids() == uids) {
      return before.announced;
    }
    long position = stamp.query == null ? stamp.followed : stamp.indexed;
    if (told != null && told.uidNext() - 1 > position) {
      throw new IOException(
          "the catalogue or the index is being made: " + position + " of " + told.uidNext());
    }
    Announced now = next(told, uids, before);
    if (!now.equals(told)) {
      announced.put(key.user, key.id, now);
    }
    return now;
  }

  private Announced next(@Nullable Announced told, UidSet uids, @Nullable Kept before) {
    long next = uids.last() + 1;
    long seconds = clock.instant().getEpochSecond();
    String digest = digest(uids, next);
    if (told == null) {
      return new Announced(new UidValidity(seconds), next, digest);
    }
    boolean appears =
        before == null
            ? !digest(uids, told.uidNext()).equals(told.digest())
            : appears(uids, before.view.uids(), told.uidNext());
    return new Announced(
        appears
            ? new UidValidity(Math.max(seconds, told.uidValidity().value() + 1))
            : told.uidValidity(),
        Math.max(next, told.uidNext()),
        digest);
  }

  private static boolean appears(UidSet now, UidSet before, long next) {
    return now.ranges().minus(before.ranges()).ranges().stream()
        .anyMatch(range -> range.first() < next);
  }

  /// Of the UIDs below `next`.
  private static String digest(UidSet uids, long next) {
    MessageDigest digest = sha256();
    ByteBuffer range = ByteBuffer.allocate(2 * Long.BYTES);
    for (UidRanges.Range each : uids.ranges().ranges()) {
      if (each.first() < next) {
        digest.update(
            range
                .putLong(0, each.first())
                .putLong(Long.BYTES, Math.min(each.last(), next - 1))
                .array());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
