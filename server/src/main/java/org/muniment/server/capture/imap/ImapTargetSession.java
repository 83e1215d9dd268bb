package org.muniment.server.capture.imap;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;

/// The commands of restoring: NAMESPACE, LIST, CREATE, SUBSCRIBE, SELECT, APPEND (RFC 9051 section
/// 6.3). Never STORE, EXPUNGE, CLOSE or DELETE: what is at the target stays as it is. For one
/// thread.
public final class ImapTargetSession implements Closeable {

  /// Appends on their way at once; their answers fit into what the network buffers.
  private static final int PIPELINE = 50;

  /// Octets of the largest literal that LITERAL- (RFC 7888) lets a client send without being told.
  private static final long LITERAL_MINUS = 4096;

  private final ImapConnection connection;
  private final ImapSession reading;

  ImapTargetSession(ImapConnection connection, ImapSession reading) {
    this.connection = connection;
    this.reading = reading;
  }

  /// Reads what is at the target, over this connection.
  public Source.Session reading() {
    return reading;
  }

  /// How the target names mailboxes.
  ///
  /// @param prefix of the user's own mailboxes but INBOX, delimiter included; `""` for none
  /// @param delimiter of levels, `""` where names are flat
  public record Style(String prefix, String delimiter) {}

  /// Asks how mailboxes are named.
  public Style style() throws SourceException {
    String[] delimiter = {""};
    connection.ask("LIST \"\" \"\"", null, line -> delimiter(line, delimiter));
    Namespaces namespaces = new Namespaces();
    if (connection.hasCapability("NAMESPACE")) {
      connection.ask("NAMESPACE", null, namespaces::accept);
    }
    return new Style(namespaces.personal(), delimiter[0]);
  }

  private static void delimiter(IMAPResponse line, String[] delimiter) {
    if (line.keyEquals("LIST")) {
      line.readSimpleList();
      var octets = line.readByteArray();
      delimiter[0] =
          octets == null ? "" : new String(octets.getNewBytes(), StandardCharsets.ISO_8859_1);
    }
  }

  /// The mailboxes there are.
  public List<Source.Mailbox> mailboxes() throws SourceException {
    return reading.mailboxes(false);
  }

  /// Makes a mailbox, for a special use (RFC 6154) where the target lets one say so.
  ///
  /// @param name octets
  /// @param use such as `\Sent`, null for none
  /// @return whether it has that use
  /// @throws SourceException when the target refuses, in its words
  public boolean create(String name, @Nullable String use) throws SourceException {
    if (use != null && connection.hasCapability("CREATE-SPECIAL-USE")) {
      try {
        connection.ask("CREATE", name(name).writeAtom("(USE (" + use + "))"), line -> {});
        return true;
      } catch (SourceException e) {
        if (e.lost()) {
          throw e;
        }
        // RFC 6154 section 3: another mailbox has the use, or none may have it.
      }
    }
    connection.ask("CREATE", name(name), line -> {});
    return false;
  }

  public void subscribe(String name) throws SourceException {
    connection.ask("SUBSCRIBE", name(name), line -> {});
  }

  private static Argument name(String octets) {
    return new Argument().writeString(octets, StandardCharsets.ISO_8859_1);
  }

  /// A mailbox of the target as SELECT describes it.
  ///
  /// @param uidNext 0 when it is not said
  /// @param readOnly whether nothing can be put there
  /// @param flags those that can be kept, in lower case, `\*` among them when any keyword can be;
  ///   null when the target does not say
  public record Opened(
      UidValidity uidValidity, long uidNext, boolean readOnly, @Nullable Set<String> flags) {

    /// Whether a message can keep a flag here.
    public boolean keeps(String flag) {
      if (flags == null) {
        return true;
      }
      return flags.contains(flag.toLowerCase(Locale.ROOT))
          || (!flag.startsWith("\\") && flags.contains("\\*"));
    }
  }

  /// Asks what a mailbox is like.
  public Opened look(String name) throws SourceException {
    Selecting selecting = new Selecting();
    ImapConnection.Answer answer = connection.finish("SELECT", name(name), selecting::accept);
    leave();
    try {
      return new Opened(
          new UidValidity(selecting.codes.getOrDefault("[UIDVALIDITY", 0L)),
          selecting.codes.getOrDefault("[UIDNEXT", 0L),
          answer.words().regionMatches(true, 0, "[READ-ONLY]", 0, "[READ-ONLY]".length()),
          selecting.flags);
    } catch (IllegalArgumentException e) {
      throw ImapConnection.notUnderstood(e);
    }
  }

  /// Leaves the open mailbox where the target lets one do so without expunging (RFC 3691).
  public void leave() throws SourceException {
    if (connection.hasCapability("UNSELECT") || connection.hasCapability("IMAP4rev2")) {
      connection.ask("UNSELECT", null, line -> {});
    }
  }

