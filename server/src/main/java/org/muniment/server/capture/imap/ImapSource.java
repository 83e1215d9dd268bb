package org.muniment.server.capture.imap;

import java.nio.file.Path;
import org.muniment.archive.event.Event;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// A mailbox owner's mail on an IMAP server.
///
/// @param temporary folder for messages too large for memory
public record ImapSource(SourceConfig.Imap config, Path temporary, Credentials credentials)
    implements Source {

  @Override
  public Event.Provenance provenance() {
    return new Event.Provenance("imap", config.host(), config.username());
  }

  @Override
  public Session connect() throws SourceException {
    ImapEntrance entrance = ImapEntrance.open(config, credentials);
    try {
      entrance.secure();
      entrance.signIn();
      return new ImapSession(entrance.connection(), temporary);
    } catch (SourceException e) {
      entrance.connection().disconnect();
      throw e;
    }
  }
}
