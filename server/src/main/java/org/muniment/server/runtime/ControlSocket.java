package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets a command ask the running server for what only the holder of the archive can do. A Unix
/// socket that only the owner of the data folder can open.
///
/// One request per connection: a line of JSON. The server answers with any number of lines
/// `{"progress": ...}` and ends with `{"result": ...}` or `{"error": "text"}`. When the asking side
/// hangs up, the work goes on, unless it is one that looks for that.
public final class ControlSocket implements Closeable {

  private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /// After a client could not be let in.
  private static final Duration BREATH = Duration.ofMillis(200);

  private static final int LONGEST_LINE = 1 << 20;

  /// Does what a request asks for.
  @FunctionalInterface
  public interface Handler {

    /// @param caller takes what happens on the way
    /// @return the result
    /// @throws Exception whose message is sent as the error
    JsonNode handle(JsonNode request, Caller caller) throws Exception;
  }

  /// The side that asked. Takes progress, and never fails.
  public interface Caller extends Consumer<JsonNode> {

    /// Whether it has hung up, which shows when it is told something.
    default boolean hungUp() {
      return false;
    }
  }

  private final Path socket;
  private final ServerSocketChannel listener;
  private final Handler handler;
  private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();

  private ControlSocket(Path socket, ServerSocketChannel listener, Handler handler) {
    this.socket = socket;
    this.listener = listener;
    this.handler = handler;
  }

  /// Listens at `socket`, in place of what a crash left there. Only the holder of the archive's
  /// lock may call it.
  public static ControlSocket listen(Path socket, Handler handler) throws IOException {
    Files.deleteIfExists(socket);
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      listener.close();
      throw new IOException(
          "the control socket " + socket + " cannot be made: " + e.getMessage(), e);
    }
    return serve(socket, listener, handler);
  }

  /// @param listener bound
  static ControlSocket serve(Path socket, ServerSocketChannel listener, Handler handler) {
    ControlSocket control = new ControlSocket(socket, listener, handler);
    Thread.ofVirtual().name("control").start(control::accept);
    return control;
  }

  /// Sends `request` to the server that listens at `socket` and waits for its result.
  ///
  /// @return empty when no server listens there
  /// @throws RefusedException when the server answers with an error
  public static Optional<JsonNode> ask(Path socket, JsonNode request, Consumer<JsonNode> progress)
      throws IOException, RefusedException {
    if (Files.notExists(socket)) {
      return Optional.empty();
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      try {
        channel.connect(UnixDomainSocketAddress.of(socket));
      } catch (java.net.ConnectException left) {
        return Optional.empty();
      }
      write(channel, request);
      return Optional.of(result(channel, progress));
    }
  }

  private static JsonNode result(SocketChannel channel, Consumer<JsonNode> progress)
      throws IOException, RefusedException {
    BufferedReader lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      JsonNode answer = JSON.readTree(line);
      if (answer.has("progress")) {
        progress.accept(answer.path("progress"));
      } else if (answer.has("error")) {
        throw new RefusedException(answer.path("error").asText());
      } else {
        return answer.path("result");
      }
    }
    throw new IOException("the server ended before it was done");
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        connections.add(channel);
        Thread.ofVirtual().name("control").start(() -> serve(channel));
      } catch (java.nio.channels.ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        // Too many open files, for one: it may pass.
        LOG.warn("the control socket fails for now: {}", e.toString());
        LockSupport.parkNanos(BREATH.toNanos());
      }
    }
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      JsonNode request = JSON.readTree(line(Channels.newInputStream(channel)));
      write(channel, answer(request, channel));
    } catch (IOException e) {
      LOG.info("a command hung up: {}", e.toString());
    } finally {
      connections.remove(channel);
    }
  }

  private ObjectNode answer(JsonNode request, SocketChannel channel) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    try {
      return answer.set("result", handler.handle(request, new Connected(channel)));
    } catch (Exception e) {
      LOG.warn("the command {} failed", request, e);
      return answer.put("error", e.getMessage() == null ? e.toString() : e.getMessage());
    }
  }

  private static final class Connected implements Caller {
    private final SocketChannel channel;
    private volatile boolean hungUp;

    Connected(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void accept(JsonNode progress) {
      try {
        write(channel, JsonNodeFactory.instance.objectNode().set("progress", progress));
      } catch (IOException gone) {
        hungUp = true;
        LOG.debug("nobody listens to the progress any more", gone);
      }
    }

    @Override
    public boolean hungUp() {
      return hungUp;
    }
  }

  private static String line(InputStream in) throws IOException {
    byte[] line = new byte[1 << 10];
    int length = 0;
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0 || length == LONGEST_LINE) {
        throw new IOException("a request is one line of at most " + LONGEST_LINE + " octets");
      }
      if (length == line.length) {
        line = java.util.Arrays.copyOf(line, 2 * length);
      }
      line[length++] = (byte) octet;
    }
    return new String(line, 0, length, StandardCharsets.UTF_8);
  }

  private static void write(SocketChannel channel, JsonNode message) throws IOException {
    byte[] octets = (JSON.writeValueAsString(message) + "\n").getBytes(StandardCharsets.UTF_8);
    OutputStream out = Channels.newOutputStream(channel);
    synchronized (channel) {
      out.write(octets);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (SocketChannel connection : connections) {
      connection.close();
    }
    Files.deleteIfExists(socket);
  }

  /// The server will not, or could not; in its own words.
  public static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(@Nullable String message) {
      super(message);
    }
  }
}
