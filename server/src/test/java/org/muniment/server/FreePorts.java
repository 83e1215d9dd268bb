package org.muniment.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/// Ports for servers that cannot choose one themselves.
///
/// They lie below those that the system gives to connections (32,768 and up on Linux), and one is
/// never given twice: a port that was free when it was asked for is not taken before its server
/// listens.
public final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int COUNT = 12_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % COUNT));

  private FreePorts() {}

  public static int next() throws IOException {
    for (int attempt = 0; attempt < COUNT; attempt++) {
      int port = FIRST + NEXT.getAndIncrement() % COUNT;
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException e) {
        // somebody else listens there: the next one
      }
    }
    throw new IOException("no port is free between %d and %d".formatted(FIRST, FIRST + COUNT - 1));
  }
}
