package org.muniment.server.capture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Listens on a loopback port, passes everything on to another, and remembers what the client said.
final class RecordingProxy implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final List<String> commands = Collections.synchronizedList(new ArrayList<>());

  RecordingProxy(int target) throws IOException {
    this.target = target;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /// The commands since the last call, without tags, in order.
  List<String> commands() {
    synchronized (commands) {
      List<String> since = List.copyOf(commands);
      commands.clear();
      return since;
    }
  }

  private void accept() {
    while (true) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        Thread.ofVirtual().start(() -> up(client, server));
        Thread.ofVirtual().start(() -> down(server, client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void up(Socket client, Socket server) {
    try (server;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1))) {
      OutputStream out = server.getOutputStream();
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        commands.add(line.substring(line.indexOf(' ') + 1));
        out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException ended) {
      // either side has gone: the other is closed too
    }
  }

  private static void down(Socket server, Socket client) {
    try (client;
        server) {
      server.getInputStream().transferTo(client.getOutputStream());
    } catch (IOException ended) {
      // either side has gone: the other is closed too
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
