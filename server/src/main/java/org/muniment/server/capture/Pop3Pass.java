package org.muniment.server.capture;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.capture.SourceProgress.KnownUniqueId;
import org.muniment.server.capture.pop3.Pop3Listing;
import org.muniment.server.capture.pop3.Pop3Session;
import org.muniment.server.capture.pop3.ReceivedDate;
import org.muniment.server.capture.source.SourceException;

/// One connection of a [Pop3Run]: lists the maildrop, fetches what the archive does not have, sees
/// what is there no more.
///
/// A message that has a name is in the archive when its unique-id is: a server that gives another
/// one to the same message has it captured at another place, with the octets that are there
/// already. A nameless one is read each time: it is in the archive when INBOX has as many
/// placements of its octets as the listing has. Its source id is `sha256 HEX N`, which no unique-id
/// can be, for the spaces in it.
///
/// Memory goes with the number of messages: that of [Pop3Listing], some bits for each, and some
/// hundred octets for each nameless one, of which there are at most [#MAX_NAMELESS].
final class Pop3Pass {

  private static final SourceText INBOX = SourceText.of("INBOX");

  /// Messages, and octets, per commit.
  private static final int CHUNK = 250;

  private static final long CHUNK_OCTETS = 64L << 20;

  /// With more failures than this the mailbox as a whole has failed.
  private static final int MAX_FAILED = 1_000;

  /// More are not read.
  static final int MAX_NAMELESS = 100_000;

  private final MailboxId id;
  private final Pop3Session session;
  private final Event.Provenance provenance;
  private final Intake intake;
  private final Pop3Failures failures;
  private final @Nullable Pop3Reading lastReading;

  private long listed;
  private long archived;
  private long added;
  private int uncommitted;
  private long uncommittedOctets;
  private long due;
  private int refused;
  private final List<Event.FailedMessage> failed = new ArrayList<>();

  /// UIDs of the view of what is listed and archived.
  private final BitSet seen = new BitSet();

  private @Nullable Pop3Reading reading;
  private boolean readAll = true;
  private boolean finished;
  private boolean lost;
  private boolean gaveUp;
  private @Nullable Instant reconciled;

  /// @param lastReading what is known of nameless messages, null for nothing
  Pop3Pass(
      MailboxId id,
      Pop3Session session,
      Event.Provenance provenance,
      Intake intake,
      Pop3Failures failures,
      @Nullable Pop3Reading lastReading) {
    this.id = id;
    this.session = session;
    this.provenance = provenance;
    this.intake = intake;
    this.failures = failures;
    this.lastReading = lastReading;
  }

  MailboxId mailbox() {
    return id;
  }

  Pop3Failures failures() {
    return failures;
  }

  /// Messages in the listing.
  long listed() {
    return listed;
  }

  /// Those of them that are in the archive, as far as was compared.
  long archived() {
    return archived;
  }

  /// Those of them that this pass archived.
  long added() {
    return added;
  }

  List<Event.FailedMessage> failed() {
    return failed;
  }

  /// What came of the nameless messages, null when there are none.
  @Nullable Pop3Reading reading() {
    return reading;
  }

  /// When all was compared, null when it was not.
  @Nullable Instant reconciled() {
    return reconciled;
  }

  /// Whether it came to its end.
  boolean finished() {
    return finished;
  }

  /// Whether the connection was lost.
  boolean lost() {
    return lost;
  }

  /// Whether another pass has less to do.
  boolean fruitful() {
    return added > 0 || gaveUp;
  }

  /// Takes note of why it ended early.
  void failed(SourceException e) {
    lost = e.lost();
  }

