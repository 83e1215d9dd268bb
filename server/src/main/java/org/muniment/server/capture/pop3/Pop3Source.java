package org.muniment.server.capture.pop3;

import java.io.IOException;
import java.nio.file.Path;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.net.Traffic;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.trust.TlsLayer;

/// A maildrop on a POP3 server. What it is asked for reads only; what deletes is [Pop3Deletion].
///
/// @param temporary folder for what is too large for memory
public record Pop3Source(
    SourceConfig.Pop3 config, Path temporary, Credentials credentials, Pop3Limits limits) {

  /// @param messageSize octets of the largest message that is captured
  public Pop3Source(
      SourceConfig.Pop3 config, Path temporary, Credentials credentials, long messageSize) {
    this(config, temporary, credentials, messageSize, new Traffic(0));
  }

  /// @param messageSize octets of the largest message that is captured
  /// @param traffic what the connections are part of
  public Pop3Source(
      SourceConfig.Pop3 config,
      Path temporary,
      Credentials credentials,
      long messageSize,
      Traffic traffic) {
    this(config, temporary, credentials, Pop3Limits.ofMessages(messageSize, traffic));
  }

  /// How a message that comes from here is said to have come.
  public Event.Provenance provenance() {
    return new Event.Provenance("pop3", config.host(), config.username());
  }

  /// Connects and signs in.
  public Pop3Session connect() throws SourceException {
    try {
      return connect(TlsLayer.trusting(config.trust()));
    } catch (IOException e) {
      throw SourceException.lost(SourceText.of(String.valueOf(e.getMessage())), e);
    }
  }

  /// Connects and signs in.
  ///
  /// @param tls remembers what the server shows, also when it is not accepted
  public Pop3Session connect(TlsLayer tls) throws SourceException {
    Pop3Connection connection =
        Pop3Connection.open(
            config.host(),
            config.port(),
            tls,
            config.security() == SourceConfig.Security.TLS,
            limits);
    try {
      Pop3Entrance entrance = new Pop3Entrance(config, credentials, connection);
      entrance.signIn();
      return new Pop3Session(connection, entrance.offersUidl(), temporary);
    } catch (SourceException e) {
      connection.abandon();
      throw e;
    }
  }
}
