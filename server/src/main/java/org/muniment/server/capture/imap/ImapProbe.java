package org.muniment.server.capture.imap;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.AccountConfig;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;
import org.muniment.server.trust.TlsLayer;

/// A connection that is opened step by step, to see how far it goes. The steps are to be taken in
/// the order in which they stand here.
public final class ImapProbe implements Closeable {

  private final ImapEntrance entrance;

  private ImapProbe(ImapEntrance entrance) {
    this.entrance = entrance;
  }

  /// Connects, with TLS where it is to be from the first octet, and hears the greeting.
  ///
  /// @param tls remembers what the server shows, also when it is not accepted
  public static ImapProbe open(SourceConfig.Imap config, Credentials credentials, TlsLayer tls)
      throws SourceException {
    return new ImapProbe(
        ImapEntrance.open(
            config, credentials, tls, ImapLimits.ofMessages(AccountConfig.MAX_MESSAGE_SIZE)));
  }

  public String greeting() {
    return SourceText.of(entrance.connection().greeting().getBytes(StandardCharsets.ISO_8859_1))
        .display();
  }

  /// STARTTLS, where it is asked for.
  public void secure() throws SourceException {
    try {
      entrance.secure();
    } catch (SourceException e) {
      entrance.connection().disconnect();
      throw e;
    }
  }

  /// In upper case, sorted.
  public List<String> capabilities() {
    return entrance.connection().getCapabilities().keySet().stream().sorted().toList();
  }

  /// Whether messages can be deleted by UID; to be asked once signed in.
  public boolean deletesByUid() {
    return ImapExpungeSource.offersUidExpunge(entrance.connection());
  }

  /// Whether a mailbox can be watched (RFC 2177); to be asked once signed in.
  public boolean offersIdle() {
    return ImapIdle.offers(entrance.connection());
  }

  /// @return the mechanism
  public String signIn() throws SourceException {
    try {
      return entrance.signIn();
    } catch (SourceException e) {
      // The server may wait in the middle of an exchange: LOGOUT would not be understood.
      entrance.connection().disconnect();
      throw e;
    }
  }

  /// Every mailbox that can hold messages.
  ///
  /// @param shared those in the namespaces of other users and in shared ones, too
  public List<Source.Mailbox> mailboxes(boolean shared) throws SourceException {
    return session().mailboxes(shared);
  }

  /// How many messages the server says are in the mailbox.
  public long messages(Source.Mailbox mailbox) throws SourceException {
    Source.State listed = mailbox.state();
    return listed == null ? session().examine(mailbox).messages() : listed.messages();
  }

  private ImapSession session() {
    // Nothing is fetched: no folder for what is too large is needed.
    return new ImapSession(entrance.connection(), Path.of(""), AccountConfig.MAX_MESSAGE_SIZE);
  }

  @Override
  public void close() {
    entrance.connection().end();
  }
}
