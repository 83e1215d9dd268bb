package org.muniment.indexer.mail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The fields of the header of a message that mail clients ask for to list a mailbox, octet for
/// octet with their folding, and the empty line: kept so that nobody has to read the messages for a
/// list.
///
/// @param octets not copied
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ListedFields(byte[] octets) {

  /// Names of the fields, in lower case. What Thunderbird, mutt, Roundcube and K-9 ask for.
  private static final Set<String> NAMES =
      Set.of(
          "bcc",
          "cc",
          "content-description",
          "content-transfer-encoding",
          "content-type",
          "date",
          "disposition-notification-to",
          "from",
          "in-reply-to",
          "lines",
          "list-id",
          "list-post",
          "mail-followup-to",
          "mail-reply-to",
          "message-id",
          "newsgroups",
          "priority",
          "references",
          "reply-to",
          "sender",
          "subject",
          "to",
          "x-label",
          "x-priority");

  /// Most octets that are kept; of a header that has more in these fields nothing is.
  static final int MAX_OCTETS = 8 << 10;

  /// A header that is longer is not looked through.
  static final int MAX_HEADER = 64 << 10;

  /// Whether all fields of some names are kept.
  ///
  /// @param names in any case of letters
  public static boolean have(Collection<String> names) {
    return names.stream().allMatch(name -> NAMES.contains(name.toLowerCase(Locale.ROOT)));
  }

  /// Those of these fields that have one of some names, and the empty line: what a [HeaderFilter]
  /// over the whole header gives, if they are all kept.
  ///
  /// @param names in lower case
  public byte[] only(Set<String> names) {
    byte[] some = new byte[octets.length];
    int length = 0;
    boolean keep = false;
    for (int line = 0; line < octets.length; ) {
      int end = endOfLine(line);
      if (octets[line] != ' ' && octets[line] != '\t') {
        int colon = colon(line, end);
        keep = colon == end || names.contains(name(line, colon));
      }
      if (keep) {
        System.arraycopy(octets, line, some, length, end - line);
        length += end - line;
      }
      line = end;
    }
    return Arrays.copyOf(some, length);
  }

  private int endOfLine(int from) {
    int at = from;
    while (at < octets.length && octets[at] != '\n') {
      at++;
    }
    return Math.min(at + 1, octets.length);
  }

  /// `end` where there is none: of all lines that are kept the empty one has none.
  private int colon(int from, int end) {
    int at = from;
    while (at < end && octets[at] != ':') {
      at++;
    }
    return at;
  }

  private String name(int from, int colon) {
    return new String(octets, from, colon - from, StandardCharsets.ISO_8859_1)
        .stripTrailing()
        .toLowerCase(Locale.ROOT);
  }

  /// A message that is read, whose beginning is remembered.
  public static final class Reading extends FilterInputStream {

    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();

    public Reading(InputStream message) {
      super(message);
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      if (octet >= 0 && beginning.size() < MAX_HEADER) {
        beginning.write(octet);
      }
      return octet;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      int count = super.read(octets, offset, length);
      if (count > 0 && beginning.size() < MAX_HEADER) {
        beginning.write(octets, offset, Math.min(count, MAX_HEADER - beginning.size()));
      }
      return count;
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    /// The fields of the message, which was read to its end or to [ListedFields#MAX_HEADER]; null
    /// where they, or its header, are too long.
    public @Nullable ListedFields fields() throws IOException {
      try (HeaderFilter filter =
          new HeaderFilter(
              new ByteArrayInputStream(beginning.toByteArray()), NAMES, /* except= */ false)) {
        byte[] kept = filter.readNBytes(MAX_OCTETS + 1);
        boolean whole = filter.isComplete() || beginning.size() < MAX_HEADER;
        return whole && kept.length <= MAX_OCTETS ? new ListedFields(kept) : null;
      }
    }
  }
}
