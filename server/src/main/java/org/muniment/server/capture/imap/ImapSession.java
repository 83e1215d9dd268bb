package org.muniment.server.capture.imap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.capture.source.Spool;

/// The commands of capture (RFC 9051): LIST, EXAMINE, UID SEARCH, UID FETCH with BODY.PEEK.
/// Messages are asked for by UID only. At most [#PIECE] octets of a message are in memory at a
/// time: each is asked for up to that length, and the rest of a longer one in pieces to a file, up
/// to the first short piece, because RFC822.SIZE may be wrong.
final class ImapSession implements Source.Session {

  /// Octets of a message in one response.
  static final int PIECE = 2 << 20;

  /// Extensions that are part of IMAP4rev2.
  private static final Set<String> REV2 =
      Set.of("LIST-EXTENDED", "LIST-STATUS", "SPECIAL-USE", "ESEARCH");

  /// Response codes of EXAMINE that describe the mailbox.
  private static final Set<String> CODES = Set.of("[UIDVALIDITY", "[UIDNEXT", "[HIGHESTMODSEQ");

  /// Angus Mail sends longer strings as literals.
  private static final int MAX_QUOTED = 1024;

  /// UIDs of a mailbox are kept as ranges; this many gaps are more than any mailbox has.
  private static final int MAX_RANGES = 2_000_000;

  private final ImapConnection connection;
  private final Path temporary;
  private final long messageSize;
  private boolean empty;

  /// Whether the open mailbox has every message, with its labels.
  private boolean labelled;

  /// Whether the server refused to give ids that it says it has.
  private boolean idsRefused;

  /// @param messageSize octets of the largest message that is fetched, at most 2^32 - 1
  ImapSession(ImapConnection connection, Path temporary, long messageSize) {
    this.connection = connection;
    this.temporary = temporary;
    this.messageSize = messageSize;
  }

  @Override
  public List<Source.Mailbox> mailboxes(boolean shared) throws SourceException {
    Listing listing = new Listing();
    boolean extended = offers("LIST-EXTENDED");
    connection.ask("LIST \"\" \"*\"" + (extended ? listReturn() : ""), null, listing::accept);
    if (shared) {
      listShared(extended, listing);
    }
    if (!extended) {
      askAll(List.of(new ImapConnection.Command("LSUB \"\" \"*\"", null)), listing);
    }
    if (!extended || !offers("LIST-STATUS")) {
      askStatus(listing.mailboxes(), statusItems(), listing);
    }
    if (offers("OBJECTID")) {
      askStatus(listing.mailboxes(), "(MAILBOXID)", listing);
    }
    return listing.mailboxes();
  }

  /// What `"*"` does not show: a server may keep namespaces that are not the user's own out of it.
  private void listShared(boolean extended, Listing listing) throws SourceException {
    if (!offers("NAMESPACE")) {
      return;
    }
    Namespaces namespaces = new Namespaces();
    connection.ask("NAMESPACE", null, namespaces::accept);
    for (String prefix : namespaces.shared()) {
      Argument arguments =
          new Argument().writeString("").writeString(prefix + "*", StandardCharsets.ISO_8859_1);
      connection.ask(
          "LIST",
          extended ? arguments.writeAtom(listReturn().strip()) : arguments,
          listing::accept);
    }
  }

  private String listReturn() {
    return " RETURN (SUBSCRIBED"
        + (offers("SPECIAL-USE") ? " SPECIAL-USE" : "")
        + (offers("LIST-STATUS") ? " STATUS " + statusItems() : "")
        + ")";
  }

  /// Without MAILBOXID, which is asked for by STATUS alone: Cyrus 3.6 answers a LIST with octets of
  /// something else there, which may be anything, also the id of another mailbox.
  private String statusItems() {
    return "(MESSAGES UIDNEXT UIDVALIDITY" + (keepsModSeq() ? " HIGHESTMODSEQ" : "") + ")";
  }

  /// One STATUS for each mailbox, many on their way at once. A mailbox whose status is refused is
  /// opened to see.
  private void askStatus(List<Source.Mailbox> mailboxes, String items, Listing listing)
      throws SourceException {
    askAll(
        mailboxes.stream()
            .filter(mailbox -> isQuotable(mailbox.name().octets()))
            .map(mailbox -> new ImapConnection.Command("STATUS", name(mailbox).writeAtom(items)))
            .toList(),
        listing);
  }

