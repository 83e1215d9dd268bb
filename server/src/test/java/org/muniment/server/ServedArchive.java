package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.access.Users;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.runtime.Installation;

/// The program as it is shipped, in a process of its own, on an archive that was filled from a
/// Maildir and sealed.
final class ServedArchive implements AutoCloseable {

  /// Who owns the account.
  static final String USER = "bench";

  /// Who is told how far the server has come.
  private static final String OPERATOR = "operator";

  private static final Duration INDEXED = Duration.ofMinutes(60);

  private final Path config;
  private final String token;
  private Process process;
  private URI web;
  private int port;

  private ServedArchive(Path config, String token) throws IOException {
    this.config = config;
    this.token = token;
    start();
  }

  /// Fills one and starts to serve it.
  ///
  /// @param folder an empty one
  /// @param passwords of users `bench0`, `bench1` and so on, who have no mail
  static ServedArchive of(Path maildir, Path folder, List<String> passwords) throws Exception {
    Path config = Files.writeString(folder.resolve("config.yml"), CONFIG);
    Shell shell = new Shell(config);
    require(shell, "init");
    require(shell, "import", "maildir", maildir.toString(), "--account", USER);
    require(shell, "seal", "--retire");
    String token;
    try (Installation installation =
        Installation.open(ConfigFile.load(config, name -> null), line -> {})) {
      Users users = installation.users();
      users.add(new User(USER, Role.USER), new Secret(USER));
      users.add(new User(OPERATOR, Role.ADMIN), new Secret(OPERATOR));
      token = users.issueToken(USER).secret().value();
      for (int i : IntStream.range(0, passwords.size()).toArray()) {
        users.add(new User(USER + i, Role.USER), new Secret(passwords.get(i)));
      }
    }
    return new ServedArchive(config, token);
  }

  /// SEARCH gives the same set as a server that reads the messages alone; all sessions are of one
  /// user.
  private static final String CONFIG =
      """
      imap: { port: 0, searchAttachments: false, perUser: { maxSessions: 5000 } }
      logging: { level: WARN }
      server:
        applicationConnectors: [{ type: http, port: 0 }]
        adminConnectors: [{ type: http, port: 0 }]
      """;

  private static void require(Shell shell, String... command) throws IOException {
    int exit = shell.run(command);
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit + ": " + shell.err());
    }
  }

  /// Until all messages can be searched and all attachments have been read, which takes turns with
  /// whatever is measured.
  void awaitIndexed() throws Exception {
    RestReader rest = new RestReader(web, OPERATOR, OPERATOR);
    long end = System.nanoTime() + INDEXED.toNanos();
    for (JsonNode now = status(rest); !isIndexed(now); now = status(rest)) {
      if (System.nanoTime() > end) {
        throw new IOException("the index does not come to its end: " + now);
      }
      Thread.sleep(100);
    }
  }

  private static JsonNode status(RestReader rest) throws Exception {
    return rest.json("api/v1/archive");
  }

  private static boolean isIndexed(JsonNode status) {
    return status.path("index").asLong() >= status.path("size").asLong()
        && status.path("attachments").path("pendingMessages").asInt(-1) == 0;
  }

  private void start() throws IOException {
    // Those that this process was given are the shipped ones.
    List<String> flags = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
    process = ProgramChild.startWith(flags, config, ProcessBuilder.Redirect.PIPE, "serve");
    BufferedReader said = process.errorReader(UTF_8);
    web = URI.create(await(said, "REST and web page: "));
    String imap = await(said, "IMAP view: ");
    port = Integer.parseInt(imap.substring(imap.lastIndexOf(':') + 1));
    Thread.ofVirtual().start(() -> said.lines().forEach(System.out::println));
  }

  /// The rest of the line that begins so.
  private static String await(BufferedReader said, String begin) throws IOException {
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(begin)) {
        return line.substring(begin.length());
      }
      all.append(line).append('\n');
    }
    throw new IOException("the server ended: " + all);
  }

  /// Ends the process and begins another.
  void restart() throws IOException {
    close();
    start();
  }

  /// Of the IMAP view, without TLS.
  int port() {
    return port;
  }

  /// An application token of [#USER].
  String token() {
    return token;
  }

  ProcessHandle process() {
    return process.toHandle();
  }

  /// Collects what nobody needs in its heap.
  void collect() throws IOException, InterruptedException {
    int _ =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(process.pid()),
                "GC.run")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
