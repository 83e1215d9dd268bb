package org.muniment.server.capture.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.SourceText;

/// The few fields of a message's header that say when and how it was filed. Of several fields of a
/// name the first counts. Each character is one octet.
final class TopHeader {

  /// Octets that are kept of a value.
  private static final int LONGEST = 4_096;

  /// Octets of a file that are looked through for its header.
  private static final long MOST = 1 << 20;

  private static final Set<String> WANTED =
      Set.of(
          "received",
          "date",
          "status",
          "x-status",
          "x-keywords",
          "x-mozilla-status",
          "content-length");

  /// Bits of `X-Mozilla-Status`.
  private static final Map<Integer, String> MOZILLA =
      Map.of(
          0x1,
          "\\Seen",
          0x2,
          "\\Answered",
          0x4,
          "\\Flagged",
          0x8,
          "\\Deleted",
          0x1000,
          "$Forwarded");

  /// Letters of `Status`; those without a flag say that a message is old, new or unread.
  private static final Map<Character, String> STATUS =
      Map.of('R', "\\Seen", 'D', "\\Deleted", 'O', "", 'U', "", 'N', "");

  /// Letters of `X-Status`.
  private static final Map<Character, String> X_STATUS =
      Map.of('A', "\\Answered", 'F', "\\Flagged", 'D', "\\Deleted", 'T', "\\Draft", 'R', "\\Seen");

  private final Map<String, StringBuilder> values = new HashMap<>();
  private @Nullable StringBuilder open;
  private boolean contradicts;

  /// The header of a message.
  static TopHeader of(Octets octets) throws IOException {
    TopHeader header = new TopHeader();
    try (InputStream in = octets.open()) {
      LineInput lines = new LineInput(in);
      while (lines.next() && !lines.isEmpty() && lines.offset() < MOST) {
        header.take(lines);
      }
    }
    return header;
  }

  /// Takes a line of the header, or a piece of one.
  void take(LineInput lines) {
    if (lines.begins() && !isSpace(lines.buffer()[lines.start()])) {
      begin(lines);
    } else if (open != null) {
      append(open, lines, lines.start());
    }
  }

  private static boolean isSpace(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  private void begin(LineInput lines) {
    open = null;
    int colon = lines.start();
    while (colon < lines.end() && lines.buffer()[colon] != ':') {
      colon++;
    }
    if (colon == lines.end() || colon - lines.start() > 100) {
      return;
    }
    String name =
        new String(
                lines.buffer(), lines.start(), colon - lines.start(), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    if (WANTED.contains(name)) {
      StringBuilder value = new StringBuilder();
      append(value, lines, colon + 1);
      StringBuilder first = values.putIfAbsent(name, value);
      open = first == null ? value : null;
      contradicts |=
          name.equals("content-length")
              && first != null
              && !first.toString().strip().contentEquals(value.toString().strip());
    }
  }

  private static void append(StringBuilder value, LineInput lines, int from) {
    int length = Math.min(lines.end() - from, LONGEST - value.length());
    value.append(new String(lines.buffer(), from, length, StandardCharsets.ISO_8859_1));
  }

  private @Nullable String value(String name) {
    StringBuilder value = values.get(name);
    return value == null ? null : value.toString().strip();
  }

  private String text(String name) {
    String value = value(name);
    return value == null ? "" : value;
  }

  /// Octets of the body as the header tells, -1 when it tells nothing that can be understood.
  long contentLength() {
    String digits = text("content-length");
    boolean number =
        !contradicts
            && !digits.isEmpty()
            && digits.length() <= 15
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? Long.parseLong(digits) : -1;
  }

  /// When it was received last, else sent; null when it tells neither.
  @Nullable Instant date() {
    String received = text("received");
    Instant date = MailDate.ofField(received.substring(received.lastIndexOf(';') + 1).strip());
    return date == null ? MailDate.ofField(value("date")) : date;
  }

  /// The flags that mail programs keep in the header of a message in an mbox: `Status` and
  /// `X-Status` letter by letter, `X-Keywords`, `X-Mozilla-Status`.
  Set<SourceText> flags() {
    Set<SourceText> flags = new HashSet<>();
    letters(text("status"), STATUS, flags);
    letters(text("x-status"), X_STATUS, flags);
    MOZILLA.forEach(
        (bit, flag) -> {
          if ((mozilla() & bit) != 0) {
            flags.add(SourceText.of(flag));
          }
        });
    Keywords.addAll(flags, text("x-keywords"));
    return flags;
  }

  /// A value with any other letter is some other field of that name.
  private static void letters(
      String value, Map<Character, String> meanings, Set<SourceText> flags) {
    if (value.chars().allMatch(c -> meanings.containsKey((char) c))) {
      value
          .chars()
          .mapToObj(c -> meanings.getOrDefault((char) c, ""))
          .filter(flag -> !flag.isEmpty())
          .forEach(flag -> flags.add(SourceText.of(flag)));
    }
  }

  private int mozilla() {
    String hex = text("x-mozilla-status");
    boolean number = hex.length() == 4 && hex.chars().allMatch(c -> Character.digit(c, 16) >= 0);
    return number ? Integer.parseInt(hex, 16) : 0;
  }
}
