package org.muniment.server.capture.pop3;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.security.sasl.SaslException;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.net.DeadlineSocket;
import org.muniment.server.capture.source.ServerWords;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.sasl.Exchange;
import org.muniment.server.sasl.Mechanism;
import org.muniment.server.trust.TlsLayer;

/// The wire of POP3 (RFC 1939 section 3): commands out, replies in, each with a deadline. Holds one
/// line or one buffer of what the server sends, never more.
final class Pop3Connection implements Closeable {

  /// Octets of a line of the server; a message has no such limit. RFC 2449 section 4 allows 512.
  private static final int MAX_LINE = 8 << 10;

  /// Octets of a server's own words that are kept.
  private static final int MAX_WORDS = 1_000;

  private static final int BUFFER = 16 << 10;
  private static final Duration QUIT = Duration.ofSeconds(5);

  /// More challenges than any mechanism has.
  private static final int MAX_ROUNDS = 10;

  private final Pop3Limits limits;
  private final TlsLayer layer;
  private final String host;
  private final int port;
  private final DeadlineSocket below;
  private Socket socket;
  private InputStream in;
  private OutputStream out;

  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;

  private Pop3Connection(String host, int port, TlsLayer layer, Pop3Limits limits)
      throws IOException {
    this.layer = layer;
    this.host = host;
    this.port = port;
    this.limits = limits;
    below = new DeadlineSocket(limits.patience(), limits.command(), limits.traffic());
    socket = below;
    try {
      below.connect(new InetSocketAddress(host, port), (int) limits.patience().toMillis());
      in = below.getInputStream();
      out = below.getOutputStream();
    } catch (IOException e) {
      below.close();
      throw e;
    }
  }

  /// Connects, and reads the greeting.
  ///
  /// @param tls for STLS, or from the first octet
  /// @param fromTheFirst which of the two
  static Pop3Connection open(
      String host, int port, TlsLayer tls, boolean fromTheFirst, Pop3Limits limits)
      throws SourceException {
    try {
      Pop3Connection connection = new Pop3Connection(host, port, tls, limits);
      connection.greet(fromTheFirst);
      return connection;
    } catch (IOException e) {
      throw failure(host + " port " + port + ": ", e);
    }
  }

  private void greet(boolean tls) throws SourceException, IOException {
    try {
      if (tls) {
        secure();
      }
      reply();
    } catch (IOException | SourceException e) {
      below.close();
      throw e;
    }
  }

  /// Lays TLS over the connection. What the server said before in clear text must have been read.
  ///
  /// @throws SourceException when something is left of it: it may be another's words (RFC 2595
  ///   section 4)
  void startTls() throws SourceException {
    if (at < end) {
      throw SourceException.lost(
          SourceText.of("not signed in: the server says more in clear text after STLS"), null);
    }
    try {
      secure();
    } catch (IOException e) {
      throw failure("", e);
    }
  }

  private void secure() throws IOException {
    SSLSocket tls = layer.createSocket(below, host, port, true);
    tls.startHandshake();
    socket = tls;
    in = tls.getInputStream();
    out = tls.getOutputStream();
  }

  /// Whether the server is on this machine.
  boolean isLoopback() {
    return below.getInetAddress().isLoopbackAddress();
  }

  /// Sends a command and reads the first line of its reply.
  ///
  /// @return what follows `+OK`
  /// @throws SourceException the server's words when it answers `-ERR`
  String command(String command) throws SourceException {
    send(command, limits.command());
    return reply();
  }

  /// Signs in with USER and PASS (RFC 1939 section 7): neither may hold the end of a line.
  void signIn(String username, String password) throws SourceException {
    send("USER " + username, limits.command());
    ended(line(), Refusal.OF_SIGN_IN);
    send("PASS " + password, limits.command());
    ended(line(), Refusal.OF_SIGN_IN);
  }

  private void send(String command, Duration limit) throws SourceException {
    below.allow(limit);
    try {
      out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw failure("", e);
    }
  }

  /// To a command about the maildrop as a whole.
  private String reply() throws SourceException {
    return ended(line(), Refusal.OF_ALL);
  }

  /// `("+OK" / "-ERR") [SP text]`
  private static String ended(String line, Refusal meaning) throws SourceException {
    if (line.startsWith("+OK")) {
      return line.substring(3).strip();
    }
    if (line.startsWith("-ERR")) {
      throw meaning.of(Pop3Words.refusal(cut(line.substring(4).strip())));
    }
    throw notUnderstood(line);
  }

  /// What `-ERR` may be about.
  private enum Refusal {
    OF_ALL,
    OF_MESSAGE,
    OF_SIGN_IN;

    SourceException of(SourceText words) {
      return switch (this) {
        case OF_ALL -> ServerWords.ofAll(words, null);
        case OF_MESSAGE -> ServerWords.ofCommand(words, null);
        case OF_SIGN_IN -> ServerWords.ofSignIn(words, null);
      };
    }
  }

