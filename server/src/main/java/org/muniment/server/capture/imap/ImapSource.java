package org.muniment.server.capture.imap;

import java.io.IOException;
import java.nio.file.Path;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;

/// A mailbox owner's mail on an IMAP server.
///
/// @param temporary folder for messages too large for memory
public record ImapSource(SourceConfig.Imap config, Path temporary) implements Source {

  @Override
  public Event.Provenance provenance() {
    return new Event.Provenance("imap", config.host(), config.username());
  }

  @Override
  public Session connect() throws SourceException {
    ImapConnection connection = open();
    try {
      secure(connection);
      signIn(connection);
      return new ImapSession(connection, temporary);
    } catch (IOException | ProtocolException e) {
      connection.disconnect();
      throw ImapConnection.failure(e);
    } catch (SourceException e) {
      connection.disconnect();
      throw e;
    }
  }

  private ImapConnection open() throws SourceException {
    try {
      return ImapConnection.open(
          config.host(), config.port(), config.security() == SourceConfig.Security.TLS);
    } catch (IOException | ProtocolException e) {
      throw ImapConnection.failure(e);
    }
  }

  /// Leaves the connection fit for a password: encrypted, or to this very machine.
  private void secure(ImapConnection connection)
      throws SourceException, IOException, ProtocolException {
    switch (config.security()) {
      case TLS -> {}
      case STARTTLS -> startTls(connection);
      case NONE -> {
        if (!connection.getInetAddress().isLoopbackAddress()) {
          throw refused("not signed in: security is none and the server is not on this machine");
        }
      }
    }
  }

  private static void startTls(ImapConnection connection)
      throws SourceException, IOException, ProtocolException {
    if (connection.isAuthenticated()) {
      throw refused("not signed in: the server greets with PREAUTH, which forbids STARTTLS");
    }
    if (!connection.hasCapability("STARTTLS")) {
      throw refused("not signed in: the server does not offer STARTTLS");
    }
    connection.startTLS();
    if (!connection.isSSL()) {
      throw refused("not signed in: STARTTLS failed");
    }
    // What was said before TLS may be another's words (RFC 9051 section 6.2.1).
    connection.capability();
  }

  private void signIn(ImapConnection connection) throws SourceException, ProtocolException {
    if (connection.isAuthenticated()) {
      return;
    }
    String password = config.password().value();
    if (connection.hasCapability("AUTH=PLAIN")) {
      connection.authplain("", config.username(), password);
    } else if (connection.hasCapability("LOGINDISABLED")) {
      throw refused("not signed in: the server offers neither AUTH=PLAIN nor LOGIN");
    } else {
      connection.login(config.username(), password);
    }
    connection.capability();
  }

  private static SourceException refused(String reason) {
    return SourceException.lost(SourceText.of(reason), null);
  }
}
