package org.muniment.server.capture.imap;

import java.nio.file.Path;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// An IMAP server that mail is restored to.
///
/// @param temporary folder for messages too large for memory
public record ImapTarget(
    SourceConfig.Imap config, Path temporary, Credentials credentials, ImapLimits limits) {

  /// Connects and signs in.
  public ImapTargetSession connect() throws SourceException {
    ImapEntrance entrance = ImapEntrance.open(config, credentials, limits);
    try {
      entrance.secure();
      entrance.signIn();
      return new ImapTargetSession(
          entrance.connection(),
          new ImapSession(entrance.connection(), temporary, limits.messageSize()));
    } catch (SourceException e) {
      entrance.connection().disconnect();
      throw e;
    }
  }
}
