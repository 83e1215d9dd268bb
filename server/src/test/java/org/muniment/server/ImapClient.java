package org.muniment.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An IMAP client that costs next to nothing: it counts what it gets and looks at the last line
/// alone.
final class ImapClient implements AutoCloseable {

  private static final int BUFFER = 64 << 10;
  private static final int MAX_LAST_LINE = 1 << 10;

  /// No tag is used twice in a process, so that none is found in an answer to another.
  private static final AtomicInteger TAGS = new AtomicInteger();

  private final Socket socket;
  private final InputStream in;

  /// Shared between the sessions of a thread.
  private final byte[] buffer;

  private byte[] end = {};

  /// Connects and waits for the greeting.
  ///
  /// @param buffer for what comes in; clients of one thread may share it
  ImapClient(int port, byte[] buffer) throws IOException {
    this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
    this.socket.setTcpNoDelay(true);
    this.in = socket.getInputStream();
    this.buffer = buffer;
    awaitLine("*", null);
  }

  /// Connects and signs in.
  static ImapClient signedIn(int port, String user, String password) throws IOException {
    ImapClient client = new ImapClient(port, buffer());
    client.command("LOGIN " + user + " " + password);
    return client;
  }

  /// For what comes in.
  static byte[] buffer() {
    return new byte[BUFFER];
  }

  /// Sends a command and waits for the end of its answer.
  ///
  /// @return octets of the answer
  /// @throws IOException when it is not OK
  long command(String command) throws IOException {
    return awaitLine(send(command) + " OK", null);
  }

  /// Sends a command and gives its answer, which should be short.
  String answer(String command) throws IOException {
    StringBuilder answer = new StringBuilder();
    awaitLine(send(command) + " OK", answer);
    return answer.toString();
  }

  /// Sends a command and waits for `+`.
  void begin(String command) throws IOException {
    String _ = send(command);
    awaitLine("+", null);
  }

  /// Sends a FETCH of the octets of one message.
  ///
  /// @return nanoseconds until the first of them was there, and until all were
  long[] firstAndLast(String command) throws IOException {
    long begin = System.nanoTime();
    String tag = send(command);
    int literal = 0;
    // The rest of the line that announces the literal, and one octet more.
    while (literal != '\n') {
      literal = in.read();
    }
    int _ = in.read();
    long first = System.nanoTime() - begin;
    awaitLine(tag + " OK", null);
    return new long[] {first, System.nanoTime() - begin};
  }

  private String send(String command) throws IOException {
    String tag = "q" + TAGS.incrementAndGet();
    socket
        .getOutputStream()
        .write((tag + " " + command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    return tag;
  }

  private long awaitLine(String begin, @Nullable StringBuilder answer) throws IOException {
    long octets = 0;
    while (true) {
      int count = in.read(buffer);
      if (count < 0) {
        throw new EOFException("the server ended the connection: " + lastLine());
      }
      octets += count;
      if (answer != null) {
        answer.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
      }
      keepEnd(count);
      String last = lastLine();
      if (last.startsWith(begin)) {
        return octets;
      }
      if (last.startsWith(begin.split(" ", 2)[0] + " ")) {
        throw new IOException(last.strip());
      }
    }
  }

  private void keepEnd(int count) {
    int from = Math.max(0, count - MAX_LAST_LINE);
    byte[] fresh = Arrays.copyOfRange(buffer, from, count);
    if (fresh.length == MAX_LAST_LINE) {
      end = fresh;
      return;
    }
    int kept = Math.min(end.length, MAX_LAST_LINE - fresh.length);
    byte[] both = Arrays.copyOfRange(end, end.length - kept, end.length + fresh.length);
    System.arraycopy(fresh, 0, both, kept, fresh.length);
    end = both;
  }

  /// Empty while it is not complete.
  private String lastLine() {
    if (end.length == 0 || end[end.length - 1] != '\n') {
      return "";
    }
    int from = end.length - 1;
    while (from > 0 && end[from - 1] != '\n') {
      from--;
    }
    return new String(end, from, end.length - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
