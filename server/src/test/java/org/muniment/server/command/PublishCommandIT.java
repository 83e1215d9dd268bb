package org.muniment.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
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
import org.muniment.server.Shell;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.RunningServer;

class PublishCommandIT {

  private final List<String> posted = new CopyOnWriteArrayList<>();

  @TempDir private Path folder;
  private HttpServer hook;
  private Shell shell;
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
        Shell.FREE_PORTS
            + """
            publish:
              - folder: sent
              - post: "http://127.0.0.1:%d/?key=${KEY}"
            """
                .formatted(hook.getAddress().getPort()));
    shell = new Shell(config());
    shell.set("KEY", "hush");
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
    assertThat(shell.run("init")).isZero();
    assertThat(shell.run("publish")).isZero();

    assertThat(shell.out())
        .contains(
            "folder " + folder.resolve("sent") + ": has 0 log entries; it lies on the archive's")
        .contains("post http://127.0.0.1:");
    assertThat(posted).hasSize(1);
    assertThat(folder.resolve("data/archive/log/checkpoints/0")).hasContent(posted.getFirst());

    status = 500;
    assertThat(shell.run("publish")).isEqualTo(1);
    assertThat(shell.out()).contains("FAILED: answered 500");
  }

  @Test
  void besideTheServerTheServerIsAsked() throws Exception {
    Settings settings = ConfigFile.load(config(), name -> "hush");
    try (RunningServer _ = RunningServer.start(settings, said -> {})) {
      await(1);
      assertThat(shell.run("publish")).isZero();
      assertThat(posted).hasSize(2);
      assertThat(shell.out()).contains("has 0 log entries");
    }
  }

  @Test
  void statusTellsOfEachTarget() throws Exception {
    assertThat(shell.run("init")).isZero();
    assertThat(shell.run("status")).isZero();
    assertThat(shell.out()).contains("nothing confirmed yet; NOT CONFIRMED in the last 24 hours");
    shell.run("publish");
    assertThat(shell.run("status", "--json")).isZero();

    JsonNode targets = new ObjectMapper().readTree(shell.out()).path("publication");
    assertThat(targets.get(0).path("alive").asBoolean(true)).isFalse();
    assertThat(targets.get(0).path("trouble").asText()).contains("own file system");
    assertThat(targets.get(1).path("alive").asBoolean()).isTrue();
    assertThat(targets.get(1).path("size").asInt(-1)).isZero();
  }

  @Test
  void aTargetWhoseVariableIsMissingFailsAndTheOthersGoOn() throws Exception {
    assertThat(shell.run("init")).isZero();
    Shell without = new Shell(config());
    assertThat(without.run("publish")).as(without.err()).isEqualTo(1);
    assertThat(without.out())
        .contains("folder " + folder.resolve("sent") + ": has 0 log entries")
        .contains("publish[1]: FAILED: the environment variable KEY (post) is not set");
    assertThat(without.run("status")).isZero();
    assertThat(without.out()).contains("the environment variable KEY (post) is not set");
    assertThat(posted).isEmpty();
  }

  @Test
  void withoutATargetItIsWrongUse() throws Exception {
    Files.writeString(config(), "");
    assertThat(shell.run("publish")).isEqualTo(2);
    assertThat(shell.err()).contains("config.yml names no target under publish:");
  }

  /// The server publishes once at its start.
  private void await(int posts) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (posted.size() < posts && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    assertThat(posted).hasSize(posts);
  }
}
