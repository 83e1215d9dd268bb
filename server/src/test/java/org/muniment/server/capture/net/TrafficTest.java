package org.muniment.server.capture.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TrafficTest {

  private static final int OCTETS = 300_000;

  private ServerSocket server;

  @BeforeEach
  void listen() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private DeadlineSocket connect(Traffic traffic, Duration deadline) throws IOException {
    DeadlineSocket socket = new DeadlineSocket(Duration.ofSeconds(20), deadline, traffic);
    socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 5_000);
    return socket;
  }

  private void sendAll() {
    Thread.ofVirtual()
        .start(
            () -> {
              try (Socket peer = server.accept()) {
                peer.getOutputStream().write(new byte[OCTETS]);
              } catch (IOException e) {
                // the reader left
              }
            });
  }

  private Duration read(Traffic traffic, Duration deadline) throws IOException {
    sendAll();
    long begin = System.nanoTime();
    try (DeadlineSocket socket = connect(traffic, deadline);
        InputStream in = socket.getInputStream()) {
      assertThat(in.readAllBytes()).hasSize(OCTETS);
    }
    assertThat(traffic.octets()).isEqualTo(OCTETS);
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  @Test
  void theRateIsHeldTo() throws Exception {
    Duration least = Duration.ofMillis(1000L * OCTETS / 200_000);
    assertThat(read(new Traffic(200_000), Duration.ofSeconds(20)))
        .isGreaterThan(least.multipliedBy(9).dividedBy(10));
    assertThat(read(new Traffic(0), Duration.ofSeconds(20))).isLessThan(least.dividedBy(2));
  }

  @Test
  void whatTheRateMakesWaitIsNotTheServersDelay() throws Exception {
    Duration deadline = Duration.ofMillis(700);
    assertThat(read(new Traffic(150_000), deadline)).isGreaterThan(deadline.multipliedBy(2));
  }

  @Test
  void severalConnectionsShareTheRate() throws Exception {
    Traffic shared = new Traffic(200_000);
    long begin = System.nanoTime();
    Thread[] readers = new Thread[2];
    for (int i = 0; i < readers.length; i++) {
      sendAll();
      DeadlineSocket socket = connect(shared, Duration.ofSeconds(20));
      readers[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try (socket) {
                      socket.getInputStream().readAllBytes();
                    } catch (IOException e) {
                      throw new IllegalStateException(e);
                    }
                  });
    }
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(shared.octets()).isEqualTo(2L * OCTETS);
    assertThat(Duration.ofNanos(System.nanoTime() - begin))
        .isGreaterThan(Duration.ofMillis(1000L * 2 * OCTETS / 200_000 * 9 / 10));
  }

  @Test
  void aCutEndsWhatReadsAndWhatIsBegunLater() throws Exception {
    Traffic traffic = new Traffic(0);
    DeadlineSocket socket = connect(traffic, Duration.ofSeconds(20));
    Thread cutter =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    Thread.sleep(100);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                  traffic.cut("stuck at INBOX");
                });
    assertThatThrownBy(() -> socket.getInputStream().read())
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class)
        .hasMessage("stuck at INBOX");
    cutter.join();
    assertThatThrownBy(() -> connect(traffic, Duration.ofSeconds(20)))
        .isInstanceOf(IOException.class)
        .hasMessage("stuck at INBOX");
  }
}