  private static final class Selecting {
    private final Map<String, Long> codes = new HashMap<>();
    private @Nullable Set<String> flags;

    void accept(IMAPResponse line) {
      if (!line.isOK()) {
        return;
      }
      String code = String.valueOf(line.readAtom()).toUpperCase(Locale.ROOT);
      switch (code) {
        case "[UIDVALIDITY", "[UIDNEXT" -> codes.put(code, Math.max(0, line.readLong()));
        case "[PERMANENTFLAGS" -> {
          Set<String> read = new HashSet<>();
          String[] listed = line.readSimpleList();
          for (String flag : listed == null ? new String[0] : listed) {
            read.add(flag.toLowerCase(Locale.ROOT));
          }
          flags = Set.copyOf(read);
        }
        default -> {}
      }
    }
  }

  /// A message to append.
  ///
  /// @param flags octets, as `\Seen`
  /// @param nul whether NUL is among the octets
  public record Letter(Collection<String> flags, Instant date, Octets octets, boolean nul) {}

  /// Takes the answers to appends, in the order in which they come.
  public interface Answers<T> {

    /// It is there.
    ///
    /// @param uid null when the target does not say (it has no UIDPLUS, RFC 4315)
    void appended(T item, @Nullable UidValidity uidValidity, @Nullable Uid uid);

    /// The target will not have it.
    ///
    /// @param words its own
    void refused(T item, String words);
  }

  /// Appends to one mailbox, several messages on their way at once where the target takes literals
  /// without being asked (LITERAL+, LITERAL- of RFC 7888).
  public <T> Appends<T> appends(String mailbox, Answers<T> answers) {
    return new Appends<>(mailbox, answers);
  }

  /// Appends on their way.
  public final class Appends<T> {
    private final String mailbox;
    private final Answers<T> answers;
    private final Map<String, T> pending = new LinkedHashMap<>();

    private Appends(String mailbox, Answers<T> answers) {
      this.mailbox = '"' + mailbox.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      this.answers = answers;
    }

    /// Sends a message; its answer may come at any later call.
    public void append(T item, Letter letter) throws SourceException {
      while (pending.size() >= PIPELINE) {
        take(connection.answer());
      }
      boolean at = isTakenUnasked(letter.octets().length());
      String tag =
          connection.begin(
              "APPEND %s (%s) %s %s{%d%s}"
                  .formatted(
                      mailbox,
                      String.join(" ", letter.flags()),
                      InternalDate.write(letter.date()),
                      letter.nul() && connection.hasCapability("BINARY") ? "~" : "",
                      letter.octets().length(),
                      at ? "+" : ""));
      pending.put(tag, item);
      if (at || mayGo(tag)) {
        connection.literal(letter.octets());
      }
    }

    private boolean isTakenUnasked(long length) {
      return connection.hasCapability("LITERAL+")
          || (length <= LITERAL_MINUS
              && (connection.hasCapability("LITERAL-") || connection.hasCapability("IMAP4rev2")));
    }

    /// Waits for `+`, or for the refusal in its place.
    private boolean mayGo(String tag) throws SourceException {
      while (pending.containsKey(tag)) {
        ImapConnection.Answer answer = connection.answer();
        if (answer.isGo()) {
          return true;
        }
        take(answer);
      }
      return false;
    }

    /// Waits for all answers.
    public void finish() throws SourceException {
      while (!pending.isEmpty()) {
        take(connection.answer());
      }
    }

    private void take(ImapConnection.Answer answer) {
      T item = pending.remove(answer.tag());
      if (item == null) {
        return;
      }
      if (!answer.ok()) {
        answers.refused(item, answer.words());
        return;
      }
      List<Long> given = appendUid(answer.words());
      answers.appended(
          item,
          given.isEmpty() ? null : new UidValidity(given.getFirst()),
          given.isEmpty() ? null : new Uid(given.getLast()));
    }
  }

  /// `"[APPENDUID" SP uidvalidity SP uid "]"` (RFC 4315); empty for anything else.
  static List<Long> appendUid(String words) {
    int end = words.indexOf(']');
    if (end < 0 || !words.regionMatches(true, 0, "[APPENDUID ", 0, "[APPENDUID ".length())) {
      return List.of();
    }
    List<Long> numbers = new ArrayList<>();
    for (String number : words.substring("[APPENDUID ".length(), end).split(" ", 3)) {
      boolean digits =
          !number.isEmpty()
              && number.length() <= 10
              && number.chars().allMatch(c -> c >= '0' && c <= '9');
      long value = digits ? Long.parseLong(number) : 0;
      if (value < 1 || value > Uid.MAX) {
        return List.of();
      }
      numbers.add(value);
    }
    return numbers.size() == 2 ? numbers : List.of();
  }

  @Override
  public void close() {
    connection.end();
  }
}
