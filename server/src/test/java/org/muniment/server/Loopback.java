package org.muniment.server;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A server of lines on a free loopback port: each client is served in a thread of its own.
public final class Loopback implements Closeable {

  /// Talks to one client; the connection ends when this returns or throws.
  @FunctionalInterface
  public interface Session {
    /// @param in an octet a character
    void serve(BufferedReader in, OutputStream out) throws IOException;
  }

  private final ServerSocket listener;
  private final Session session;

  /// Begins to listen.
  public Loopback(Session session) throws IOException {
    this.session = session;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        // An answer in two pieces would wait 40 ms for the client to acknowledge the first.
        client.setTcpNoDelay(true);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
      session.serve(in, client.getOutputStream());
    } catch (IOException gone) {
      // the client left
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
