package org.muniment.indexer.text;

import java.io.IOException;
import org.muniment.indexer.text.Extracted.Status;

/// uuencode (IEEE 1003.1, utility uuencode, historical algorithm).
///
/// ```
/// file  = "begin" SP mode SP name LF *line [ zero ] "end"
/// line  = length 1*data ; characters from SP to "`", each its code less 32 modulo 64
/// zero  = "`" / SP
/// ```
///
/// A line that lost its spaces at the end is filled up with zeros; one that is no data ends the
/// file.
final class UuDecoder extends EnclosedDecoder {

  private static final String BEGIN = "begin ";
  private static final int MAX_MODE = 4;
  private static final int FIRST = 0x20;
  private static final int LAST = 0x60;

  private final String name;
  private Status status = Status.OK;

  /// @param lines at the line that begins the file
  UuDecoder(LineOctets lines) {
    super(lines);
    String line = lines.text();
    name = line.substring(Math.min(line.length(), afterMode(lines))).strip();
  }

  /// Whether a line is `begin`, a mode of three or four octal digits, and a name.
  static boolean begins(LineOctets line) {
    return line.begins() && line.startsWith(BEGIN) && afterMode(line) < line.length();
  }

  private static int afterMode(LineOctets line) {
    int at = BEGIN.length();
    while (at < line.length() && line.at(at) >= '0' && line.at(at) <= '7') {
      at++;
    }
    int digits = at - BEGIN.length();
    boolean mode = digits == MAX_MODE || digits == MAX_MODE - 1;
    return mode && at < line.length() && line.at(at) == ' ' ? at + 1 : line.length();
  }

  /// Whether a line is data of exactly the length that it claims.
  static boolean isData(LineOctets line) {
    return isOfAlphabet(line)
        && octets(line) > 0
        && line.length() - 1 >= characters(line)
        && line.length() - 1 <= characters(line) + 1;
  }

  private static boolean isOfAlphabet(LineOctets line) {
    for (int i = 0; i < line.length(); i++) {
      if (line.at(i) < FIRST || line.at(i) > LAST) {
        return false;
      }
    }
    return line.length() > 0 && line.begins();
  }

  private static int octets(LineOctets line) {
    return (line.at(0) - FIRST) & 0x3F;
  }

  private static int characters(LineOctets line) {
    return (octets(line) + 2) / 3 * 4;
  }

  @Override
  boolean line() throws IOException {
    if (!lines.next()) {
      status = Status.CUT;
      return false;
    }
    if (lines.begins() && lines.length() == "end".length() && lines.startsWith("end")) {
      return false;
    }
    if (lines.length() == 0) {
      return true;
    }
    if (!isOfAlphabet(lines) || lines.length() - 1 > characters(lines) + 1) {
      lines.stay();
      status = Status.CUT;
      return false;
    }
    data();
    return true;
  }

  private void data() {
    int wanted = octets(lines);
    int bits = 0;
    for (int i = 0; limit < wanted; i++) {
      bits = (bits << 6) | sextet(i + 1);
      if (i % 4 != 0) {
        decoded[limit++] = (byte) (bits >> (6 - 2 * (i % 4)));
      }
    }
  }

  private int sextet(int index) {
    return index < lines.length() ? (lines.at(index) - FIRST) & 0x3F : 0;
  }

  @Override
  String name() {
    return name;
  }

  @Override
  Status status() {
    return status;
  }
}
