package org.muniment.server.capture.imap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import javax.net.SocketFactory;
import javax.net.ssl.SSLException;
import javax.security.sasl.SaslException;
import org.eclipse.angus.mail.iap.Argument;
import org.eclipse.angus.mail.iap.ByteArray;
import org.eclipse.angus.mail.iap.ConnectionException;
import org.eclipse.angus.mail.iap.ProtocolException;
import org.eclipse.angus.mail.iap.Response;
import org.eclipse.angus.mail.imap.protocol.IMAPProtocol;
import org.eclipse.angus.mail.imap.protocol.IMAPResponse;
import org.eclipse.angus.mail.util.MailLogger;
import org.eclipse.angus.mail.util.SocketConnectException;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;
import org.muniment.server.capture.net.DeadlineSocket;
import org.muniment.server.capture.source.ServerWords;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.config.Secret;
import org.muniment.server.credential.Redacted;
import org.muniment.server.sasl.Exchange;
import org.muniment.server.sasl.Mechanism;
import org.muniment.server.trust.TlsLayer;

/// An IMAP connection on which every command has a deadline and every response is handled as it
/// comes and then forgotten.
final class ImapConnection extends IMAPProtocol {

  /// Commands on their way at once. Few enough that neither side waits for the other to read.
  private static final int PIPELINE = 50;

  private static final Duration LOGOUT = Duration.ofSeconds(5);

  /// More challenges than any mechanism has.
  private static final int MAX_ROUNDS = 10;

  /// Characters of base64; more than any mechanism needs.
  private static final int MAX_CHALLENGE = 16 << 10;

  /// Octets of a server's own words that are kept.
  static final int MAX_WORDS = 1_000;

  private static final int WRITTEN_TOGETHER = 64 << 10;

  private final DeadlineSocket socket;
  private final ImapLimits limits;

  /// How those have ended that ended before their answer was awaited.
  private final Map<String, Optional<Response>> begun = new HashMap<>();

  /// Tags of commands of which all that was wanted has come, but for the end.
  private final Set<String> unended = new HashSet<>();

  private long tags;

  /// Set before this class's own construction begins, and therefore without an initial value.
  private @Nullable String greeting;

  private ImapConnection(String host, int port, TlsLayer tls, Sockets sockets, ImapLimits limits)
      throws IOException, ProtocolException {
    super("imap", host, port, properties(sockets, tls, limits), false, logger());
    this.socket = sockets.opened();
    this.limits = limits;
  }

  /// Connects, and reads greeting and capabilities.
  ///
  /// @param tls for STARTTLS, or from the first octet
  /// @param fromTheFirst which of the two
  static ImapConnection open(
      String host, int port, TlsLayer tls, boolean fromTheFirst, ImapLimits limits)
      throws IOException, ProtocolException {
    Sockets sockets = fromTheFirst ? new Sockets(limits, tls, host) : new Sockets(limits);
    return new ImapConnection(host, port, tls, sockets, limits);
  }

  private static Properties properties(Sockets sockets, TlsLayer tls, ImapLimits limits) {
    Properties properties = new Properties();
    properties.put("mail.imap.socketFactory", sockets);
    properties.put("mail.imap.socketFactory.fallback", "false");
    properties.put("mail.imap.connectiontimeout", Long.toString(limits.patience().toMillis()));
    properties.put("mail.imap.ssl.socketFactory", tls);
    properties.put("mail.imap.ssl.checkserveridentity", "true");
    properties.put("mail.imap.ssl.protocols", "TLSv1.3 TLSv1.2");
    return properties;
  }

  @Override
  protected void processGreeting(Response response) throws ProtocolException {
    greeting = response.toString();
    super.processGreeting(response);
  }

  /// What the server said first.
  String greeting() {
    return Objects.requireNonNullElse(greeting, "");
  }

