package org.muniment.indexer.text;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.muniment.indexer.mail.Charsets;

/// What people read of calendars (RFC 5545) and cards (RFC 6350, vCard 2.1): some properties, each
/// on a line `NAME: value`, unfolded, escapes undone.
///
/// ```
/// contentline = [ group "." ] name *( ";" param [ "=" value *( "," value ) ] ) ":" value CRLF
/// ```
final class ContentLines {

  private static final Set<String> CALENDAR =
      Set.of(
          "SUMMARY",
          "DESCRIPTION",
          "LOCATION",
          "COMMENT",
          "CONTACT",
          "CATEGORIES",
          "RESOURCES",
          "ATTENDEE",
          "ORGANIZER",
          "DTSTART",
          "DTEND",
          "DUE",
          "URL");

  private static final Set<String> CARD =
      Set.of(
          "FN",
          "N",
          "NICKNAME",
          "ORG",
          "TITLE",
          "ROLE",
          "EMAIL",
          "TEL",
          "IMPP",
          "ADR",
          "LABEL",
          "NOTE",
          "URL",
          "BDAY",
          "CATEGORIES",
          "RELATED");

  /// Properties of people, with a name beside the address.
  private static final Set<String> PEOPLE = Set.of("ATTENDEE", "ORGANIZER");

  private static final String MAILTO = "mailto:";

  private final String text;
  private final Set<String> wanted;
  private final StringBuilder kept = new StringBuilder();
  private int at;
  private boolean inZone;
  private boolean anyComponent;

  private ContentLines(String text, Set<String> wanted) {
    this.text = text;
    this.wanted = wanted;
  }

  /// A calendar; what is none stays as it is.
  static String calendar(String text) {
    return new ContentLines(text, CALENDAR).read();
  }

  /// A card; what is none stays as it is.
  static String card(String text) {
    return new ContentLines(text, CARD).read();
  }

  private String read() {
    while (at < text.length()) {
      line(unfolded());
    }
    return anyComponent ? kept.toString() : text;
  }

  /// The next line with its continuations: after a line break, white space; in vCard 2.1, after a
  /// `=` at the end of a line that is quoted-printable.
  private String unfolded() {
    StringBuilder line = new StringBuilder();
    boolean more = true;
    boolean quoted = false;
    while (more) {
      int end = text.indexOf('\n', at);
      int stop = end < 0 ? text.length() : end;
      int last = stop > at && text.charAt(stop - 1) == '\r' ? stop - 1 : stop;
      line.append(text, at, last);
      quoted |= isQuoted(line, last - at);
      at = end < 0 ? text.length() : end + 1;
      if (quoted && !line.isEmpty() && line.charAt(line.length() - 1) == '=') {
        line.setLength(line.length() - 1);
        more = at < text.length();
      } else {
        more = at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t');
        at += more ? 1 : 0;
      }
    }
    return line.toString();
  }

  private static boolean isQuoted(StringBuilder line, int added) {
    return line.length() == added
        && line.toString().toUpperCase(Locale.ROOT).contains("QUOTED-PRINTABLE");
  }

  private void line(String line) {
    int nameEnd = 0;
    while (nameEnd < line.length() && line.charAt(nameEnd) != ':' && line.charAt(nameEnd) != ';') {
      nameEnd++;
    }
    List<String> parameters = new ArrayList<>();
    int valueFrom = parameters(line, nameEnd, parameters);
    if (valueFrom > line.length()) {
      return;
    }
    String name = line.substring(0, nameEnd).strip().toUpperCase(Locale.ROOT);
    property(name.substring(name.indexOf('.') + 1), parameters, line.substring(valueFrom));
  }

  /// Reads the parameters; where the value begins, or beyond the end where there is none.
  private static int parameters(String line, int from, List<String> parameters) {
    boolean quotes = false;
    int begin = from;
    int i = from;
    while (i < line.length() && (quotes || line.charAt(i) != ':')) {
      char c = line.charAt(i);
      quotes ^= c == '"';
      if (c == ';' && !quotes) {
        parameters.add(line.substring(begin, i));
        begin = i + 1;
      }
      i++;
    }
    parameters.add(line.substring(Math.min(begin, i), i));
    return i + 1;
  }

  private void property(String name, List<String> parameters, String value) {
    boolean zone = value.strip().equalsIgnoreCase("VTIMEZONE");
    switch (name) {
      case "BEGIN" -> {
        anyComponent = true;
        inZone |= zone;
      }
      case "END" -> inZone &= !zone;
      default -> {
        // The beginning of a time zone is of no interest; what else stands there is misplaced.
        if (wanted.contains(name) && !(inZone && name.equals("DTSTART"))) {
          String readable = readable(name, parameters, value);
          kept.append(readable.isEmpty() ? "" : name + ": " + readable + "\n");
        }
      }
    }
  }

  private static String readable(String name, List<String> parameters, String value) {
    String decoded =
        parameter(parameters, "ENCODING").filter("QUOTED-PRINTABLE"::equalsIgnoreCase).isPresent()
                || parameters.stream().anyMatch("QUOTED-PRINTABLE"::equalsIgnoreCase)
            ? unquoted(value, parameter(parameters, "CHARSET"))
            : value;
    String plain = unescaped(decoded);
    boolean mail = plain.regionMatches(true, 0, MAILTO, 0, MAILTO.length());
    String address = mail ? plain.substring(MAILTO.length()) : plain;
    return PEOPLE.contains(name)
        ? parameter(parameters, "CN").map(cn -> cn + " <" + address + ">").orElse(address)
        : address;
  }

  private static Optional<String> parameter(List<String> parameters, String name) {
    return parameters.stream()
        .filter(p -> p.length() > name.length() && p.charAt(name.length()) == '=')
        .filter(p -> p.regionMatches(true, 0, name, 0, name.length()))
        .map(p -> p.substring(name.length() + 1).replace("\"", ""))
        .findFirst();
  }

  private static String unquoted(String value, Optional<String> charset) {
    try (TransferDecoder decoder =
        new QuotedPrintableDecoder(
            new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8)))) {
      byte[] octets = decoder.readAllBytes();
      return charset
          .flatMap(Charsets::find)
          .map(found -> Charsets.decode(octets, found).text())
          .orElseGet(() -> Charsets.guess(octets));
    } catch (IOException e) {
      throw new UncheckedIOException("octets in memory", e);
    }
  }

  // ESCAPED-CHAR = "\\" / "\;" / "\," / "\N" / "\n"
  /// Undoes escapes; `;` that stands between the fields of a value becomes a space.
  private static String unescaped(String value) {
    StringBuilder plain = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        char next = value.charAt(++i);
        plain.append(next == 'n' || next == 'N' ? '\n' : next);
      } else {
        plain.append(c == ';' ? ' ' : c);
      }
    }
    return plain.toString().strip();
  }
}
