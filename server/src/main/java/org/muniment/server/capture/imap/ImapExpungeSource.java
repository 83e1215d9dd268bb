package org.muniment.server.capture.imap;

import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.ExpungeSource;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// An IMAP server from which mail is deleted, with UID EXPUNGE (RFC 4315) only: EXPUNGE would take
/// what others have marked, too.
public record ImapExpungeSource(
    SourceConfig.Imap config, Credentials credentials, ImapLimits limits) implements ExpungeSource {

  @Override
  public Session connect() throws SourceException {
    ImapEntrance entrance = ImapEntrance.open(config, credentials, limits);
    try {
      entrance.secure();
      entrance.signIn();
    } catch (SourceException e) {
      entrance.connection().disconnect();
      throw e;
    }
    if (!offersUidExpunge(entrance.connection())) {
      entrance.connection().end();
      throw SourceException.refused(
          SourceText.of("the server does not offer UIDPLUS, so nothing is deleted there"), null);
    }
    return new ImapExpungeSession(entrance.connection());
  }

  /// Whether a server that is signed in to can delete by UID. IMAP4rev2 can without saying so (RFC
  /// 9051 appendix E).
  static boolean offersUidExpunge(ImapConnection connection) {
    return connection.hasCapability("UIDPLUS")
        || (connection.hasCapability("IMAP4rev2") && !connection.hasCapability("IMAP4rev1"));
  }
}
