package org.muniment.server.view.imap;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.muniment.server.config.ImapConfig;
import org.muniment.server.trust.ServerTls;
import org.muniment.server.view.imap.session.Limits;
import org.muniment.server.view.imap.session.Resources;
import org.muniment.server.view.imap.session.UserShares;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The IMAP server: takes connections and gives each a virtual thread of its own.
public final class ImapListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ImapListener.class);
  private static final int BACKLOG = 200;
  private static final Duration SWEEP = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final ServerSocket server;
  private final ServerSocket encrypted;
  private final ServerTls tls;
  private final int maxSessions;
  private final Limits limits;
  private final Resources resources;
  private final UserShares shares;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private ImapListener(
      ServerSocket server,
      ServerSocket encrypted,
      ServerTls tls,
      ImapConfig config,
      Limits limits,
      Resources resources) {
    this.server = server;
    this.encrypted = encrypted;
    this.tls = tls;
    this.maxSessions = config.maxSessions();
    this.shares = new UserShares(config.perUser().maxSessions(), config.perUser().bytesPerSecond());
    this.limits = limits;
    this.resources = resources;
  }

  /// Starts to listen on both ports.
  ///
  /// @throws BindException when an address is taken or not of this machine; names it
  public static ImapListener open(
      ImapConfig config, ServerTls tls, Limits limits, Resources resources) throws IOException {
    ServerSocket server = bound(config.bind(), config.port());
    ServerSocket encrypted;
    try {
      encrypted = bound(config.bind(), config.imapsPort());
    } catch (IOException e) {
      server.close();
      throw e;
    }
    ImapListener listener = new ImapListener(server, encrypted, tls, config, limits, resources);
    Thread.ofVirtual().name("imap-accept").start(() -> listener.accept(server, false));
    Thread.ofVirtual().name("imaps-accept").start(() -> listener.accept(encrypted, true));
    Thread.ofVirtual().name("imap-sweep").start(listener::sweep);
    return listener;
  }

  private static ServerSocket bound(String host, int port) throws IOException {
    ServerSocket server = new ServerSocket();
    try {
      server.bind(new InetSocketAddress(host, port), BACKLOG);
      return server;
    } catch (IOException e) {
      server.close();
      BindException named = new BindException(host + ":" + port + " (" + e.getMessage() + ")");
      named.initCause(e);
      throw named;
    }
  }

  /// Where it listens for those who begin without TLS.
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /// Where it listens for those who begin with TLS.
  public InetSocketAddress encryptedAddress() {
    return (InetSocketAddress) encrypted.getLocalSocketAddress();
  }

  /// Number of connections now.
  public int sessions() {
    return connections.size();
  }

  private void accept(ServerSocket from, boolean encryptedFromStart) {
    while (!closed) {
      try {
        take(from.accept(), encryptedFromStart);
      } catch (IOException e) {
        if (!closed) {
          LOG.warn("an IMAP connection could not be taken: {}", e.toString());
          pause(Duration.ofMillis(100));
        }
      }
    }
  }

  private void take(Socket socket, boolean encryptedFromStart) throws IOException {
    if (connections.size() >= maxSessions) {
      refuse(socket, encryptedFromStart);
      return;
    }
    Connection connection;
    try {
      connection = new Connection(socket, tls, encryptedFromStart, resources, limits, shares);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    connections.add(connection);
    Thread.ofVirtual().name("imap-session").start(() -> serve(connection));
  }

  /// One who begins with TLS is not told why: the words would take a handshake.
  private static void refuse(Socket socket, boolean encryptedFromStart) throws IOException {
    try (socket) {
      if (!encryptedFromStart) {
        socket
            .getOutputStream()
            .write("* BYE too many sessions\r\n".getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private void serve(Connection connection) {
    try {
      connection.run();
    } finally {
      connections.remove(connection);
    }
  }

  private void sweep() {
    while (!closed) {
      connections.forEach(Connection::abortIfStalled);
      pause(SWEEP);
    }
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes no more connections, says BYE on those there are, and returns when they have ended;
  /// those that do not end soon are cut.
  @Override
  public void close() throws IOException {
    closed = true;
    server.close();
    encrypted.close();
    connections.forEach(Connection::end);
    long end = System.nanoTime() + GRACE.toNanos();
    while (!connections.isEmpty() && System.nanoTime() - end < 0) {
      pause(Duration.ofMillis(10));
    }
    connections.forEach(Connection::abort);
  }
}
