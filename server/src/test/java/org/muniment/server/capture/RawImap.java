package org.muniment.server.capture;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A second, independent IMAP client: a socket, lines and literals. Shares no code with the one
/// under test.
public final class RawImap implements AutoCloseable {

  private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)\\}\\r\\n$");

  private final Socket socket;
  private final DataInputStream in;
  private int tags;

  /// A response with the literals taken out.
  public record Line(String text, List<byte[]> literals) {}

  public RawImap(int port, String user, String password) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(30_000);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    line();
    command("LOGIN \"" + user + "\" \"" + password + "\"");
  }

  /// Sends a command and returns its untagged responses.
  ///
  /// @throws IOException when the answer is not OK
  public List<Line> command(String command) throws IOException {
    String tag = "r" + tags++;
    socket
        .getOutputStream()
        .write((tag + " " + command + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    List<Line> lines = new ArrayList<>();
    while (true) {
      Line line = line();
      if (!line.text().startsWith(tag + " ")) {
        lines.add(line);
      } else if (line.text().startsWith(tag + " OK")) {
        return lines;
      } else {
        throw new IOException(command + ": " + line.text());
      }
    }
  }

  /// Appends a message.
  void append(String mailbox, byte[] message) throws IOException {
    String tag = "r" + tags++;
    String command = tag + " APPEND \"" + mailbox + "\" {" + message.length + "}\r\n";
    socket.getOutputStream().write(command.getBytes(StandardCharsets.ISO_8859_1));
    if (!line().text().startsWith("+")) {
      throw new IOException("no continuation");
    }
    socket.getOutputStream().write(message);
    socket.getOutputStream().write("\r\n".getBytes(StandardCharsets.ISO_8859_1));
    Line answer;
    do {
      answer = line();
    } while (!answer.text().startsWith(tag));
    if (!answer.text().startsWith(tag + " OK")) {
      throw new IOException("APPEND: " + answer.text());
    }
  }

  /// The octets of one message of the open mailbox.
  public byte[] octets(long uid) throws IOException {
    for (Line line : command("UID FETCH " + uid + " (UID BODY.PEEK[])")) {
      if (line.text().contains("BODY[]") && line.text().contains("UID " + uid)) {
        return line.literals().isEmpty() ? new byte[0] : line.literals().getFirst();
      }
    }
    throw new IOException("no message with UID " + uid);
  }

  private Line line() throws IOException {
    StringBuilder text = new StringBuilder();
    List<byte[]> literals = new ArrayList<>();
    while (true) {
      String part = octetsToLineEnd();
      text.append(part);
      Matcher literal = LITERAL.matcher(part);
      if (!literal.find()) {
        return new Line(text.toString().stripTrailing(), literals);
      }
      byte[] octets = new byte[Integer.parseInt(literal.group(1))];
      in.readFully(octets);
      literals.add(octets);
    }
  }

  private String octetsToLineEnd() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    do {
      b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      line.write(b);
    } while (b != '\n');
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
