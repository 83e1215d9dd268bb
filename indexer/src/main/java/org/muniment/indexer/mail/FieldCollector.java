package org.muniment.indexer.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.muniment.indexer.mail.HeaderFields.Field;

/// Takes the lines of one header and keeps the fields that are wanted.
final class FieldCollector {

  private static final int MAX_NAME = OctetLines.FIRST_PIECE;

  private final Predicate<String> wanted;
  private final int maxOctets;
  private final List<Field> fields = new ArrayList<>();
  private final StringBuilder value = new StringBuilder();
  private String name = "";
  private boolean keeping;
  private boolean any;
  private boolean fieldSeen;
  private int kept;
  private boolean cut;
  private boolean malformed;

  /// @param wanted names of the fields to keep; a line that is no field has the name ``
  /// @param maxOctets most octets that are kept of all fields
  FieldCollector(Predicate<String> wanted, int maxOctets) {
    this.wanted = wanted;
    this.maxOctets = maxOctets;
  }

  /// Takes a piece of a line that is not the empty one.
  void take(OctetLines line) {
    if (line.beginsLine()) {
      byte first = line.at(0);
      if ((first == ' ' || first == '\t') && any) {
        keep(line, 0);
      } else {
        begin(line);
      }
    } else {
      keep(line, 0);
    }
    if (line.endsLine() && keeping && !cut) {
      value.append(line.breakLength() == 2 ? "\r\n" : "\n");
    }
  }

  private void begin(OctetLines line) {
    endField();
    any = true;
    int colon = 0;
    int stop = Math.min(line.length(), MAX_NAME);
    while (colon < stop && line.at(colon) != ':') {
      colon++;
    }
    name = colon < stop ? name(line, colon) : "";
    malformed |= name.isEmpty() || name.chars().anyMatch(c -> c <= ' ' || c > '~');
    fieldSeen |= !name.isEmpty();
    keeping = !cut && wanted.test(name);
    kept += keeping ? name.length() + 2 : 0;
    cut |= kept > maxOctets;
    keep(line, name.isEmpty() ? 0 : colon + 1);
  }

  private static String name(OctetLines line, int colon) {
    StringBuilder text = new StringBuilder();
    line.appendTo(text, 0, colon);
    return text.toString().stripTrailing();
  }

  private void keep(OctetLines line, int index) {
    if (keeping) {
      int room = Math.max(0, maxOctets - kept);
      int length = line.length() - index;
      cut |= length > room;
      line.appendTo(value, index, Math.min(length, room));
      kept += Math.min(length, room);
    }
  }

  private void endField() {
    if (keeping) {
      int end = value.length();
      end -= end > 0 && value.charAt(end - 1) == '\n' ? 1 : 0;
      end -= end > 0 && value.charAt(end - 1) == '\r' ? 1 : 0;
      fields.add(new Field(name, value.substring(0, end)));
    }
    value.setLength(0);
    keeping = false;
  }

  /// Ends the header.
  List<Field> finish() {
    endField();
    return fields;
  }

  /// Octets that were kept.
  int kept() {
    return kept;
  }

  /// Whether something wanted was too long.
  boolean cut() {
    return cut;
  }

  /// Whether any line was a field.
  boolean hasField() {
    return fieldSeen;
  }

  /// Whether a line was no field.
  boolean malformed() {
    return malformed;
  }
}