  /// Signs in (RFC 5034 section 4), without an initial response: servers of RFC 1734 know none.
  ///
  /// @throws SourceException when the server refuses, or does what the mechanism forbids
  void authenticate(Mechanism mechanism, Exchange exchange) throws SourceException {
    try {
      byte[] due = exchange.first();
      send("AUTH " + mechanism.saslName(), limits.command());
      for (int round = 0; round < MAX_ROUNDS; round++) {
        String line = line();
        if (!line.equals("+") && !line.startsWith("+ ")) {
          signedIn(line, exchange);
          return;
        }
        byte[] answer = due == null ? exchange.answer(challenge(line)) : due;
        due = null;
        send(Base64.getEncoder().encodeToString(answer), limits.command());
      }
      throw new SaslException("the server does not come to an end with " + mechanism.saslName());
    } catch (SaslException e) {
      throw failure("", e);
    }
  }

  private static void signedIn(String line, Exchange exchange)
      throws SourceException, SaslException {
    try {
      ended(line, Refusal.OF_SIGN_IN);
    } catch (SourceException e) {
      String complaint = exchange.complaint().orElse("");
      if (e.lost() || complaint.isEmpty()) {
        throw e;
      }
      throw SourceException.denied(
          SourceText.of(e.words().display() + " (" + complaint + ")"), null);
    }
    exchange.succeeded();
  }

  /// `"+" SP [base64]`
  private static byte[] challenge(String line) throws SaslException {
    try {
      return Base64.getDecoder().decode(line.substring(1).strip());
    } catch (IllegalArgumentException e) {
      throw new SaslException("the server sends a challenge that is no base64");
    }
  }

  /// Hands over the lines of a multi-line reply (RFC 1939 section 3) as they come.
  ///
  /// @throws SourceException when the server refuses, or does not send the end
  <X extends Exception> void lines(String command, Lines<X> receiver) throws SourceException, X {
    command(command);
    for (String line = line(); !line.equals("."); line = line()) {
      receiver.accept(line.startsWith(".") ? line.substring(1) : line);
    }
  }

  /// Sends a command and writes the message that it answers with, to the last octet.
  ///
  /// @throws SourceException when the server refuses, does not send the end in time, or sends more
  ///   than a message may have
  /// @throws IOException from `message` only
  void message(String command, OutputStream message) throws SourceException, IOException {
    send(command, limits.retrieval());
    ended(line(), Refusal.OF_MESSAGE);
    DotStuffing octets = new DotStuffing(message);
    while (!octets.ended()) {
      if (at == end) {
        fill();
      }
      at += octets.take(buffer, at, end);
      if (octets.length() > limits.message()) {
        throw SourceException.lost(
            SourceText.of("the message has more than %,d octets".formatted(limits.message())),
            null);
      }
    }
    if (at < end) {
      throw SourceException.lost(
          SourceText.of("the server sends more after the end of the message"), null);
    }
  }

  /// A line without its end, one character per octet. A lone LF ends it, too.
  private String line() throws SourceException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      if (at == end) {
        fill();
      }
      byte octet = buffer[at++];
      if (octet == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      if (line.size() == MAX_LINE) {
        throw SourceException.lost(
            SourceText.of("the server sends a line of more than %,d octets".formatted(MAX_LINE)),
            null);
      }
      line.write(octet);
    }
  }

  private void fill() throws SourceException {
    try {
      int length = in.read(buffer);
      if (length < 0) {
        throw SourceException.lost(SourceText.of("the server ended the connection"), null);
      }
      at = 0;
      end = length;
    } catch (IOException e) {
      throw failure("", e);
    }
  }

  private static SourceException notUnderstood(String line) {
    return SourceException.lost(
        SourceText.of(
            ("answer not understood: " + cut(line)).getBytes(StandardCharsets.ISO_8859_1)),
        null);
  }

  private static String cut(String words) {
    return words.length() > MAX_WORDS ? words.substring(0, MAX_WORDS) + "..." : words;
  }

  private static SourceException failure(String where, IOException e) {
    return SourceException.lost(SourceText.of(where + plain(e)), e);
  }

  private static String plain(IOException e) {
    return switch (e) {
      case UnknownHostException unknown -> "no such host: " + unknown.getMessage();
      case SocketTimeoutException late -> "no answer in time: " + late.getMessage();
      case SSLException tls -> tls(tls);
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  private static String tls(SSLException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "the certificate of the server is not accepted: " + cause.getMessage();
      }
    }
    return "TLS with the server fails: " + e.getMessage();
  }

  /// Ends the connection, saying so when the server listens.
  @Override
  public void close() {
    try {
      send("QUIT", QUIT);
      reply();
    } catch (SourceException e) {
      // Nothing is to be deleted: whether the server heard it does not matter.
    } finally {
      abandon();
    }
  }

  /// Ends the connection without a word.
  void abandon() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is gone already
    }
  }

  /// Takes the lines of a reply.
  ///
  /// @param <X> what else it may throw
  interface Lines<X extends Exception> {
    /// @param line without its end, one character per octet
    void accept(String line) throws SourceException, X;
  }
}
