package org.muniment.archive.part;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.ContentId;

/// Finds the runs of base64 in a message in one pass, whatever its structure and however broken.
/// Memory does not grow with the message: a line is looked at where it lies, and a line longer than
/// [#LONGEST_LINE] is never part of a run.
public final class Base64Scanner {

  /// The fewest decoded octets worth a part of their own.
  public static final int SMALLEST = 1 << 10;

  /// The most runs that are found in a message; what follows is left as it is.
  public static final int MOST_RUNS = 10_000;

  /// Characters of a line, without its end.
  static final int LONGEST_LINE = 1_000;

  private static final int BUFFER = 64 << 10;

  /// Octets that are hashed at once, because to hash line by line costs three times as much.
  private static final int DECODED = 8 << 10;

  /// Characters that are decoded at once; their octets are fewer than [#DECODED].
  private static final int TOGETHER = 4 << 10;

  private static final byte[] VALUES = values();

  private final List<Base64Run> runs = new ArrayList<>();
  private final MessageDigest digest = sha256();

  /// Decoded and not hashed yet; a line always has room behind.
  private final byte[] decoded = new byte[DECODED + LONGEST_LINE / 4 * 3];

  private int undigested;
  private @Nullable Open open;

  /// Room for what is kept of a message of this length; 0 when nothing is to be.
  private final int room;

  /// What was decoded of the runs, one after the other; empty until there is one.
  private byte[] kept = {};

  /// Octets of the runs that ended.
  private int keptOfRuns;

  /// Those and what was hashed of the open one.
  private int keptOctets;

  private Base64Scanner(int room) {
    this.room = room;
  }

  /// The runs of a message, in order.
  ///
  /// @param message read to its end
  /// @param length octets that it is expected to have
  public static List<Base64Run> scan(InputStream message, long length) throws IOException {
    return scan(new Base64Scanner(0), message, length).runs();
  }

  /// The runs of a message, and what they decode to.
  ///
  /// @param message read to its end
  /// @param length octets that it has at most
  public static Found scanAndKeep(InputStream message, int length) throws IOException {
    return scan(new Base64Scanner(length / 4 * 3), message, length);
  }

  private static Found scan(Base64Scanner scanner, InputStream message, long length)
      throws IOException {
    scanner.read(message, Math.clamp(length + 1, 2 * LONGEST_LINE, BUFFER));
    return new Found(List.copyOf(scanner.runs), scanner.kept);
  }

  /// What was found in a message.
  ///
  /// @param decoded what the runs decode to, one after the other, where that is kept; not copied,
  ///   and with room behind
  @SuppressWarnings("ArrayRecordComponent")
  public record Found(List<Base64Run> runs, byte[] decoded) {}

  private void read(InputStream message, int size) throws IOException {
    byte[] buffer = new byte[size];
    long origin = 0;
    int filled = 0;
    boolean longLine = false;
    while (runs.size() < MOST_RUNS) {
      int read = message.readNBytes(buffer, filled, size - filled);
      filled += read;
      int start = 0;
      for (int end = lineFeed(buffer, 0, filled); end >= 0; end = lineFeed(buffer, start, filled)) {
        line(buffer, start, end, true, origin, longLine);
        longLine = false;
        start = lines(buffer, end + 1, filled);
      }
      if (filled < size) {
        line(buffer, start, filled, false, origin, longLine);
        finish();
        return;
      }
      if (start == 0) {
        // A line that fills the buffer is passed over to its end.
        longLine = true;
        finish();
        start = filled;
      }
      System.arraycopy(buffer, start, buffer, 0, filled - start);
      origin += start;
      filled -= start;
    }
  }

  /// Takes lines that are as the ones before, whose ends need not be looked for: a line that has
  /// its end where they have it is decoded, which fails when it has another before.
  ///
  /// @return where the first line begins that is not taken
  private int lines(byte[] buffer, int from, int to) {
    Open run = open;
    if (run == null) {
      return from;
    }
    int at = from;
    int length = run.width + run.lineEnd.length();
    while (at + (long) run.linesAtOnce * length <= to && takeTogether(run, buffer, at)) {
      at += run.linesAtOnce * length;
    }
    while (at + length <= to && endsAlike(buffer, at + run.width, run.lineEnd)) {
      int octets = decode(buffer, at, run.width);
      if (octets * 4 != run.width * 3) {
        break; // the last, or no base64
      }
      take(octets);
      at += length;
    }
    return at;
  }

