package org.muniment.server.publication;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.muniment.server.Loopback;

/// An SMTP server on a loopback port (RFC 5321) that accepts everything, but where a test says
/// otherwise.
final class MailServer implements AutoCloseable {

  private final Loopback listener;
  private final Map<String, String> answers;
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<String> messages = new CopyOnWriteArrayList<>();

  /// @param answers by the beginning of a command; `""` for none at all; `.` is the end of DATA
  MailServer(Map<String, String> answers) throws IOException {
    this.answers = answers;
    listener = new Loopback(this::serve);
  }

  private void serve(BufferedReader in, OutputStream out) throws IOException {
    say(out, "220 test.example ESMTP");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      commands.add(line);
      String answer = answer(line);
      say(out, answer);
      if (answer.startsWith("354")) {
        messages.add(data(in));
        say(out, answer("."));
      }
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    if (!line.isEmpty()) {
      out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
  }

  private static String data(BufferedReader in) throws IOException {
    StringBuilder message = new StringBuilder();
    for (String line = in.readLine(); line != null && !line.equals("."); line = in.readLine()) {
      message.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
    }
    return message.toString();
  }

  private String answer(String command) {
    for (Map.Entry<String, String> answer : answers.entrySet()) {
      if (command.startsWith(answer.getKey())) {
        return answer.getValue();
      }
    }
    return switch (command) {
      case "DATA" -> "354 go on";
      case "QUIT" -> "221 bye";
      default -> "250 ok";
    };
  }

  int port() {
    return listener.port();
  }

  /// Command lines, in order.
  List<String> commands() {
    return commands;
  }

  /// Messages as they came, dots unstuffed.
  List<String> messages() {
    return messages;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
