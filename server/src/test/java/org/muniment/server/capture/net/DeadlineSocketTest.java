package org.muniment.server.capture.net;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DeadlineSocketTest {

  @Test
  void aServerThatDripsIsLeftAtTheDeadline() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> drip(listener));
      try (DeadlineSocket socket =
          new DeadlineSocket(Duration.ofSeconds(5), Duration.ofMillis(300))) {
        socket.connect(listener.getLocalSocketAddress());
        assertThatThrownBy(() -> drain(socket.getInputStream()))
            .isInstanceOf(SocketTimeoutException.class);
      }
    }
  }

  @Test
  void aServerThatTakesNothingAnyMoreIsLeft() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DeadlineSocket socket =
            new DeadlineSocket(Duration.ofMillis(300), Duration.ofSeconds(60))) {
      socket.connect(listener.getLocalSocketAddress());
      assertThatThrownBy(() -> fill(socket.getOutputStream()))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessageContaining("taken nothing");
    }
  }

  private static void fill(OutputStream out) throws IOException {
    byte[] octets = new byte[100_000];
    while (true) {
      out.write(octets);
    }
  }

  private static void drain(InputStream in) throws IOException {
    while (in.read() >= 0) {
      // until the deadline
    }
  }

  private static void drip(ServerSocket listener) {
    try (Socket client = listener.accept();
        OutputStream out = client.getOutputStream()) {
      while (true) {
        out.write('.');
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException ended) {
      // the client left
    }
  }
}