  /// RFC 9051 section 11.1: what comes between the answer to STARTTLS and the handshake was not
  /// said by the server, and would be taken for its words under TLS.
  @Override
  public void simpleCommand(String command, @Nullable Argument arguments) throws ProtocolException {
    super.simpleCommand(command, arguments);
    if (command.equals("STARTTLS") && hasResponse()) {
      throw new ProtocolException(
          "not signed in: something was said between STARTTLS and TLS: somebody on the way may be"
              + " tampering");
    }
  }

  private static MailLogger logger() {
    return new MailLogger(ImapConnection.class, "IMAP", false, System.err);
  }

  /// The items of FETCH are read by [FetchItems].
  @Override
  public Response readResponse() throws IOException, ProtocolException {
    try {
      return new IMAPResponse(this);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("the server sends what is no response, or a literal of 2 GB", e);
    }
  }

  @Override
  protected ByteArray getResponseBuffer() {
    return new ResponseBuffer();
  }

  /// Sends a command and hands over each untagged response until the tagged one.
  ///
  /// @param arguments null for none: an empty one would leave a space at the end of the line
  /// @throws SourceException when the server refuses or the connection breaks
  void run(String command, @Nullable Argument arguments, Untagged untagged)
      throws SourceException, IOException {
    run(limits.command(), command, arguments, untagged);
  }