  /// @throws SourceException when the connection was lost, or the mailbox as a whole cannot be read
  void run() throws SourceException, IOException, AccountRun.StoppedException {
    try (Pop3Listing listing = session.list()) {
      listed = listing.size();
      BitSet nameless = listing.nameless();
      BitSet missing = compare(listing);
      due = missing.cardinality();
      intake.report(INBOX, 0, due);
      readNameless(listing, nameless);
      fetch(listing, missing);
      commit();
      intake.goOn();
      if (nameless.cardinality() > MAX_NAMELESS) {
        throw SourceException.refused(
            SourceText.of(
                "%,d messages have no unique-id of their own; at most %,d are read"
                    .formatted(nameless.cardinality(), MAX_NAMELESS)),
            null);
      }
      missGone();
      finished = true;
    }
  }

  /// @return numbers of the messages that have a name which the archive does not know
  private BitSet compare(Pop3Listing listing) throws IOException {
    BitSet missing = new BitSet();
    Map<SourceText, Integer> batch = new LinkedHashMap<>();
    try (Pop3Listing.Names names = listing.names()) {
      while (names.next()) {
        batch.put(names.uniqueId(), names.number());
        if (batch.size() == SourceProgress.MOST) {
          compare(batch, missing);
        }
      }
    }
    compare(batch, missing);
    return missing;
  }

  private void compare(Map<SourceText, Integer> batch, BitSet missing) throws IOException {
    Set<SourceText> found = new HashSet<>();
    if (!batch.isEmpty()) {
      for (KnownUniqueId known : intake.progress().uniqueIds(id, batch.keySet())) {
        found.add(known.uniqueId());
        see(known);
      }
    }
    archived += found.size();
    batch.forEach(
        (uniqueId, number) -> {
          if (!found.contains(uniqueId)) {
            missing.set(number);
          }
        });
    batch.clear();
  }

  private void see(KnownUniqueId known) {
    see(known.uid());
    if (!known.there()) {
      intake.sightings(id).back(known.uid());
    }
  }

  /// The archive gives the UIDs of its view one after the other.
  private void see(Uid uid) {
    seen.set(Math.toIntExact(uid.value()));
  }

  private void fetch(Pop3Listing listing, BitSet missing)
      throws SourceException, IOException, AccountRun.StoppedException {
    if (missing.isEmpty()) {
      return;
    }
    try (Pop3Listing.Names names = listing.names()) {
      while (names.next()) {
        if (missing.get(names.number())) {
          fetch(names.number(), new Event.Uidl(names.uniqueId()));
        }
      }
    }
  }

  private void fetch(int number, Event.Uidl message)
      throws SourceException, IOException, AccountRun.StoppedException {
    Event.FailedMessage standing = failures.standing(message, intake.now());
    if (standing != null) {
      failed.add(standing);
      limitFailures(standing.reason());
      return;
    }
    intake.goOn();
    try (Octets octets = retrieve(number, message)) {
      append(message, octets);
    } catch (SourceException e) {
      if (e.lost()) {
        throw e;
      }
      failures.refused(message, e.words());
      refused++;
      limitFailures(e.words());
    }
  }

  private Octets retrieve(int number, Event.Uidl message) throws SourceException, IOException {
    try {
      return session.retrieve(number);
    } catch (SourceException e) {
      if (e.lost() && !e.later()) {
        gaveUp |= failures.lostOver(message, e.words(), intake.now());
      }
      throw e;
    }
  }

  private void limitFailures(SourceText last) throws SourceException {
    if (failed.size() + refused > MAX_FAILED) {
      throw SourceException.refused(
          SourceText.of(
              "%,d messages failed, the last with: %s"
                  .formatted(failed.size() + refused, last.display())),
          null);
    }
  }

  /// @return the UID that the view gave
  private Uid append(Event.Uidl message, Octets octets) throws IOException {
    Event.Placement placement =
        intake.append(id, message, ReceivedDate.of(octets), Set.of(), octets, provenance);
    see(placement.uid());
    uncommitted++;
    uncommittedOctets += octets.length();
    if (uncommitted == CHUNK || uncommittedOctets >= CHUNK_OCTETS) {
      commit();
    }
    return placement.uid();
  }

  /// Makes durable what was appended, and counts it.
  void commit() throws IOException {
    intake.commit();
    added += uncommitted;
    archived += uncommitted;
    uncommitted = 0;
    uncommittedOctets = 0;
    intake.report(INBOX, added, due);
  }

