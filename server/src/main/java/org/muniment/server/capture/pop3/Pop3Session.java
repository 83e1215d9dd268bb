package org.muniment.server.capture.pop3;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.capture.source.Spool;

/// A connection that is signed in, for one thread at a time: the TRANSACTION state of RFC 1939,
/// without DELE, which is for [Pop3Deletion]. After a [SourceException] that says `lost` it is of
/// no further use.
public final class Pop3Session implements Closeable {

  private final Pop3Connection connection;
  private final boolean offersUidl;
  private final Path temporary;
  private boolean lost;

  Pop3Session(Pop3Connection connection, boolean offersUidl, Path temporary) {
    this.connection = connection;
    this.offersUidl = offersUidl;
    this.temporary = temporary;
  }

  /// For [Pop3Deletion].
  Pop3Connection connection() {
    return connection;
  }

  /// How many messages the server says there are (STAT).
  public long messages() throws SourceException {
    String digits = word(connection.command("STAT"), 0);
    if (digits.isEmpty() || digits.length() > 9 || !isDigits(digits)) {
      throw SourceException.lost(SourceText.of("the answer to STAT is not understood"), null);
    }
    return Long.parseLong(digits);
  }

  /// What the maildrop holds. The numbers in it are of this session only.
  ///
  /// @return to be closed
  /// @throws IOException from the temporary file
  public Pop3Listing list() throws SourceException, IOException {
    Pop3Listing.Builder listing = new Pop3Listing.Builder(temporary);
    try {
      run("LIST", line -> listing.listed(number(line), size(line)));
      uniqueIds(listing);
      return listing.build();
    } catch (SourceException | IOException | RuntimeException e) {
      listing.close();
      throw e;
    }
  }

  /// UIDL is optional (RFC 1939 section 7). A server that offers it and refuses, or refuses for the
  /// moment, is not one without it.
  private void uniqueIds(Pop3Listing.Builder listing) throws SourceException, IOException {
    try {
      run("UIDL", line -> listing.named(number(line), uniqueId(line)));
    } catch (SourceException e) {
      if (e.lost() || offersUidl || Pop3Words.saysLater(e.words().octets())) {
        throw e;
      }
    }
  }

  private void run(String command, Pop3Connection.Lines<IOException> receiver)
      throws SourceException, IOException {
    try {
      connection.lines(command, receiver);
    } catch (SourceException e) {
      lost |= e.lost() && !e.later();
      throw e;
    }
  }

  /// `number SP ...`
  private static int number(String line) throws SourceException {
    String digits = word(line, 0);
    boolean isNumber = !digits.isEmpty() && digits.length() <= 9 && isDigits(digits);
    int number = isNumber ? Integer.parseInt(digits) : 0;
    if (number < 1 || number > Pop3Listing.MAX_MESSAGES) {
      throw SourceException.lost(
          SourceText.of(
              "a message number from 1 to %,d is expected, not \"%s\""
                  .formatted(
                      Pop3Listing.MAX_MESSAGES,
                      digits.length() > 20 ? digits.substring(0, 20) + "..." : digits)),
          null);
    }
    return number;
  }

  /// The size as the server says; it is used to see a change by, and for nothing else.
  private static long size(String line) {
    String digits = word(line, 1);
    return digits.length() <= 18 && !digits.isEmpty() && isDigits(digits)
        ? Long.parseLong(digits)
        : 0;
  }

  private static boolean isDigits(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static String word(String line, int index) {
    int begin = 0;
    for (int i = 0; i < index; i++) {
      int space = line.indexOf(' ', begin);
      if (space < 0) {
        return "";
      }
      begin = space + 1;
    }
    int end = line.indexOf(' ', begin);
    return end < 0 ? line.substring(begin) : line.substring(begin, end);
  }

  /// All that follows the number: one with a space in it is none that could be relied on.
  private static byte[] uniqueId(String line) {
    int space = line.indexOf(' ');
    return (space < 0 ? "" : line.substring(space + 1).stripTrailing())
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Fetches a message.
  ///
  /// @param number of the listing of this session
  /// @return to be closed
  /// @throws SourceException when the server refuses, or the connection broke before the end
  /// @throws IOException from the temporary file; the session is then of no further use
  public Octets retrieve(int number) throws SourceException, IOException {
    try (Spool message = new Spool(temporary)) {
      connection.message("RETR " + number, message);
      return message.whole();
    } catch (SourceException e) {
      lost |= e.lost() && !e.later();
      throw e;
    } catch (IOException e) {
      lost = true;
      throw e;
    }
  }

  @Override
  public void close() {
    if (lost) {
      connection.abandon();
    } else {
      connection.close();
    }
  }
}