  /// Takes some lines as one text, which the platform decodes several times as fast as line by
  /// line.
  ///
  /// @return false when one of them is not as the ones before; nothing is taken then
  private boolean takeTogether(Open run, byte[] buffer, int from) {
    byte[] text = run.text;
    int at = from;
    for (int to = 0; to < text.length; to += run.width) {
      if (!endsAlike(buffer, at + run.width, run.lineEnd)) {
        return false;
      }
      System.arraycopy(buffer, at, text, to, run.width);
      at += run.width + run.lineEnd.length();
    }
    if (text[text.length - 1] == '=') {
      return false;
    }
    hash();
    try {
      take(Base64.getDecoder().decode(text, decoded));
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static boolean endsAlike(byte[] buffer, int at, Base64Run.LineEnd end) {
    return switch (end) {
      case LF -> buffer[at] == '\n';
      case CRLF -> buffer[at] == '\r' && buffer[at + 1] == '\n';
    };
  }

  /// Adds what was decoded last to the run.
  private void take(int octets) {
    undigested += octets;
    Objects.requireNonNull(open).decoded += octets;
    if (undigested >= DECODED) {
      hash();
    }
  }

  private void hash() {
    digest.update(decoded, 0, undigested);
    if (room > 0) {
      if (kept.length == 0) {
        kept = new byte[room];
      }
      System.arraycopy(decoded, 0, kept, keptOctets, undigested);
      keptOctets += undigested;
    }
    undigested = 0;
  }

  private static int lineFeed(byte[] buffer, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buffer[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /// Takes the line from `start` to `feed`, which is a line feed, or the end of the message when
  /// there is none.
  private void line(
      byte[] buffer, int start, int feed, boolean ended, long origin, boolean longLine) {
    boolean crlf = ended && feed > start && buffer[feed - 1] == '\r';
    int end = crlf ? feed - 1 : feed;
    int width = end - start;
    int octets = longLine ? -1 : decode(buffer, start, width);
    if (octets < 0) {
      finish();
      return;
    }
    Base64Run.LineEnd lineEnd = crlf ? Base64Run.LineEnd.CRLF : Base64Run.LineEnd.LF;
    boolean whole = octets * 4 == width * 3;
    if (open != null && !open.continues(width, ended ? lineEnd : open.lineEnd)) {
      byte[] line = Arrays.copyOfRange(decoded, undigested, undigested + octets);
      finish();
      System.arraycopy(line, 0, decoded, undigested, octets);
    }
    if (open == null) {
      if (!whole || !ended) {
        // A run of a single line that says nothing of its width is not worth it.
        return;
      }
      open = new Open(origin + start, width, lineEnd);
    }
    take(octets);
    open.ended = ended;
    if (!whole || width < open.width) {
      finish();
    }
  }

  private void finish() {
    Open run = open;
    open = null;
    if (run == null) {
      return;
    }
    if (run.decoded >= SMALLEST) {
      hash();
      keptOfRuns = keptOctets;
      long length = Base64Run.length(run.decoded, run.width, run.lineEnd, run.ended);
      ContentId content = ContentId.of(digest.digest());
      runs.add(
          new Base64Run(
              run.offset, length, run.width, run.lineEnd, run.ended, content, run.decoded));
    }
    undigested = 0;
    keptOctets = keptOfRuns;
    digest.reset();
  }

  /// Decodes a line to behind what is not hashed yet.
  ///
  /// @return number of octets, or -1 when the line is not base64 in its canonical form
  private int decode(byte[] buffer, int start, int width) {
    if (width == 0 || width % 4 != 0 || width > LONGEST_LINE) {
      return -1;
    }
    int at = undigested;
    int last = start + width - 4;
    for (int i = start; i < last; i += 4) {
      int group = group(buffer, i);
      if (group < 0) {
        return -1;
      }
      decoded[at++] = (byte) (group >> 16);
      decoded[at++] = (byte) (group >> 8);
      decoded[at++] = (byte) group;
    }
    return decodeLast(buffer, last, at);
  }

  private int decodeLast(byte[] buffer, int from, int at) {
    int padding = buffer[from + 3] != '=' ? 0 : buffer[from + 2] != '=' ? 1 : 2;
    int bits = 0;
    for (int i = 0; i < 4 - padding; i++) {
      int value = VALUES[buffer[from + i] & 0xFF];
      if (value < 0) {
        return -1;
      }
      bits |= value << (18 - 6 * i);
    }
    int octets = 3 - padding;
    boolean stray = (bits & ((1 << (8 * padding)) - 1)) != 0;
    if (stray) {
      return -1;
    }
    for (int i = 0; i < octets; i++) {
      decoded[at + i] = (byte) (bits >> (16 - 8 * i));
    }
    return at + octets - undigested;
  }

  /// Four characters as 24 bits; negative when one of them is none of the alphabet.
  private static int group(byte[] buffer, int at) {
    return VALUES[buffer[at] & 0xFF] << 18
        | VALUES[buffer[at + 1] & 0xFF] << 12
        | VALUES[buffer[at + 2] & 0xFF] << 6
        | VALUES[buffer[at + 3] & 0xFF];
  }

  private static byte[] values() {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < alphabet.length(); i++) {
      values[alphabet.charAt(i)] = (byte) i;
    }
    return values;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A run that may go on.
  private static final class Open {
    private final long offset;
    private final int width;
    private final Base64Run.LineEnd lineEnd;

    /// Lines that are decoded as one text.
    private final int linesAtOnce;

    /// Room for them.
    private final byte[] text;

    private long decoded;
    private boolean ended;

    Open(long offset, int width, Base64Run.LineEnd lineEnd) {
      this.offset = offset;
      this.width = width;
      this.lineEnd = lineEnd;
      this.linesAtOnce = Math.max(1, TOGETHER / width);
      this.text = new byte[linesAtOnce * width];
    }

    /// Whether a line of that kind can follow: as wide as the others, or shorter and then the last.
    boolean continues(int lineWidth, Base64Run.LineEnd end) {
      return lineWidth <= width && end == lineEnd;
    }
  }
}
