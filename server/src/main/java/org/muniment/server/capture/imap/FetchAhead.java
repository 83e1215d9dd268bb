package org.muniment.server.capture.imap;

import java.io.IOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.server.capture.source.SourceException;

/// FETCH commands of which each is sent before the one before it is answered (RFC 9051 section
/// 5.5), so that the server does not wait for the client between two.
final class FetchAhead {

  private final ImapConnection connection;
  private final Iterator<Piece> due;

  /// Sent, and not awaited yet.
  private @Nullable Begun ahead;

  /// One that was sent too early, and is due once more.
  private @Nullable Piece again;

  /// @param due what is going to be asked for, in this order, if messages have the sizes that the
  ///   server told; with all that begin a group
  FetchAhead(ImapConnection connection, Stream<Piece> due) {
    this.connection = connection;
    this.due = due.iterator();
  }

  /// A command.
  ///
  /// @param group whether it begins a group of messages, or else goes on with one message
  record Piece(String command, boolean group) {}

  private record Begun(Piece piece, String tag) {}

  /// Sends a command, unless it is on its way, and the one that is due after it, and hands over
  /// untagged responses until the first is answered.
  void fetch(Piece piece, ImapConnection.Wanted wanted) throws SourceException, IOException {
    Begun sent = ahead;
    String tag;
    if (sent != null && sent.piece.equals(piece)) {
      tag = sent.tag;
      ahead = beginNext();
    } else {
      end();
      if (piece.group) {
        passOver(piece);
      }
      tag = connection.begin(piece.command);
      ahead = piece.group ? beginNext() : null;
    }
    connection.end(tag, wanted);
  }

  /// Takes the answer to a command that is on its way, which nobody wants now.
  void end() throws SourceException, IOException {
    Begun unwanted = ahead;
    ahead = null;
    if (unwanted == null) {
      return;
    }
    again = unwanted.piece.group ? unwanted.piece : null;
    try {
      connection.end(unwanted.tag, line -> false);
    } catch (SourceException e) {
      if (e.lost()) {
        throw e;
      }
    }
  }

  private void passOver(Piece wanted) {
    while (!wanted.equals(next())) {
      // It goes on with a message that has ended before.
    }
  }

  private @Nullable Begun beginNext() throws SourceException {
    if (again == null && !due.hasNext()) {
      return null;
    }
    Piece piece = next();
    return new Begun(piece, connection.begin(piece.command));
  }

  /// @throws NoSuchElementException when there is none
  private Piece next() {
    Piece once = again;
    again = null;
    return once == null ? due.next() : once;
  }
}
