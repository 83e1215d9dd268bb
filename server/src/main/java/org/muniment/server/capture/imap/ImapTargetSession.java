package org.muniment.server.capture.imap;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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

  /// Messages of one command. Those of one are held while it is answered and the next is gathered.
  private static final int TOGETHER = 100;

  /// Octets after which a command has enough messages.
  private static final long TOGETHER_OCTETS = 4 << 20;

  /// Commands with many messages that may be refused before messages are sent one by one.
  private static final int ENOUGH = 5;

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

  /// Appends to one mailbox: many messages in one command where the target takes that (MULTIAPPEND,
  /// RFC 3502), else several commands on their way at once, where it takes literals without being
  /// asked (LITERAL+, LITERAL- of RFC 7888).
  public <T> Appends<T> appends(String mailbox, Answers<T> answers) throws SourceException {
    return new Appends<>(mailbox, connection.writing(), answers);
  }

  private record Parcel<T>(T item, Letter letter) implements Closeable {
    @Override
    public void close() {
      try {
        letter.octets().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Appends on their way. Of commands with many messages only one: when the target refuses it, for
  /// one of them, they are sent one by one, and still in order.
  public final class Appends<T> implements Closeable {
    private final String mailbox;
    private final Answers<T> answers;
    private final OutputStream out;
    private final Map<String, T> pending = new LinkedHashMap<>();
    private final List<Parcel<T>> gathered = new ArrayList<>();
    private final List<Parcel<T>> sent = new ArrayList<>();
    private long gatheredOctets;

    /// Of the command that has what was sent, `""` once it is answered.
    private String sentTag = "";

    private int refusals;

    private Appends(String mailbox, OutputStream out, Answers<T> answers) {
      this.mailbox = '"' + mailbox.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
      this.out = out;
      this.answers = answers;
    }

    /// Takes a message, whose octets are closed when they are not needed any more; its answer may
    /// come at any later call.
    public void append(T item, Letter letter) throws SourceException {
      Parcel<T> parcel = new Parcel<>(item, letter);
      if (!goesWithOthers(letter)) {
        try (parcel) {
          sendGathered();
          settle();
          sendAlone(parcel);
        }
        return;
      }
      gathered.add(parcel);
      gatheredOctets += letter.octets().length();
      if (gathered.size() >= TOGETHER || gatheredOctets >= TOGETHER_OCTETS) {
        sendGathered();
      }
    }

    private boolean goesWithOthers(Letter letter) {
      return refusals < ENOUGH
          && connection.hasCapability("MULTIAPPEND")
          && isTakenUnasked(letter.octets().length());
    }

    private boolean isTakenUnasked(long length) {
      return connection.hasCapability("LITERAL+")
          || (length <= LITERAL_MINUS
              && (connection.hasCapability("LITERAL-") || connection.hasCapability("IMAP4rev2")));
    }

    private void sendGathered() throws SourceException {
      settle();
      if (gathered.isEmpty()) {
        return;
      }
      sent.addAll(gathered);
      gathered.clear();
      gatheredOctets = 0;
      sentTag = connection.newTag();
      write(sentTag + " APPEND " + mailbox);
      for (Parcel<T> parcel : sent) {
        write(introduction(parcel.letter, true));
        write(parcel.letter.octets());
      }
      write("\r\n");
      flush();
    }

    /// Waits for the answer to what was sent together.
    private void settle() throws SourceException {
      while (!sentTag.isEmpty()) {
        take(next());
      }
    }

    private void sendAlone(Parcel<T> parcel) throws SourceException {
      if (pending.size() >= PIPELINE) {
        while (pending.size() > PIPELINE / 2) {
          take(next());
        }
      }
      boolean unasked = isTakenUnasked(parcel.letter.octets().length());
      String tag = connection.newTag();
      write(tag + " APPEND " + mailbox + introduction(parcel.letter, unasked));
      pending.put(tag, parcel.item);
      if (unasked || mayGo(tag)) {
        write(parcel.letter.octets());
        write("\r\n");
      }
    }

    /// `SP flag-list SP date-time SP literal`, as far as the octets.
    private String introduction(Letter letter, boolean unasked) {
      return " (%s) %s %s{%d%s}\r\n"
          .formatted(
              String.join(" ", letter.flags()),
              InternalDate.write(letter.date()),
              letter.nul() && connection.hasCapability("BINARY") ? "~" : "",
              letter.octets().length(),
              unasked ? "+" : "");
    }

    private void write(String text) throws SourceException {
      try {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        throw ImapConnection.failure(e);
      }
    }

    private void write(Octets octets) throws SourceException {
      try (InputStream in = octets.open()) {
        in.transferTo(out);
      } catch (IOException e) {
        throw ImapConnection.failure(e);
      }
    }

    private void flush() throws SourceException {
      try {
        out.flush();
      } catch (IOException e) {
        throw ImapConnection.failure(e);
      }
    }

    private ImapConnection.Answer next() throws SourceException {
      flush();
      return connection.answer();
    }

    /// Waits for `+`, or for the refusal in its place.
    private boolean mayGo(String tag) throws SourceException {
      while (pending.containsKey(tag)) {
        ImapConnection.Answer answer = next();
        if (answer.isGo()) {
          return true;
        }
        take(answer);
      }
      return false;
    }

    /// Sends what is left, and waits for all answers.
    public void finish() throws SourceException {
      sendGathered();
      settle();
      while (!pending.isEmpty()) {
        take(next());
      }
    }

    private void take(ImapConnection.Answer answer) throws SourceException {
      if (!sentTag.isEmpty() && answer.tag().equals(sentTag)) {
        sentTag = "";
        takeTogether(answer);
        return;
      }
      T item = pending.remove(answer.tag());
      if (item == null) {
        return;
      }
      if (answer.ok()) {
        appended(List.of(item), answer.words());
      } else {
        answers.refused(item, answer.words());
      }
    }

    private void takeTogether(ImapConnection.Answer answer) throws SourceException {
      if (answer.ok()) {
        appended(sent.stream().map(Parcel::item).toList(), answer.words());
      } else {
        refusals++;
        for (Parcel<T> parcel : sent) {
          sendAlone(parcel);
        }
        while (!pending.isEmpty()) {
          take(next());
        }
      }
      sent.forEach(Parcel::close);
      sent.clear();
    }

    private void appended(List<T> items, String words) {
      AppendUid given = AppendUid.read(words, items.size());
      for (int i = 0; i < items.size(); i++) {
        answers.appended(
            items.get(i),
            given == null ? null : given.uidValidity(),
            given == null ? null : given.uids().get(i));
      }
    }

    @Override
    public void close() {
      sent.forEach(Parcel::close);
      gathered.forEach(Parcel::close);
    }
  }

  @Override
  public void close() {
    connection.end();
  }
}
