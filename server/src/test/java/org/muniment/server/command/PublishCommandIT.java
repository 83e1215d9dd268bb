package org.muniment.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.RunningServer;

class PublishCommandIT {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> posted = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;
  private HttpServer hook;
  private volatile int status = 200;

  @BeforeEach
  void listen() throws Exception {
    hook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    hook.createContext(
        "/",
        exchange -> {
          posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    hook.start();
    Files.createDirectories(folder.resolve("sent"));
    Files.writeString(
        config(),
        """
        imap: { port: 0 }
        server:
          applicationConnectors: [{ type: http, port: 0 }]
          adminConnectors: [{ type: http, port: 0 }]
        publish:
          - folder: sent
          - post: "http://127.0.0.1:%d/"
        """
            .formatted(hook.getAddress().getPort()));
  }

  @AfterEach
  void end() {
    hook.stop(0);
  }

  private Path config() {
    return folder.resolve("config.yml");
  }

  @Test
  void withoutAServerItPublishesByItself() throws Exception {
    assertThat(run("init")).isZero();
    assertThat(run("publish")).isZero();

    assertThat(text(out))
        .contains(
            "folder " + folder.resolve("sent") + ": has 0 log entries; it lies on the archive's")
        .contains("post http://127.0.0.1:");
    assertThat(posted).hasSize(1);
    assertThat(folder.resolve("data/archive/log/checkpoints/0")).hasContent(posted.getFirst());

    status = 500;
    assertThat(run("publish")).isEqualTo(1);
    assertThat(text(out)).contains("FAILED: answered 500");
  }

  @Test
  void besideTheServerTheServerIsAsked() throws Exception {
    Settings settings = ConfigFile.load(config(), name -> null);
    try (RunningServer _ = RunningServer.start(settings, said -> {})) {
      await(1);
      assertThat(run("publish")).isZero();
      assertThat(posted).hasSize(2);
      assertThat(text(out)).contains("has 0 log entries");
    }
  }

  @Test
  void statusTellsOfEachTarget() throws Exception {
    assertThat(run("init")).isZero();
    assertThat(run("status")).isZero();
    assertThat(text(out)).contains("nothing confirmed yet; NOT CONFIRMED in the last 24 hours");
    run("publish");
    out.reset();
    assertThat(run("status", "--json")).isZero();

    JsonNode targets = new ObjectMapper().readTree(text(out)).path("publication");
    assertThat(targets.get(0).path("alive").asBoolean(true)).isFalse();
    assertThat(targets.get(0).path("trouble").asText()).contains("own file system");
    assertThat(targets.get(1).path("alive").asBoolean()).isTrue();
    assertThat(targets.get(1).path("size").asInt(-1)).isZero();
  }

  @Test
  void withoutATargetItIsWrongUse() throws Exception {
    Files.writeString(config(), "");
    assertThat(run("publish")).isEqualTo(2);
    assertThat(text(err)).contains("config.yml names no target under publish:");
  }

  /// The server publishes once at its start.
  private void await(int posts) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (posted.size() < posts && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(posted).hasSize(posts);
  }

  private int run(String... arguments) {
    err.reset();
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    List<String> line = new java.util.ArrayList<>(List.of("--config", config().toString()));
    line.addAll(List.of(arguments));
    return new CommandLine(console, name -> null).run(line);
  }

  private static String text(ByteArrayOutputStream octets) {
    return octets.toString(StandardCharsets.UTF_8);
  }
}