  /// The same, for responses that go nowhere but into memory.
  void ask(String command, @Nullable Argument arguments, Untagged untagged) throws SourceException {
    try {
      run(command, arguments, untagged);
    } catch (IOException e) {
      throw failure(e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw notUnderstood(e);
    }
  }

  /// What a server sends is not of the grammar: the connection is of no further use.
  static SourceException notUnderstood(RuntimeException e) {
    return SourceException.lost(SourceText.of("answer not understood: " + e.getMessage()), e);
  }

  private void run(Duration limit, String command, @Nullable Argument arguments, Untagged untagged)
      throws SourceException, IOException {
    socket.allow(limit);
    await(
        send(command, arguments),
        line -> {
          untagged.accept(line);
          return false;
        });
  }

  /// Sends a command without arguments, of which the answer is awaited later: before any other
  /// command but those that are begun, too (RFC 9051 section 5.5).
  ///
  /// @return its tag
  String begin(String command) throws SourceException {
    socket.allow(limits.command());
    String tag = write(command, null);
    begun.put(tag, Optional.empty());
    return tag;
  }

  /// Hands over untagged responses until all that are wanted have come, or the tagged one of a
  /// command that was begun. They come in the order of the commands, while Dovecot keeps tagged
  /// ones back when it has been sent more.
  ///
  /// @throws SourceException when the server refuses or the connection breaks
  void end(String tag, Wanted wanted) throws SourceException, IOException {
    socket.allow(limits.command());
    Optional<Response> ended = Objects.requireNonNull(begun.remove(tag), "not begun");
    if (ended.isPresent()) {
      requireOk(ended.get());
    } else {
      await(tag, wanted);
    }
  }

  private void await(String tag, Wanted wanted) throws SourceException, IOException {
    while (true) {
      Response response = next();
      if (response.isTagged() && tag.equals(response.getTag())) {
        requireOk(response);
        return;
      }
      if (response.isTagged()) {
        ended(response);
      } else if (isLast(response, wanted)) {
        unended.add(tag);
        return;
      }
    }
  }

  private void ended(Response response) {
    if (!unended.remove(response.getTag())) {
      begun.replace(response.getTag(), Optional.of(response));
    }
  }

  private static boolean isLast(Response response, Wanted wanted)
      throws SourceException, IOException {
    boolean[] last = {false};
    pass(response, line -> last[0] = wanted.accept(line));
    return last[0];
  }

  /// A command and its arguments, null for none.
  record Command(String name, @Nullable Argument arguments) {}

  /// Sends commands, several before the first is answered (RFC 9051 section 5.5), and hands over
  /// their untagged responses. One that the server refuses is passed over.
  ///
  /// @param commands none of which changes what another answers
  void runAll(List<Command> commands, Untagged untagged) throws SourceException, IOException {
    socket.allow(limits.command());
    Set<String> pending = new HashSet<>();
    for (Command command : commands) {
      if (pending.size() == PIPELINE) {
        awaitAny(pending, untagged);
      }
      pending.add(send(command.name, command.arguments));
    }
    while (!pending.isEmpty()) {
      awaitAny(pending, untagged);
    }
  }

  /// What a server answers to a command that was written to [#writing]: the end of one, or `+` for
  /// the one that waits for it.
  ///
  /// @param tag `""` for `+`
  /// @param words what stands behind
  record Answer(String tag, boolean ok, String words) {
    boolean isGo() {
      return tag.isEmpty();
    }
  }

  /// Sends a command, hands over its untagged responses, and gives the end of it.
  ///
  /// @throws SourceException when the server refuses or the connection breaks
  Answer finish(String command, Argument arguments, Untagged untagged) throws SourceException {
    try {
      socket.allow(limits.command());
      String tag = send(command, arguments);
      while (true) {
        Response response = next();
        if (response.isTagged() && tag.equals(response.getTag())) {
          requireOk(response);
          return new Answer(tag, true, words(response).display());
        }
        pass(response, untagged);
      }
    } catch (IOException e) {
      throw failure(e);
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw notUnderstood(e);
    }
  }

  /// A tag for a command that is written by hand.
  String newTag() {
    return "M" + ++tags;
  }

  /// Where commands are written by hand, once others have ended: their ends would be answers to
  /// these. To be flushed before an answer is waited for.
  OutputStream writing() throws SourceException {
    socket.allow(limits.command());
    awaitEnds();
    return new BufferedOutputStream(getOutputStream(), WRITTEN_TOGETHER);
  }

  /// Waits for the next answer to what was begun.
  Answer answer() throws SourceException {
    socket.allow(limits.command());
    while (true) {
      Response response = next();
      if (response.isBYE()) {
        throw ServerWords.ofEnd(words(response), null);
      }
      if (response.isContinuation()) {
        return new Answer("", true, "");
      }
      if (response.isTagged()) {
        return new Answer(response.getTag(), response.isOK(), words(response).display());
      }
    }
  }

  /// Waits in IDLE (RFC 2177) until a response is news, and leaves it.
  ///
  /// @param longest how long to wait
  /// @return whether there was news
  boolean idle(Duration longest, Predicate<IMAPResponse> isNews) throws SourceException {
    socket.allow(limits.command());
    String tag = send("IDLE", null);
    boolean news = false;
    boolean waiting = false;
    while (!waiting) {
      Response response = next();
      news |= isNews(response, isNews);
      waiting = response.isContinuation();
      if (response.isTagged() && tag.equals(response.getTag())) {
        requireOk(response);
        throw SourceException.lost(SourceText.of("the server leaves IDLE by itself"), null);
      }
    }
    news = news || isToldWithin(longest, isNews);
    return leaveIdle(tag, isNews) || news;
  }

  private boolean isToldWithin(Duration longest, Predicate<IMAPResponse> isNews)
      throws SourceException {
    socket.allow(longest, longest);
    try {
      Response response = readResponse();
      while (!isNews(response, isNews)) {
        if (response.isTagged()) {
          throw SourceException.lost(SourceText.of("the server leaves IDLE by itself"), null);
        }
        response = readResponse();
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException | ProtocolException e) {
      throw failure(e);
    }
  }

  private boolean leaveIdle(String tag, Predicate<IMAPResponse> isNews) throws SourceException {
    socket.allow(limits.command());
    boolean news = false;
    try {
      sendLine("DONE");
    } catch (IOException e) {
      throw failure(e);
    }
    while (true) {
      Response response = next();
      if (response.isTagged() && tag.equals(response.getTag())) {
        requireOk(response);
        return news;
      }
      news |= isNews(response, isNews);
    }
  }

  private static boolean isNews(Response response, Predicate<IMAPResponse> isNews)
      throws SourceException {
    if (response.isBYE()) {
      throw SourceException.lost(words(response), null);
    }
    return response instanceof IMAPResponse line && line.isUnTagged() && isNews.test(line);
  }

  /// Reads responses up to the next that ends a command.
  private void awaitAny(Set<String> pending, Untagged untagged)
      throws SourceException, IOException {
    while (true) {
      Response response = next();
      if (response.isTagged() && pending.remove(response.getTag())) {
        requireNotLater(response);
        return;
      }
      pass(response, untagged);
    }
  }

  private static void pass(Response response, Untagged untagged)
      throws SourceException, IOException {
    if (response.isBYE()) {
      throw ServerWords.ofEnd(words(response), null);
    }
    if (response instanceof IMAPResponse line && response.isUnTagged()) {
      untagged.accept(line);
    }
  }

  /// Signs in (RFC 9051 section 6.2.2).
  ///
  /// @param secret never repeated in what the server is said to have said
  /// @throws SourceException when the server refuses, or does what the mechanism forbids
  void authenticate(Mechanism mechanism, Exchange exchange, String secret) throws SourceException {
    List<String> hidden = new ArrayList<>(List.of(secret));
    try {
      byte[] first = exchange.first();
      byte[] early = hasCapability("SASL-IR") ? first : null;
      byte[] due = early == null ? first : null;
      String initial = early == null ? "" : " " + told(early, hidden);
      String tag = send("AUTHENTICATE " + mechanism.saslName() + initial, null);
      for (int round = 0; round < MAX_ROUNDS; round++) {
        Response response = nextButUntagged(tag);
        if (!response.isContinuation()) {
          if (!response.isOK()) {
            throw refused(response, exchange.complaint().orElse(""), hidden);
          }
          exchange.succeeded();
          return;
        }
        byte[] challenge = challenge(response);
        sendLine(told(due == null ? exchange.answer(challenge) : due, hidden));
        due = null;
      }
      throw new SaslException("the server does not come to an end with " + mechanism.saslName());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /// Signs in with LOGIN (RFC 9051 section 6.2.3), for a server that offers no mechanism.
  void login(String username, Secret password) throws SourceException {
    Argument arguments =
        new Argument()
            .writeString(username, StandardCharsets.UTF_8)
            .writeString(password.value(), StandardCharsets.UTF_8);
    String tag = send("LOGIN", arguments);
    Response response = nextButUntagged(tag);
    if (!response.isOK()) {
      throw refused(response, "", List.of(password.value()));
    }
  }

  /// The next challenge, or the end of the command.
  private Response nextButUntagged(String tag) throws SourceException {
    while (true) {
      Response response = next();
      if (response.isBYE()) {
        throw ServerWords.ofEnd(words(response), null);
      }
      if (response.isContinuation() || (response.isTagged() && tag.equals(response.getTag()))) {
        return response;
      }
    }
  }

  private static byte[] challenge(Response response) throws SaslException {
    String text = response.getRest().strip();
    if (text.length() > MAX_CHALLENGE) {
      throw new SaslException(
          "the server sends a challenge of %,d octets".formatted(text.length()));
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new SaslException("the server sends a challenge that is no base64");
    }
  }

  /// What is sent may hold the secret, too.
  private static String told(byte[] answer, List<String> hidden) {
    String line = Base64.getEncoder().encodeToString(answer);
    hidden.add(line);
    return line;
  }

  private void sendLine(String line) throws IOException {
    OutputStream out = getOutputStream();
    out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static SourceException refused(Response response, String complaint, List<String> hidden) {
    String words = words(response).display();
    return ServerWords.ofSignIn(
        SourceText.of(
            Redacted.words(complaint.isEmpty() ? words : words + " (" + complaint + ")", hidden)),
        null);
  }

  /// Sends a command once others have ended: Angus Mail takes the end of another for the refusal of
  /// a literal.
  private String send(String command, @Nullable Argument arguments) throws SourceException {
    awaitEnds();
    return write(command, arguments);
  }

  private void awaitEnds() throws SourceException {
    while (!unended.isEmpty()) {
      Response response = next();
      if (response.isBYE()) {
        throw ServerWords.ofEnd(words(response), null);
      }
      if (response.isTagged()) {
        ended(response);
      }
    }
  }

  private String write(String command, @Nullable Argument arguments) throws SourceException {
    try {
      return writeCommand(command, arguments);
    } catch (IOException | ProtocolException e) {
      throw failure(e);
    }
  }

  private Response next() throws SourceException {
    try {
      return readResponse();
    } catch (IOException | ProtocolException e) {
      throw failure(e);
    }
  }

  private static void requireOk(Response response) throws SourceException {
    if (!response.isOK()) {
      throw ServerWords.ofCommand(words(response), null);
    }
  }

  private static void requireNotLater(Response response) throws SourceException {
    if (!response.isOK()) {
      SourceException refusal = ServerWords.ofCommand(words(response), null);
      if (refusal.later()) {
        throw refusal;
      }
    }
  }

  /// Ends the connection, saying so when the server listens.
  void end() {
    try {
      run(LOGOUT, "LOGOUT", null, line -> {});
    } catch (SourceException | IOException e) {
      // RFC 9051 section 6.1.3: the server answers with BYE, or is gone already.
    } finally {
      disconnect();
    }
  }

  /// The rest of a status response, as it came, up to [#MAX_WORDS]: it is kept in the log.
  private static SourceText words(Response response) {
    String rest = response.getRest().strip();
    String kept = rest.length() > MAX_WORDS ? rest.substring(0, MAX_WORDS) + "..." : rest;
    return SourceText.of(kept.getBytes(StandardCharsets.ISO_8859_1));
  }

  /// What went wrong below the commands, in the words of the server if it had any.
  static SourceException failure(Exception e) {
    if (e instanceof ProtocolException refusal && refusal.getResponse() != null) {
      Response said = refusal.getResponse();
      Exception cause = said.getException();
      if (cause != null) {
        return failure(cause);
      }
      boolean lost = e instanceof ConnectionException;
      return lost ? ServerWords.ofEnd(words(said), e) : ServerWords.ofAll(words(said), e);
    }
    return SourceException.lost(SourceText.of(plain(e)), e);
  }

  private static String plain(Exception e) {
    return switch (e) {
      case SocketConnectException connect ->
          connect.getHost() + " port " + connect.getPort() + ": " + plain(connect.getException());
      case UnknownHostException unknown -> "no such host: " + unknown.getMessage();
      case SocketTimeoutException late -> "no answer in time: " + late.getMessage();
      case SSLException tls -> tls(tls);
      case ProtocolException wrapping when wrapping.getCause() instanceof IOException cause ->
          plain(cause);
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  private static String tls(SSLException e) {
    return TlsLayer.refusal(e).orElseGet(() -> "TLS with the server fails: " + e.getMessage());
  }

  /// Takes untagged responses until it has all.
  interface Wanted {
    /// @return whether no more are wanted
    boolean accept(IMAPResponse response) throws IOException;
  }

  /// Takes the untagged responses of a command.
  interface Untagged {
    void accept(IMAPResponse response) throws IOException;
  }

  /// Makes the socket of one connection and remembers it.
  private static final class Sockets extends SocketFactory {
    private final DeadlineSocket socket;
    private final Socket outer;

    Sockets(ImapLimits limits) {
      socket = new DeadlineSocket(limits.patience(), limits.signIn(), limits.traffic());
      outer = socket;
    }

    Sockets(ImapLimits limits, TlsLayer tls, String host) {
      socket = new DeadlineSocket(limits.patience(), limits.signIn(), limits.traffic());
      outer = new TlsSocket(socket, tls, host);
    }

    DeadlineSocket opened() {
      return socket;
    }

    @Override
    public Socket createSocket() {
      return outer;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }
}
