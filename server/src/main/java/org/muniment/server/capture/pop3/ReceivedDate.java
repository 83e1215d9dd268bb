package org.muniment.server.capture.pop3;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.content.Octets;

/// When a message came: the date of its first Received field (RFC 5321 section 4.4), which the
/// server itself wrote.
///
/// ```
/// "Received:" ... ";" [day-of-week ","] 1*2DIGIT month 4DIGIT hh:mm[:ss] zone [comment]
/// ```
public final class ReceivedDate {

  /// Octets of a message that are looked through for the field.
  private static final int MOST = 64 << 10;

  /// Octets of the field that are kept, the last ones.
  private static final int FIELD = 1_000;

  private static final String NAME = "received:";
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 9999;

  private ReceivedDate() {}

  /// The moment, to the second; null when the message has no such field, or one without a date that
  /// can be understood.
  public static @Nullable Instant of(Octets message) throws IOException {
    try (InputStream in = new BufferedInputStream(message.open())) {
      String field = field(in);
      int semicolon = field.lastIndexOf(';');
      return semicolon < 0 ? null : date(field.substring(semicolon + 1));
    }
  }

  /// The value of the first field of that name, folds as spaces; `""` for none.
  private static String field(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    boolean inside = false;
    int before = '\n';
    for (int read = 0; read < MOST; read++) {
      int octet = in.read();
      boolean folds = octet == ' ' || octet == '\t';
      if (before == '\n' && !folds) {
        if (inside) {
          return line.toString();
        }
        line.setLength(0);
        if (octet == '\r' || octet == '\n') {
          return ""; // the header ends
        }
      }
      if (octet < 0) {
        return inside ? line.toString() : "";
      }
      line.append(octet > ' ' ? (char) octet : ' ');
      inside |= line.length() == NAME.length() && isName(line);
      if (line.length() > 2 * FIELD) {
        line.delete(0, inside ? FIELD : 0);
        line.setLength(inside ? line.length() : FIELD);
      }
      before = octet;
    }
    return "";
  }

  private static boolean isName(StringBuilder line) {
    return line.toString().toLowerCase(Locale.ROOT).equals(NAME);
  }

  private static List<String> words(String text) {
    return Collections.list(new StringTokenizer(text)).stream().map(String.class::cast).toList();
  }

  private static @Nullable Instant date(String text) {
    String words = text.substring(text.indexOf(',') + 1);
    int comment = words.indexOf('(');
    try {
      OffsetDateTime date =
          OffsetDateTime.parse(
              String.join(" ", words(comment < 0 ? words : words.substring(0, comment))),
              DateTimeFormatter.RFC_1123_DATE_TIME);
      boolean plausible = date.getYear() > FIRST_YEAR && date.getYear() < LAST_YEAR;
      return plausible ? date.toInstant() : null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