  private void readNameless(Pop3Listing listing, BitSet nameless)
      throws SourceException, IOException, AccountRun.StoppedException {
    Instant now = intake.now();
    reconciled = now;
    if (nameless.isEmpty()) {
      return;
    }
    if (lastReading != null && lastReading.holds(listing.digest(), now)) {
      repeat(lastReading);
      return;
    }
    Reading read = new Reading();
    nameless.stream().limit(MAX_NAMELESS).forEach(read.numbers::set);
    for (int n = read.numbers.nextSetBit(0); n >= 0; n = read.numbers.nextSetBit(n + 1)) {
      read.take(n);
    }
    reading =
        new Pop3Reading(
            listing.digest(), read.seen, read.numbers.cardinality() - read.failed, failed, now);
    readAll = failed.isEmpty();
  }

  private void repeat(Pop3Reading last) {
    reading = last;
    seen.or(last.seen());
    archived += last.archived();
    failed.addAll(last.failed());
    readAll = last.failed().isEmpty();
    reconciled = last.at();
  }

  /// What is listed no more. A nameless message that could not be read may be any, so that then
  /// nothing is said to be gone.
  private void missGone() throws IOException {
    if (readAll) {
      UidRanges.Builder gone = new UidRanges.Builder();
      intake
          .progress()
          .uniqueIdsThere(id)
          .forEach(
              uid -> {
                if (!seen.get((int) uid)) {
                  gone.accept(uid);
                }
              });
      intake.sightings(id).missed(gone.build());
    }
  }

  /// The reading of the nameless messages.
  private final class Reading {
    private final BitSet numbers = new BitSet();
    private final BitSet seen = new BitSet();
    private final Map<ContentId, Copies> copies = new HashMap<>();
    private int failed;

    void take(int number) throws SourceException, IOException, AccountRun.StoppedException {
      // A number says nothing beyond its connection; with the space it is no unique-id.
      Event.Uidl name = new Event.Uidl(SourceText.of("message " + number));
      Event.FailedMessage tried = failures.tried(name);
      if (tried != null) {
        fail(tried);
        return;
      }
      intake.goOn();
      try (Octets octets = retrieve(number, name)) {
        take(octets);
      } catch (SourceException e) {
        if (e.lost()) {
          throw e;
        }
        fail(failures.failed(name, e.words(), intake.now()));
      }
    }

    private void fail(Event.FailedMessage message) throws SourceException {
      Pop3Pass.this.failed.add(message);
      failed++;
      limitFailures(message.reason());
    }

    private void take(Octets octets) throws IOException {
      ContentId content = digest(octets);
      Copies known = copies.get(content);
      if (known == null) {
        known = new Copies(intake.progress().uniqueIds(id, content), Pop3Pass.this.seen);
        copies.put(content, known);
      }
      KnownUniqueId next = known.next();
      Uid uid;
      if (next == null) {
        String name = "sha256 " + content + " " + known.number();
        uid = append(new Event.Uidl(SourceText.of(name)), octets);
      } else {
        see(next);
        uid = next.uid();
        archived++;
      }
      seen.set((int) uid.value());
    }
  }

  /// The placements of some octets that no name of this listing accounts for, one after the other.
  private static final class Copies {
    private final List<KnownUniqueId> unnamed;
    private int number;
    private int taken;

    Copies(Collection<KnownUniqueId> archived, BitSet named) {
      unnamed = archived.stream().filter(known -> !named.get((int) known.uid().value())).toList();
      number = archived.size();
    }

    /// Null when there is none left.
    @Nullable KnownUniqueId next() {
      return taken < unnamed.size() ? unnamed.get(taken++) : null;
    }

    /// The number of one more.
    int number() {
      return ++number;
    }
  }

  private static ContentId digest(Octets octets) throws IOException {
    try (InputStream in = octets.open()) {
      return ContentId.sha256(in);
    }
  }
}
