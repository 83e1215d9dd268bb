package org.muniment.server.capture.imap;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.Response;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.Source;

/// The items of one FETCH response (RFC 9051 section 7.5.2) that capture asks for; others are
/// skipped.
///
/// @param uid 0 when the response had none
/// @param size RFC822.SIZE, -1 when the response had none; never trusted for the length
/// @param flags null when the response had none, which is not the same as an empty list
/// @param labels X-GM-LABELS (Gmail), shown decoded; null when the response had none
/// @param ownId EMAILID (RFC 8474) or X-GM-MSGID (Gmail); null when the response had none, or
///   something else in its place
/// @param body the octets of the one section that was asked for, null when the response had none or
///   NIL
/// @param origin the offset of a partial body, -1 for a whole one
record FetchItems(
    long uid,
    long size,
    @Nullable Instant internalDate,
    @Nullable Set<SourceText> flags,
    @Nullable Set<SourceText> labels,
    Event.@Nullable OwnId ownId,
    @Nullable Octets body,
    long origin) {

  /// What FETCH is asked for and answers with.
  static final String EMAILID = "EMAILID";

  static final String GMAIL_ID = "X-GM-MSGID";
  static final String GMAIL_LABELS = "X-GM-LABELS";

  private static final int MAX_ITEM_NAME = 64;
  private static final int MAX_FLAGS = 1_000;
  private static final int MAX_FLAG = 1_000;

  /// As many as Gmail lets an account have.
  static final int MAX_LABELS = 10_000;

  private static final int MAX_LABEL = 1_000;

  /// 64 bits in decimals
  private static final int MAX_GMAIL_ID = 20;

  /// Reads the items.
  ///
  /// @param response a FETCH response, its number and name read
  /// @throws IllegalArgumentException when it is not of the grammar
  static FetchItems read(Response response) {
    try {
      return new Reader(response).items();
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("a FETCH response ends too early", e);
    }
  }

  /// Flags and labels; labels that begin with a backslash are no mailboxes and count as flags.
  Source.Marks marks() {
    Set<SourceText> all = new HashSet<>(flags == null ? Set.of() : flags);
    Set<SourceText> names = new HashSet<>();
    for (SourceText label : labels == null ? Set.<SourceText>of() : labels) {
      (label.octets().startsWith("\\") ? all : names).add(label);
    }
    return new Source.Marks(all, names);
  }

  private static final class Reader {
    private final Response in;
    private long uid;
    private long size = -1;
    private @Nullable Instant internalDate;
    private @Nullable Set<SourceText> flags;
    private @Nullable Set<SourceText> labels;
    private Event.@Nullable OwnId ownId;
    private @Nullable Octets body;
    private long origin = -1;

    Reader(Response in) {
      this.in = in;
    }

    FetchItems items() {
      if (!in.isNextNonSpace('(')) {
        throw new IllegalArgumentException("a FETCH response without its list");
      }
      while (!in.isNextNonSpace(')')) {
        item(name());
      }
      return new FetchItems(uid, size, internalDate, flags, labels, ownId, body, origin);
    }

    /// The characters up to the next space.
    private String name() {
      StringBuilder name = new StringBuilder();
      for (byte b = in.readByte(); b > ' '; b = in.readByte()) {
        name.append((char) b);
        if (name.length() > MAX_ITEM_NAME) {
          break;
        }
      }
      if (name.isEmpty() || name.length() > MAX_ITEM_NAME) {
        throw new IllegalArgumentException("a FETCH response without an item name");
      }
      return name.toString().toUpperCase(Locale.ROOT);
    }

    private void item(String name) {
      switch (name) {
        case "UID" -> uid = in.readLong();
        case "RFC822.SIZE" -> size = in.readLong();
        case "FLAGS" -> flags = flags();
        case "INTERNALDATE" -> internalDate = internalDate();
        case EMAILID -> ownId = emailId();
        case GMAIL_ID -> ownId = gmailId();
        case GMAIL_LABELS -> labels = labels();
        default -> {
          int section = name.startsWith("BODY[") ? name.indexOf(']') + 1 : 0;
          if (section > 0) {
            origin = origin(name.substring(section));
            body = body();
          } else {
            skip(in, 0);
          }
        }
      }
    }

    /// `"(" objectid ")"`; what is none is skipped.
    private Event.@Nullable OwnId emailId() {
      if (!in.isNextNonSpace('(')) {
        skip(in, 0);
        return null;
      }
      in.skipSpaces();
      String id = isString() ? "" : atom();
      if (!in.isNextNonSpace(')')) {
        skip(in, 1);
        return null;
      }
      return ObjectId.isOf(id) ? new Event.OwnId(EMAILID, id) : null;
    }

    private Event.@Nullable OwnId gmailId() {
      in.skipSpaces();
      if (isString() || in.peekByte() == '(') {
        skip(in, 0);
        return null;
      }
      String id = atom();
      return !id.isEmpty()
              && id.length() <= MAX_GMAIL_ID
              && id.chars().allMatch(c -> c >= '0' && c <= '9')
          ? new Event.OwnId(GMAIL_ID, id)
          : null;
    }

    private boolean isString() {
      return in.peekByte() == '"' || in.peekByte() == '{';
    }

    /// The characters up to a space, a parenthesis or the end.
    private String atom() {
      StringBuilder atom = new StringBuilder();
      for (byte b = in.peekByte(); b != 0 && b != ' ' && b != '(' && b != ')'; b = in.peekByte()) {
        atom.append((char) (in.readByte() & 0xFF));
      }
      return atom.toString();
    }

    /// `"(" [astring *(SP astring)] ")"`; null for NIL
    private @Nullable Set<SourceText> labels() {
      if (!in.isNextNonSpace('(')) {
        skip(in, 0);
        return null;
      }
      Set<SourceText> labels = new HashSet<>();
      while (!in.isNextNonSpace(')')) {
        String label = isString() ? string() : atom();
        if (label.isEmpty() && (in.peekByte() == 0 || in.peekByte() == '(')) {
          throw new IllegalArgumentException("X-GM-LABELS without an end");
        }
        addLabel(label, labels);
      }
      return labels;
    }

    private static void addLabel(String label, Set<SourceText> labels) {
      if (labels.size() == MAX_LABELS || label.length() > MAX_LABEL) {
        throw new IllegalArgumentException(
            "more than %,d labels, or one of more than %,d octets"
                .formatted(MAX_LABELS, MAX_LABEL));
      }
      if (!label.isEmpty()) {
        labels.add(ModifiedUtf7.name(label.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }

    private String string() {
      ByteArray octets = in.readByteArray();
      if (octets == null) {
        throw new IllegalArgumentException("a string that does not end");
      }
      Objects.checkFromIndexSize(octets.getStart(), octets.getCount(), octets.getBytes().length);
      return new String(
          octets.getBytes(), octets.getStart(), octets.getCount(), StandardCharsets.ISO_8859_1);
    }

    private Set<SourceText> flags() {
      if (!in.isNextNonSpace('(')) {
        throw new IllegalArgumentException("FLAGS without a list");
      }
      Set<SourceText> flags = new HashSet<>();
      StringBuilder flag = new StringBuilder();
      while (true) {
        int b = in.readByte() & 0xFF;
        if (b > ' ' && b != ')') {
          flag.append((char) b);
          continue;
        }
        addFlag(flag.toString(), flags);
        flag.setLength(0);
        if (b == ')') {
          return flags;
        }
        if (b == 0) {
          throw new IllegalArgumentException("FLAGS without an end");
        }
      }
    }

    private static void addFlag(String flag, Set<SourceText> flags) {
      if (!flag.isEmpty() && !flag.equalsIgnoreCase("\\Recent")) {
        if (flags.size() == MAX_FLAGS || flag.length() > MAX_FLAG) {
          throw new IllegalArgumentException(
              "more than %,d flags, or one of more than %,d octets".formatted(MAX_FLAGS, MAX_FLAG));
        }
        flags.add(SourceText.of(flag.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }

    private @Nullable Instant internalDate() {
      ByteArray text = in.readByteArray();
      return text == null
          ? null
          : InternalDate.parse(
              new String(
                  text.getBytes(), text.getStart(), text.getCount(), StandardCharsets.US_ASCII));
    }

    /// `["<" number ">"]`
    private static long origin(String text) {
      return text.isEmpty() ? -1 : Long.parseLong(text.substring(1, text.length() - 1));
    }

    private @Nullable Octets body() {
      ByteArray octets = in.readByteArray();
      if (octets == null) {
        return null;
      }
      Objects.checkFromIndexSize(octets.getStart(), octets.getCount(), octets.getBytes().length);
      return new Slice(octets);
    }
  }

  /// Skips a value of any kind, nested lists included.
  ///
  /// @param open lists that have begun and are to be skipped to their end
  static void skip(Response in, int open) {
    int depth = open;
    do {
      in.skipSpaces();
      switch (in.peekByte()) {
        case '(' -> {
          in.readByte();
          depth++;
        }
        case ')' -> {
          in.readByte();
          depth--;
        }
        case '"', '{' -> in.readByteArray();
        case 0 -> throw new IllegalArgumentException("a response ends too early");
        default -> skipAtom(in);
      }
    } while (depth > 0);
  }

  private static void skipAtom(Response in) {
    byte b;
    do {
      in.readByte();
      b = in.peekByte();
    } while (b != 0 && b != ' ' && b != '(' && b != ')');
  }

  /// Octets that lie inside a response, not copied.
  private record Slice(ByteArray octets) implements Octets {
    @Override
    public long length() {
      return octets.getCount();
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(octets.getBytes(), octets.getStart(), octets.getCount());
    }
  }
}
