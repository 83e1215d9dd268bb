package org.muniment.server.view.imap;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.muniment.server.trust.ServerTls;
import org.muniment.server.view.imap.command.Capability;
import org.muniment.server.view.imap.command.Command;
import org.muniment.server.view.imap.session.Completion;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;
import org.muniment.server.view.imap.session.Session;
import org.muniment.server.view.imap.session.State;
import org.muniment.server.view.imap.session.UserShares;
import org.muniment.server.view.imap.wire.ConnectionLostException;
import org.muniment.server.view.imap.wire.Deflate;
import org.muniment.server.view.imap.wire.ImapReader;
import org.muniment.server.view.imap.wire.ImapWriter;
import org.muniment.server.view.imap.wire.OverLimitException;
import org.muniment.server.view.imap.wire.SyntaxException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client: reads commands, runs them, answers. Whatever goes wrong ends this connection at
/// most.
final class Connection implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int MAX_TAG = 1000;

  private final Socket connection;
  private final ServerTls tls;
  private final boolean encryptedFromStart;
  private final Limits limits;
  private final long loginEnd;
  private final ImapReader in;
  private final ImapWriter out;
  private final Session session;
  private int errors;
  private volatile boolean closing;

  /// What is spoken through: the connection, or TLS over it.
  private Socket socket;

  /// When a TLS handshake that goes on began, 0 when none does.
  private volatile long handshakingSince;

  /// When the write that goes on began, 0 when none does.
  private volatile long writingSince;

  /// @param encryptedFromStart whether the client begins with TLS (RFC 8314), not with STARTTLS
  Connection(
      Socket connection,
      ServerTls tls,
      boolean encryptedFromStart,
      Resources resources,
      Limits limits,
      UserShares shares)
      throws IOException {
    this.connection = connection;
    this.socket = connection;
    this.tls = tls;
    this.encryptedFromStart = encryptedFromStart;
    this.limits = limits;
    this.loginEnd = System.nanoTime() + limits.login().toNanos();
    connection.setTcpNoDelay(true);
    this.out = new ImapWriter(new Watched(connection.getOutputStream()));
    this.in = new ImapReader(new Hurried(connection.getInputStream()), this::invite);
    this.session =
        new Session(in, out, resources, connection.getInetAddress(), limits, shares, this::waitFor);
  }

  @Override
  public void run() {
    try (connection;
        session) {
      converse();
      close();
    } catch (IOException e) {
      LOG.debug("IMAP session of {} ended: {}", connection.getInetAddress(), e.toString());
    } catch (RuntimeException e) {
      LOG.error("IMAP session of {} failed", connection.getInetAddress(), e);
    }
  }

  /// Ends TLS before the connection, so that the client knows that nothing was cut off.
  private void close() throws IOException {
    writingSince = System.nanoTime() | 1;
    socket.close();
  }

  /// Lays TLS over the connection. What the client sent before and nobody has read is no part of it
  /// (RFC 9051 section 11.1).
  private void encrypt() throws IOException {
    waitFor(limits.login());
    SSLSocket secured = tls.over(connection);
    handshakingSince = System.nanoTime() | 1;
    secured.startHandshake();
    handshakingSince = 0;
    in.switchTo(new Hurried(secured.getInputStream()));
    out.switchTo(new Watched(secured.getOutputStream()));
    socket = secured;
    session.encrypted();
  }

  /// Compresses before TLS encrypts (RFC 4978 section 3).
  private void compress(Deflate deflate) throws IOException {
    out.switchTo(deflate.deflated(new Watched(socket.getOutputStream())));
    in.switchTo(deflate.inflated(new Hurried(socket.getInputStream())));
  }

  private void converse() throws IOException {
    try {
      if (encryptedFromStart) {
        encrypt();
      }
      out.raw("* OK [").raw(Capability.data(session)).raw("] Muniment, an archive").crlf();
      while (session.state() != State.LOGOUT) {
        if (!in.hasBuffered()) {
          out.flush();
        }
        waitFor(limits.idle());
        answer();
      }
      out.flush();
    } catch (SocketTimeoutException e) {
      bye(isSignedIn() ? "silent for too long" : "no sign-in for too long");
    } catch (OverLimitException e) {
      bye(e.text());
    } catch (ConnectionLostException e) {
      if (!closing) {
        throw e;
      }
      bye("the server stops");
    }
  }

  private void bye(String text) throws IOException {
    if (out.atLineStart()) {
      out.raw("* BYE ").text(text).crlf();
      out.flush();
    }
  }

  private void invite(String text) throws IOException {
    out.raw("+ ").raw(text).crlf();
    out.flush();
  }

  private void answer() throws IOException {
    in.begin();
    String tag = "*";
    Completion completion;
    try {
      tag = tag();
      session.begin(tag);
      Command command = Command.read(session);
      in.skipRest();
      session.checkSelected();
      completion = run(command);
      session.end(command.allowsExpunge());
      errors = 0;
    } catch (SyntaxException e) {
      in.skipRest();
      countError();
      completion = Completion.bad(e.text());
    }
    write(tag, completion);
    if (session.wantsTls()) {
      out.flush();
      encrypt();
    }
    Optional<Deflate> deflate = session.beginCompression();
    if (deflate.isPresent()) {
      compress(deflate.get());
    }
  }

  private String tag() throws IOException, SyntaxException {
    String tag = in.tag();
    if (tag.length() > MAX_TAG) {
      throw in.expected("a shorter tag");
    }
    in.sp();
    return tag;
  }

  /// A failure of the archive is answered and the session goes on, if nothing was half written.
  private Completion run(Command command) throws IOException, SyntaxException {
    try {
      return command.run(session);
    } catch (ConnectionLostException | OverLimitException | SocketTimeoutException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      LOG.error("IMAP {} failed", command.getClass().getSimpleName(), e);
      if (!out.atLineStart()) {
        throw e;
      }
      return Completion.no("UNAVAILABLE", "the archive could not answer; its log says why");
    }
  }

  private void countError() throws OverLimitException {
    if (++errors > limits.errors()) {
      throw new OverLimitException("too many errors");
    }
  }

  // ABNF: response-tagged = tag SP resp-cond-state CRLF
  //       resp-cond-state = ("OK" / "NO" / "BAD") SP ["[" resp-text-code "]" SP] text
  private void write(String tag, Completion completion) throws IOException {
    out.raw(tag).sp().raw(completion.kind().name()).sp();
    if (!completion.code().isEmpty()) {
      out.raw("[").raw(completion.code()).raw("] ");
    }
    out.text(completion.text()).crlf();
  }

  private void waitFor(Duration silence) throws IOException {
    connection.setSoTimeout(Math.toIntExact(silence.toMillis()));
  }

  private boolean isSignedIn() {
    return session.state() != State.NOT_AUTHENTICATED;
  }

  /// Asks the session to say BYE and end; returns at once.
  void end() {
    closing = true;
    try {
      connection.shutdownInput();
    } catch (IOException e) {
      abort();
    }
  }

  /// Cuts the connection.
  void abort() {
    try {
      connection.close();
    } catch (IOException e) {
      LOG.debug("closing the connection of {}: {}", connection.getInetAddress(), e.toString());
    }
  }

  /// Cuts the connection when its client has left an answer unread for too long, or does not come
  /// to the end of a TLS handshake.
  void abortIfStalled() {
    if (isPast(writingSince, limits.stalled()) || isPast(handshakingSince, limits.login())) {
      LOG.info("IMAP client {} stands still: connection cut", connection.getInetAddress());
      abort();
    }
  }

  private static boolean isPast(long since, Duration limit) {
    return since != 0 && System.nanoTime() - since > limit.toNanos();
  }

  /// Gives a client that has not signed in no more than the time for that in all, however often it
  /// sends something.
  private final class Hurried extends FilterInputStream {
    Hurried(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      if (!isSignedIn()) {
        Duration left = Duration.ofNanos(loginEnd - System.nanoTime());
        if (left.toMillis() < 1) {
          throw new SocketTimeoutException("no sign-in for too long");
        }
        waitFor(left);
      }
      return super.read(octets, offset, length);
    }
  }

  /// Notes when a write begins and ends.
  private final class Watched extends FilterOutputStream {
    Watched(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      session.pace(length);
      writingSince = System.nanoTime() | 1;
      out.write(octets, offset, length);
      writingSince = 0;
    }
  }
}
