package org.muniment.server.publication;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.muniment.server.config.TargetConfig;

/// A web server on loopback that takes what is posted, and answers as it is told.
final class WebHook implements AutoCloseable {

  /// Answers nothing at all.
  static final int HANG = 0;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private volatile int status;
  private volatile String type = "";

  WebHook(int status) throws IOException {
    this.status = status;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::take);
    server.setExecutor(threads);
    server.start();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      type =
          exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("Content-Type");
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      if (status == HANG) {
        Thread.sleep(Duration.ofMinutes(1));
      }
      exchange.getResponseHeaders().add("Location", "/elsewhere");
      exchange.sendResponseHeaders(status, 0);
      exchange.getResponseBody().write(new byte[3]);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void answer(int code) {
    status = code;
  }

  PostTarget target() {
    return target(Duration.ofSeconds(20));
  }

  PostTarget target(Duration patience) {
    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook?key=secret");
    return new PostTarget(new TargetConfig.Post(uri), patience);
  }

  /// What was posted, in order.
  List<String> bodies() {
    return bodies;
  }

  /// Method and content type of the last request.
  String type() {
    return type;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
