package org.muniment.server.view.imap;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Speaks IMAP by hand: a response is one text, literals included, one character for each octet.
final class TestClient implements AutoCloseable {

  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private int count;

  TestClient(InetSocketAddress server) throws IOException {
    this(new Socket(server.getAddress(), server.getPort()));
  }

  private TestClient(Socket socket) throws IOException {
    this.socket = socket;
    socket.setSoTimeout(20_000);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /// A client that begins with TLS.
  static TestClient encrypted(InetSocketAddress server) throws IOException {
    return new TestClient(TestTls.connect(server));
  }

  /// Goes on over TLS.
  void encrypt() throws IOException {
    socket = TestTls.over(socket);
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  /// Goes on compressed.
  void compress() throws IOException {
    in =
        new BufferedInputStream(
            new InflaterInputStream(socket.getInputStream(), new Inflater(true)));
    out =
        new DeflaterOutputStream(
            socket.getOutputStream(),
            new Deflater(Deflater.DEFAULT_COMPRESSION, true),
            // All of a command goes out at once: the server may close before it has read it.
            1 << 20,
            true);
  }

  /// A client whose greeting has been read and whose user has signed in.
  static TestClient signedIn(InetSocketAddress server) throws IOException {
    TestClient client = new TestClient(server);
    client.response();
    client.command("LOGIN alice secret");
    return client;
  }

  /// Sends a command and returns all responses up to the tagged one, without its tag.
  List<String> command(String command) throws IOException {
    String tag = "t" + ++count;
    send(tag + " " + command + "\r\n");
    return untilTagged(tag);
  }

  List<String> untilTagged(String tag) throws IOException {
    List<String> responses = new ArrayList<>();
    while (true) {
      String response = response();
      if (response.startsWith(tag + " ")) {
        responses.add(response.substring(tag.length() + 1));
        return responses;
      }
      responses.add(response);
    }
  }

  void send(String octets) throws IOException {
    out.write(octets.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  /// One response without its line break.
  String response() throws IOException {
    StringBuilder response = new StringBuilder();
    while (true) {
      int start = response.length();
      line(response);
      int open = response.lastIndexOf("{");
      if (open < start || !response.toString().endsWith("}")) {
        return response.toString();
      }
      int length = Integer.parseInt(response.substring(open + 1, response.length() - 1));
      byte[] literal = in.readNBytes(length);
      response.append("\r\n").append(new String(literal, StandardCharsets.ISO_8859_1));
    }
  }

  private void line(StringBuilder response) throws IOException {
    int c = in.read();
    while (c != '\n') {
      if (c < 0) {
        throw new EOFException("the server closed the connection after: " + response);
      }
      if (c != '\r') {
        response.append((char) c);
      }
      c = in.read();
    }
  }

  /// Reads octets as they come and drops them.
  long drain(long octets) throws IOException {
    return in.skip(octets);
  }

  /// Octets that have come and nobody has read.
  int unread() throws IOException {
    return in.available();
  }

  boolean isClosedByServer() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
