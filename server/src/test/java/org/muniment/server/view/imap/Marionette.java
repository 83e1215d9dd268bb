package org.muniment.server.view.imap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Drives a program of Mozilla from outside: JSON over TCP, each message behind its length and a
/// colon.
final class Marionette implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Socket socket;
  private final InputStream in;
  private int count;

  /// Waits until the program listens and its window is there.
  Marionette(int port, Duration patience) throws IOException, InterruptedException {
    socket = connect(port, System.nanoTime() + patience.toNanos());
    socket.setSoTimeout((int) patience.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
    message();
    command("WebDriver:NewSession", Map.of());
    command("Marionette:SetContext", Map.of("value", "chrome"));
    command("WebDriver:SetTimeouts", Map.of("script", patience.toMillis()));
  }

  private static Socket connect(int port, long end) throws IOException, InterruptedException {
    while (true) {
      try {
        return new Socket(InetAddress.getLoopbackAddress(), port);
      } catch (ConnectException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        Thread.sleep(100);
      }
    }
  }

  /// Runs the body of an asynchronous function with all rights of the program.
  ///
  /// @return what it returns
  JsonNode run(String body, Object... arguments) throws IOException {
    String script =
        """
        const done = arguments[arguments.length - 1];
        (async (...args) => {
        %s
        })(...arguments).then(value => done({value}), e => done({error: e + " " + e.stack}));
        """
            .formatted(body);
    JsonNode result =
        command(
                "WebDriver:ExecuteAsyncScript",
                Map.of(
                    "script",
                    script,
                    "args",
                    List.of(arguments),
                    "sandbox",
                    "system",
                    "newSandbox",
                    true))
            .path("value");
    if (result.has("error")) {
      throw new IOException(result.path("error").asText());
    }
    return result.path("value");
  }

  private JsonNode command(String name, Map<String, ?> parameters) throws IOException {
    byte[] command = JSON.writeValueAsBytes(List.of(0, ++count, name, parameters));
    socket.getOutputStream().write((command.length + ":").getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(command);
    JsonNode answer = message();
    if (!answer.path(2).isNull()) {
      throw new IOException(name + ": " + answer.path(2));
    }
    return answer.path(3);
  }

  private JsonNode message() throws IOException {
    int length = 0;
    for (int c = in.read(); c != ':'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the program has ended");
      }
      length = 10 * length + c - '0';
    }
    return JSON.readTree(in.readNBytes(length));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
