package org.muniment.server.capture.pop3;

import java.io.Closeable;
import java.io.IOException;
import org.muniment.archive.content.Octets;
import org.muniment.server.capture.source.SourceException;

/// A connection on which messages are deleted: the TRANSACTION state of RFC 1939, with DELE. Apart
/// from [Pop3Session], so that what captures has no way to it. Nothing is deleted before
/// [#commit()]: closing without it leaves the maildrop as it is.
public final class Pop3Deletion implements Closeable {

  private final Pop3Session session;
  private boolean asked;

  private Pop3Deletion(Pop3Session session) {
    this.session = session;
  }

  /// Connects and signs in.
  public static Pop3Deletion connect(Pop3Source source) throws SourceException {
    return new Pop3Deletion(source.connect());
  }

  /// What the maildrop holds. The numbers in it are of this connection only.
  ///
  /// @return to be closed
  public Pop3Listing list() throws SourceException, IOException {
    return session.list();
  }

  /// Fetches a message.
  ///
  /// @return to be closed
  public Octets retrieve(int number) throws SourceException, IOException {
    return session.retrieve(number);
  }

  /// Marks a message, to be deleted by [#commit()].
  ///
  /// @param number of the listing of this connection
  /// @throws SourceException when the server refuses: the message stays
  public void delete(int number) throws SourceException {
    asked = true;
    session.connection().command("DELE " + number);
  }

  /// Has the server delete what is marked (QUIT), and ends the connection.
  ///
  /// @throws SourceException when the server did not do all of it, or nobody knows
  public void commit() throws SourceException {
    try {
      session.connection().command("QUIT");
    } finally {
      session.connection().abandon();
    }
  }

  @Override
  public void close() {
    if (asked) {
      // RFC 1939 section 6: without QUIT the server must not delete anything.
      session.connection().abandon();
    } else {
      session.close();
    }
  }
}
