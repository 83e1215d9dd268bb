package org.muniment.server.view.imap;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.access.Role;
import org.muniment.server.access.SignIn;
import org.muniment.server.access.User;
import org.muniment.server.config.Secret;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;
import org.muniment.server.view.imap.session.UserShares;
import org.slf4j.LoggerFactory;

/// What a fuzzer calls with octets as all that a client sends.
public final class FuzzedSession {

  /// What the client has sent before, by the first octet.
  private static final List<String> BEFORE =
      List.of(
          "",
          "a LOGIN alice secret\r\n",
          "a LOGIN alice secret\r\nb SELECT INBOX\r\n",
          "a LOGIN alice secret\r\nb ENABLE IMAP4rev2 QRESYNC\r\nc SELECT INBOX\r\n");

  private static final Limits LIMITS =
      new Limits(
          Duration.ofMinutes(1),
          Duration.ofMinutes(30),
          Duration.ofMinutes(5),
          Duration.ofMillis(1),
          5,
          20);

  private static final ListAppender<ILoggingEvent> ERRORS = new ListAppender<>();

  private static final Resources RESOURCES = resources();

  private FuzzedSession() {}

  /// Serves the client to its end, once as fast as it can send and once octet by octet; throws
  /// nothing, logs no error, answers the same.
  public static void fuzzerTestOneInput(byte[] octets) throws IOException {
    if (octets.length == 0) {
      return;
    }
    String commands = new String(octets, 1, octets.length - 1, StandardCharsets.ISO_8859_1);
    String sent = BEFORE.get(octets[0] & 3) + commands;
    String fast = answer(sent, Integer.MAX_VALUE);
    String slow = answer(sent, 1);
    String upper = commands.toUpperCase(Locale.ROOT);
    if (!upper.contains("COMPRESS")) {
      Responses.check(slow);
    }
    // Who ends in the middle of a command may not get what came before.
    if (!dependsOnTime(upper) && !slow.startsWith(fast)) {
      throw new IllegalStateException("the answer depends on how the octets come in");
    }
  }

  /// Whether the client is told off when it does not wait, which one cannot see octet by octet, or
  /// what is said changes from one moment to the next.
  private static boolean dependsOnTime(String commands) {
    return List.of("STARTTLS", "COMPRESS", "OLDER", "YOUNGER").stream()
        .anyMatch(commands::contains);
  }

  private static String answer(String sent, int atATime) throws IOException {
    var socket = new MemorySocket(sent.getBytes(StandardCharsets.ISO_8859_1), atATime);
    UserShares shares = new UserShares(1, 0);
    new Connection(
            socket, TestTls.SERVER, /* encryptedFromStart= */ false, RESOURCES, LIMITS, shares)
        .run();
    if (!ERRORS.list.isEmpty()) {
      ILoggingEvent error = ERRORS.list.getFirst();
      ERRORS.list.clear();
      throw new IllegalStateException(error.getFormattedMessage());
    }
    return socket.written.toString(StandardCharsets.ISO_8859_1);
  }

  /// Each session is one of a user of its own, who has marked nothing yet.
  private static Resources resources() {
    ERRORS.start();
    Logger log = (Logger) LoggerFactory.getLogger(Connection.class);
    log.setLevel(Level.ERROR);
    log.setAdditive(false);
    log.addAppender(ERRORS);
    try {
      FakeArchive archive = new FakeArchive();
      MailboxId inbox = archive.mailbox("INBOX");
      for (TortureMail mail : TortureMail.all()) {
        if (mail.octets().length < 1_000 && mail.name().startsWith("a")) {
          archive.append(inbox, mail.octets());
        }
      }
      archive.append(archive.mailbox("R&D", "\u00fc"), "Subject: x\r\n\r\n", "\\Flagged");
      Resources kept = TestState.of(archive);
      return new Resources(
          new NewUsers(), kept.models(), kept.seen(), kept.subscriptions(), kept.shown());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class NewUsers implements SignIn {
    private final AtomicLong count = new AtomicLong();

    @Override
    public Optional<User> withPassword(String name, Secret password, InetAddress peer) {
      return name.equals("alice")
          ? Optional.of(new User("user" + count.incrementAndGet(), Role.USER))
          : Optional.empty();
    }

    @Override
    public Optional<User> withToken(Secret token) {
      return Optional.empty();
    }
  }

  /// A client that sends what it has and ends its side.
  private static final class MemorySocket extends Socket {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final InputStream sent;

    MemorySocket(byte[] octets, int atATime) {
      sent =
          new ByteArrayInputStream(octets) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
              return super.read(into, offset, Math.min(length, atATime));
            }
          };
    }

    @Override
    public InputStream getInputStream() {
      return sent;
    }

    @Override
    public OutputStream getOutputStream() {
      return written;
    }

    @Override
    public InetAddress getInetAddress() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public void close() {}
  }
}
