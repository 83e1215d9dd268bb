package org.muniment.server.capture.imap;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.SourceConfig;
import org.muniment.server.credential.Credentials;

/// A connection that waits in IDLE (RFC 2177, RFC 9051 section 6.3.13) for something to change in
/// one mailbox. For one thread; interrupting it where it waits, a virtual one, ends the connection.
public final class ImapIdle implements Closeable {

  /// RFC 2177: a server may take a client for gone after half an hour.
  public static final Duration RENEWAL = Duration.ofMinutes(28);

  private static final String INBOX = "INBOX";

  /// Responses about messages (RFC 9051 sections 7.4, 7.5; VANISHED: RFC 7162).
  private static final Set<String> NEWS = Set.of("EXISTS", "EXPUNGE", "FETCH", "VANISHED");

  private final ImapConnection connection;

  private ImapIdle(ImapConnection connection) {
    this.connection = connection;
  }

  /// Limits for a connection on which nothing large is said.
  public static ImapLimits limits() {
    return new ImapLimits(1, Duration.ofSeconds(60), Duration.ofMinutes(2), Duration.ofMinutes(2));
  }

  /// Connects and signs in.
  public static ImapIdle connect(
      SourceConfig.Imap config, Credentials credentials, ImapLimits limits) throws SourceException {
    ImapEntrance entrance = ImapEntrance.open(config, credentials, limits);
    try {
      entrance.secure();
      entrance.signIn();
      return new ImapIdle(entrance.connection());
    } catch (SourceException e) {
      entrance.connection().disconnect();
      throw e;
    }
  }

  /// Whether the server knows IDLE. IMAP4rev2 does without saying so (RFC 9051 appendix E).
  public boolean isOffered() {
    return offers(connection);
  }

  static boolean offers(ImapConnection connection) {
    return connection.hasCapability("IDLE")
        || (connection.hasCapability("IMAP4rev2") && !connection.hasCapability("IMAP4rev1"));
  }

  /// Opens the mailbox, for reading.
  ///
  /// @param mailbox its name as it is shown
  public void examine(String mailbox) throws SourceException {
    String name = mailbox.equalsIgnoreCase(INBOX) ? INBOX : listed(mailbox);
    connection.ask(
        "EXAMINE", new Argument().writeString(name, StandardCharsets.ISO_8859_1), line -> {});
  }

  /// The octets of a name, which may be in modified UTF-7.
  private String listed(String mailbox) throws SourceException {
    Listing listing = new Listing();
    connection.ask("LIST \"\" \"*\"", null, listing::accept);
    return listing.mailboxes().stream()
        .map(Source.Mailbox::name)
        .filter(name -> name.display().equals(mailbox))
        .findFirst()
        .map(SourceText::octets)
        .orElseThrow(
            () ->
                SourceException.refused(
                    SourceText.of("the server lists no mailbox " + mailbox), null));
  }

  /// Waits until the server tells that something has changed.
  ///
  /// @param longest how long; [#RENEWAL] at most
  /// @return whether it told
  public boolean await(Duration longest) throws SourceException {
    try {
      return connection.idle(longest, line -> line.getKey() != null && isNews(line));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw ImapConnection.notUnderstood(e);
    }
  }

  private static boolean isNews(IMAPResponse line) {
    return NEWS.stream().anyMatch(line::keyEquals);
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
