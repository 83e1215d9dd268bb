package org.muniment.indexer.text;

import java.io.IOException;
import java.util.zip.CRC32;
import org.muniment.indexer.text.Extracted.Status;

/// yEnc, version 1.3.
///
/// ```
/// file = "=ybegin" [ part= ] [ total= ] line= size= name= LF
///        [ "=ypart" begin= end= LF ] *( data LF )
///        "=yend" size= [ part= ] [ pcrc32= ] [ crc32= ] LF
/// data = *( octet / "=" octet ) ; each octet 42 more than it is, after "=" 64 more again
/// ```
///
/// A file of several parts is spread over as many messages; each is a piece of it. Without its end
/// a file has no more octets than it claims.
final class YencDecoder extends EnclosedDecoder {

  private static final String BEGIN = "=ybegin ";
  private static final String PART = "=ypart ";
  private static final String END = "=yend";
  private static final int SHIFT = 42;
  private static final int ESCAPED = 64;
  private static final int MAX_DIGITS = 15;

  private final String name;
  private final boolean piece;
  private final CRC32 crc = new CRC32();
  private long size;
  private long count;
  private boolean escape;
  private Status status = Status.OK;

  /// @param lines at the line that begins the file
  YencDecoder(LineOctets lines) {
    super(lines);
    String line = lines.text();
    int at = line.indexOf(" name=");
    name = at < 0 ? "" : line.substring(at + " name=".length()).strip();
    size = number(line, " size=");
    piece = number(line, " part=") >= 0;
  }

  static boolean begins(LineOctets line) {
    if (!line.begins() || !line.startsWith(BEGIN)) {
      return false;
    }
    String text = line.text();
    return text.contains(" name=") && number(text, " size=") >= 0 && number(text, " line=") >= 0;
  }

  /// The number after a key, -1 where there is none.
  private static long number(String line, String key) {
    int at = line.indexOf(key);
    int from = at + key.length();
    int to = from;
    while (at >= 0 && to < line.length() && Character.digit(line.charAt(to), 10) >= 0) {
      to++;
    }
    return at < 0 || to == from || to - from > MAX_DIGITS
        ? -1
        : Long.parseLong(line.substring(from, to));
  }

  @Override
  boolean line() throws IOException {
    if (!lines.next()) {
      status = Status.CUT;
      return false;
    }
    if (lines.begins() && lines.startsWith(END)) {
      end(lines.text());
      return false;
    }
    if (lines.begins() && piece && count == 0 && lines.startsWith(PART)) {
      String line = lines.text();
      size = number(line, " end=") - number(line, " begin=") + 1;
      return true;
    }
    if (count >= size) {
      lines.stay();
      status = Status.MALFORMED_ENCODING;
      return false;
    }
    data();
    return true;
  }

  private void data() {
    for (int i = 0; i < lines.length() && count + limit < size; i++) {
      int octet = lines.at(i);
      if (octet == '=' && !escape) {
        escape = true;
      } else {
        decoded[limit++] = (byte) (octet - SHIFT - (escape ? ESCAPED : 0));
        escape = false;
      }
    }
    crc.update(decoded, 0, limit);
    count += limit;
  }

  private void end(String line) {
    String wanted = checksum(line, piece ? " pcrc32=" : " crc32=");
    if (count != size || !(wanted.isEmpty() || crc.getValue() == Long.parseLong(wanted, 16))) {
      status = Status.MALFORMED_ENCODING;
    } else if (piece) {
      status = Status.CUT;
    }
  }

  /// Up to eight hexadecimal digits after a key.
  private static String checksum(String line, String key) {
    int at = line.indexOf(key);
    int from = at + key.length();
    int to = from;
    while (at >= 0
        && to < line.length()
        && to - from < Integer.BYTES * 2
        && Character.digit(line.charAt(to), 16) >= 0) {
      to++;
    }
    return at < 0 ? "" : line.substring(from, to);
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