  /// Sends commands that a server may refuse.
  private void askAll(List<ImapConnection.Command> commands, Listing listing)
      throws SourceException {
    try {
      connection.runAll(commands, listing::accept);
    } catch (IOException e) {
      throw ImapConnection.failure(e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw ImapConnection.notUnderstood(e);
    }
  }

  /// Whether the server has an extension. IMAP4rev2 has some of them without saying so (RFC 9051
  /// appendix E).
  private boolean offers(String extension) {
    return connection.hasCapability(extension)
        || (REV2.contains(extension)
            && connection.hasCapability("IMAP4rev2")
            && !connection.hasCapability("IMAP4rev1"));
  }

  /// Whether a name is sent without a literal, for which the server would have to be waited.
  private static boolean isQuotable(String name) {
    return name.length() <= MAX_QUOTED && name.chars().allMatch(c -> c >= ' ' && c < 0x7F);
  }

  private static Argument name(Source.Mailbox mailbox) {
    return new Argument().writeString(mailbox.name().octets(), StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean givesOwnIds() {
    return !idItem().isEmpty();
  }

  private String idItem() {
    if (idsRefused) {
      return "";
    } else if (offers("OBJECTID")) {
      return " " + FetchItems.EMAILID;
    }
    return knowsLabels() ? " " + FetchItems.GMAIL_ID : "";
  }

  private boolean knowsLabels() {
    return offers("X-GM-EXT-1");
  }

  private String labelItem() {
    return labelled ? " " + FetchItems.GMAIL_LABELS : "";
  }

  private boolean keepsModSeq() {
    return offers("CONDSTORE") || offers("QRESYNC");
  }

  @Override
  public Source.State examine(Source.Mailbox mailbox) throws SourceException {
    long[] exists = {0};
    Map<String, Long> codes = new HashMap<>();
    connection.ask(
        "EXAMINE",
        keepsModSeq() ? name(mailbox).writeAtom("(CONDSTORE)") : name(mailbox),
        line -> {
          if (line.isOK()) {
            String code = line.readAtom();
            if (CODES.contains(code)) {
              codes.put(code, line.readLong());
            }
          } else if (line.keyEquals("EXISTS")) {
            exists[0] = line.getNumber();
          }
        });
    empty = exists[0] == 0;
    labelled = knowsLabels() && mailbox.isAll();
    try {
      return new Source.State(
          new UidValidity(codes.getOrDefault("[UIDVALIDITY", 0L)),
          Math.max(0, codes.getOrDefault("[UIDNEXT", 0L)),
          exists[0],
          Math.max(0, codes.getOrDefault("[HIGHESTMODSEQ", 0L)));
    } catch (IllegalArgumentException e) {
      throw ImapConnection.notUnderstood(e);
    }
  }

  @Override
  public UidRanges uids() throws SourceException {
    UidRanges.Builder uids = new UidRanges.Builder();
    if (empty) {
      return uids.build(); // some servers refuse `1:*` where there is nothing
    }
    if (offers("ESEARCH")) {
      connection.ask("UID SEARCH RETURN (ALL) ALL", null, line -> searched(line, uids));
    } else {
      // One short response per message; UID SEARCH would answer with a single line of any length.
      connection.ask("UID FETCH 1:* (UID)", null, line -> listed(line, uids));
    }
    return uids.build();
  }

  /// `"ESEARCH" SP "(" "TAG" SP tag ")" SP "UID" [SP "ALL" SP sequence-set]` (RFC 4731)
  private static void searched(IMAPResponse line, UidRanges.Builder uids) {
    if (!line.keyEquals("ESEARCH")) {
      return;
    }
    line.readSimpleList();
    for (String word = line.readAtom(); word != null && !word.isEmpty(); word = line.readAtom()) {
      if (word.equalsIgnoreCase("ALL")) {
        UidRanges.parse(line.readAtom(), MAX_RANGES)
            .ranges()
            .forEach(r -> uids.add(r.first(), r.last()));
      }
    }
  }

  private static void listed(IMAPResponse line, UidRanges.Builder uids) {
    if (line.keyEquals("FETCH")) {
      long uid = FetchItems.read(line).uid();
      if (uid != 0) { // without UID the server tells of changed flags
        uids.accept(new Uid(uid).value());
        if (uids.ranges() > MAX_RANGES) {
          throw new IllegalArgumentException("more than " + MAX_RANGES + " ranges of UIDs");
        }
      }
    }
  }

  @Override
  public void flags(Uid first, Uid last, long changedSince, Source.FlagsReceiver receiver)
      throws SourceException, IOException {
    String since = changedSince == 0 ? "" : " (CHANGEDSINCE " + changedSince + ")";
    try {
      connection.run(
          "UID FETCH " + first + ":" + last + " (UID FLAGS" + labelItem() + ")" + since,
          null,
          line -> {
            if (line.keyEquals("FETCH")) {
              FetchItems items = FetchItems.read(line);
              if (hasMarks(items) && items.uid() >= first.value() && items.uid() <= last.value()) {
                receiver.accept(new Uid(items.uid()), items.marks());
              }
            }
          });
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw ImapConnection.notUnderstood(e);
    }
  }

  /// Without labels that were asked for the server tells of changed flags, and nothing of labels.
  private boolean hasMarks(FetchItems items) {
    return items.flags() != null && (!labelled || items.labels() != null);
  }

  @Override
  public void identities(UidRanges uids, Source.IdentityReceiver receiver) throws SourceException {
    try {
      connection.ask(
          "UID FETCH "
              + uids
              + " (UID RFC822.SIZE FLAGS INTERNALDATE"
              + idItem()
              + labelItem()
              + ")",
          null,
          line -> {
            if (line.keyEquals("FETCH")) {
              identity(FetchItems.read(line), uids, receiver);
            }
          });
    } catch (SourceException e) {
      idsRefused = !e.lost();
      throw e;
    }
  }

  private void identity(FetchItems items, UidRanges asked, Source.IdentityReceiver receiver) {
    Event.OwnId id = items.ownId();
    if (id != null
        && hasMarks(items)
        && items.uid() >= 1
        && items.uid() <= Uid.MAX
        && asked.contains(new Uid(items.uid()))) {
      receiver.accept(
          new Source.Identity(
              new Uid(items.uid()), items.size(), items.internalDate(), items.marks(), id));
    }
  }

  @Override
  public void looks(UidRanges uids, Source.LookReceiver receiver)
      throws SourceException, IOException {
    try {
      connection.run(
          "UID FETCH "
              + uids
              + " (UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0."
              + PIECE
              + ">)",
          null,
          line -> {
            if (line.keyEquals("FETCH")) {
              look(FetchItems.read(line), uids, receiver);
            }
          });
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw ImapConnection.notUnderstood(e);
    }
  }

  private static void look(FetchItems items, UidRanges asked, Source.LookReceiver receiver)
      throws IOException {
    Octets header = items.body();
    if (header != null
        && header.length() < PIECE
        && items.uid() >= 1
        && items.uid() <= Uid.MAX
        && asked.contains(new Uid(items.uid()))) {
      try (InputStream in = header.open()) {
        receiver.accept(
            new Source.Look(
                new Uid(items.uid()), items.size(), items.internalDate(), ContentId.sha256(in)));
      }
    }
  }

  @Override
  public void fetch(UidRanges uids, Source.Receiver receiver) throws SourceException, IOException {
    SourceException first = null;
    Map<Uid, Long> large = large(uids);
    List<UidRanges> groups = inOrder(uids, large.keySet());
    FetchAhead ahead = new FetchAhead(connection, groups.stream().flatMap(g -> pieces(g, large)));
    for (UidRanges group : groups) {
      try {
        fetchTogether(group, ahead, receiver);
      } catch (SourceException e) {
        if (e.lost()) {
          throw e;
        }
        first = first == null ? e : first;
      }
    }
    ahead.end();
    if (first != null) {
      throw first;
    }
  }

  /// The sizes of those that take several commands, as the server says.
  private Map<Uid, Long> large(UidRanges uids) throws SourceException {
    Map<Uid, Long> large = new HashMap<>();
    if (uids.size() > 1) {
      connection.ask(
          "UID FETCH " + uids + " (UID RFC822.SIZE)",
          null,
          line -> {
            if (line.keyEquals("FETCH")) {
              FetchItems items = FetchItems.read(line);
              if (items.size() >= PIECE) {
                large.put(new Uid(items.uid()), items.size());
              }
            }
          });
    }
    return large;
  }

  /// The archive numbers messages as they come: a large one is fetched between those before and
  /// those after it. A size that is a lie costs the order only.
  private static List<UidRanges> inOrder(UidRanges uids, Set<Uid> large) {
    UidRanges.Builder alone = new UidRanges.Builder();
    large.forEach(uid -> alone.accept(uid.value()));
    return uids.around(alone.build());
  }

  /// What is going to be asked for when the sizes are true.
  private Stream<FetchAhead.Piece> pieces(UidRanges group, Map<Uid, Long> large) {
    FetchAhead.Piece first = first(group);
    Long size = group.size() == 1 ? large.get(group.first()) : null;
    return size == null || size > messageSize
        ? Stream.of(first)
        : Stream.concat(
            Stream.of(first),
            LongStream.rangeClosed(1, size / PIECE)
                .mapToObj(piece -> piece(group.first().value(), piece * PIECE, PIECE)));
  }

  private FetchAhead.Piece first(UidRanges uids) {
    return new FetchAhead.Piece(
        "UID FETCH "
            + uids
            + " (UID RFC822.SIZE FLAGS INTERNALDATE"
            + idItem()
            + labelItem()
            + " BODY.PEEK[]<0."
            + PIECE
            + ">)",
        true);
  }

  private static FetchAhead.Piece piece(long uid, long offset, int most) {
    return new FetchAhead.Piece(
        "UID FETCH " + uid + " (UID BODY.PEEK[]<" + offset + "." + most + ">)", false);
  }

  private void fetchTogether(UidRanges uids, FetchAhead ahead, Source.Receiver receiver)
      throws SourceException, IOException {
    Fetch fetch = new Fetch(uids, receiver);
    try {
      ahead.fetch(
          first(uids),
          line -> {
            if (line.keyEquals("FETCH")) {
              fetch.first(line);
            }
            return fetch.isComplete();
          });
      for (var next = fetch.large.pollFirstEntry();
          next != null;
          next = fetch.large.pollFirstEntry()) {
        receiver.accept(finished(next.getValue(), ahead));
      }
    } finally {
      for (Begun message : fetch.large.values()) {
        message.octets().close();
      }
    }
    if (fetch.trouble != null) {
      throw notUnderstood(fetch.trouble);
    }
  }

  private Source.Message finished(Begun message, FetchAhead ahead)
      throws SourceException, IOException {
    try (Spool octets = message.octets()) {
      finish(message, ahead);
      return message(message.items(), octets.whole());
    }
  }

  private static Source.Message message(FetchItems items, Octets body) {
    return new Source.Message(
        new Uid(items.uid()), items.internalDate(), items.marks(), items.ownId(), body);
  }

  /// Whether the octets end before the piece does, and no size says that there are more.
  private static boolean isWhole(FetchItems items, Octets body) {
    return items.origin() < 0 || (body.length() < PIECE && body.length() >= items.size());
  }

  private Begun begin(FetchItems items, Octets body, boolean first) throws IOException {
    Spool octets = first ? new Spool(temporary, items.size()) : Spool.inFile(temporary);
    try {
      append(body, octets);
    } catch (IOException e) {
      octets.close();
      throw e;
    }
    return new Begun(items, octets);
  }

  /// Appends the remaining pieces: up to a short one, or up to an empty one where the server says
  /// that the message is longer.
  private void finish(Begun message, FetchAhead ahead) throws SourceException, IOException {
    long size = message.items().size();
    if (size > messageSize
        && piece(message.items(), messageSize, 1, ahead, OutputStream.nullOutputStream()) > 0) {
      throw notUnderstood(tooLarge());
    }
    long offset = message.octets().length();
    long piece;
    do {
      piece =
          offset > messageSize ? 0 : piece(message.items(), offset, PIECE, ahead, message.octets());
      offset += piece;
    } while (piece == PIECE || (piece > 0 && offset < size));
    if (offset > messageSize) {
      throw notUnderstood(tooLarge());
    }
  }

  private String tooLarge() {
    return "the message is larger than maxMessageSize, which is %,d octets".formatted(messageSize);
  }

  /// Appends one piece.
  ///
  /// @param most octets that are asked for
  /// @return its length
  private static long piece(
      FetchItems message, long offset, int most, FetchAhead ahead, OutputStream out)
      throws SourceException, IOException {
    long[] length = {-1};
    // After a short piece, NIL and a size that promises more, it is the size that is wrong.
    boolean afterShort = offset % PIECE != 0;
    ahead.fetch(
        piece(message.uid(), offset, most),
        line -> {
          FetchItems items = line.keyEquals("FETCH") ? readable(line) : null;
          if (items == null || items.uid() != message.uid()) {
            return false;
          }
          if (items.body() == null && (afterShort || message.size() <= offset)) {
            length[0] = 0; // NIL: nothing lies at that offset
          } else if (items.body() != null && items.origin() == offset) {
            length[0] = append(items.body(), out);
          }
          return length[0] >= 0;
        });
    if (length[0] < 0 || length[0] > most) {
      throw notUnderstood("the server did not send the octets from " + offset + " on");
    }
    return length[0];
  }

  private static @Nullable FetchItems readable(IMAPResponse line) {
    try {
      return FetchItems.read(line);
    } catch (IllegalArgumentException e) {
      return null; // as if it had not been sent: the piece is then missing, which is an error
    }
  }

  private static long append(Octets body, OutputStream out) throws IOException {
    try (InputStream in = body.open()) {
      return in.transferTo(out);
    }
  }

  private static SourceException notUnderstood(String reason) {
    return SourceException.refused(SourceText.of(reason), null);
  }

  @Override
  public void close() {
    connection.end();
  }

  /// The answers to one FETCH of the first pieces.
  private final class Fetch {
    private final UidRanges asked;
    private final Source.Receiver receiver;

    /// By UID: a message that is sent again does not take another file.
    private final LinkedHashMap<Long, Begun> large = new LinkedHashMap<>();

    private final Set<Long> answered = new HashSet<>();

    /// The first of them.
    private @Nullable String trouble;

    Fetch(UidRanges asked, Source.Receiver receiver) {
      this.asked = asked;
      this.receiver = receiver;
    }

    /// Hands a message over when this is all of it, begins to gather it otherwise.
    void first(IMAPResponse line) throws IOException {
      FetchItems items;
      try {
        items = FetchItems.read(line);
      } catch (IllegalArgumentException e) {
        failed(String.valueOf(e.getMessage()));
        return;
      }
      if (items.uid() < 1 || items.uid() > Uid.MAX || !asked.contains(new Uid(items.uid()))) {
        return; // not asked for: the server tells of changed flags
      }
      if (items.body() != null || items.size() >= 0) {
        answered.add(items.uid());
      }
      Octets none = Octets.of(new byte[0]);
      Octets body = items.body() == null && items.size() == 0 ? none : items.body();
      if (body == null) {
        if (items.size() >= 0) { // without a size the server tells of changed flags
          failed("the server answered NIL for the message");
        }
      } else if (items.origin() > 0) {
        failed("the server sent the octets from " + items.origin() + " on, not from the first");
      } else if (isWhole(items, body)) {
        whole(items, body);
      } else if (!large.containsKey(items.uid())) {
        large.put(items.uid(), begin(items, body, large.isEmpty()));
      }
    }

    /// Whether every message asked for has been answered for.
    boolean isComplete() {
      return answered.size() == asked.size();
    }

    private void whole(FetchItems items, Octets body) throws IOException {
      if (body.length() > messageSize) {
        failed(tooLarge());
      } else {
        receiver.accept(message(items, body));
      }
    }

    private void failed(String reason) {
      trouble = trouble == null ? reason : trouble;
    }
  }

  /// A message of which the first piece has come.
  private record Begun(FetchItems items, Spool octets) {}
}
