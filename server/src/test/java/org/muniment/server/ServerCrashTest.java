package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.event.Event;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RawImap;
import org.muniment.server.capture.fixture.Requires;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ArchiveKeys;
import org.muniment.server.runtime.Installation;

/// The whole server in a process of its own, killed while it captures by its schedule.
class ServerCrashTest {

  private static final int KILLS = 5;
  private static final int MESSAGES = 6_000;

  /// Log entries from one kill to the next.
  private static final int STEP = MESSAGES / (KILLS + 2);

  /// Longest silence of a server that captures, on a machine that is busy with other things.
  private static final Duration SILENCE = Duration.ofMinutes(3);

  @TempDir Path served;
  @TempDir Path folder;

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void everythingIsThereExactlyOnceHoweverOftenTheServerIsKilled() throws Exception {
    Requires.dovecot();
    long seed = System.nanoTime();
    System.out.println("ServerCrashTest seed " + seed);
    Random random = new Random(seed);
    try (Dovecot dovecot = Dovecot.start(served)) {
      SampleMaildir mail = new SampleMaildir(dovecot.maildir("vera"), seed);
      mail.fill("", MESSAGES / 2, 3_000);
      mail.fill(".Later", MESSAGES / 2, 3_000);
      Dovecot.own(dovecot.maildir("vera"));
      Path config = config(dovecot);
      Settings settings = ConfigFile.load(config, name -> null);
      try (Installation made = Installation.open(settings, line -> {})) {
        made.users().add(new User("vera", Role.USER), new Secret("secret"));
      }
      try (Archive archive =
          Archive.open(folder.resolve("data/archive"), ArchiveKeys.of(settings))) {
        for (int kill = 1; kill <= KILLS; kill++) {
          Server server = serve(config);
          try {
            awaitSize(archive, server, kill * STEP + random.nextInt(STEP / 2));
          } finally {
            server.process().destroyForcibly().waitFor();
          }
          assertThat(archive.size()).as("killed in the middle").isLessThan(MESSAGES);
        }
      }
      checkWindows(config, dovecot);
      checkArchive(config);
    }
  }

  /// Waits for as long as the log grows, however slowly.
  private static void awaitSize(Archive archive, Server server, long size) throws Exception {
    long last = archive.size();
    Instant grown = Instant.now();
    while (last < size) {
      assertThat(server.process().waitFor(2, TimeUnit.MILLISECONDS)).as("it has ended").isFalse();
      long now = archive.size();
      if (now > last) {
        last = now;
        grown = Instant.now();
      }
      assertThat(grown).as("capture goes on").isAfter(Instant.now().minus(SILENCE));
    }
  }

  private Path config(Dovecot dovecot) throws Exception {
    return Files.writeString(
        folder.resolve("config.yml"),
        Shell.FREE_PORTS
            + """
            accounts:
              - name: vera
                schedule: "* * * * * ?"
                source: { type: imap, host: 127.0.0.1, port: %1$d, security: none, username: vera, password: %2$s }
            """
                .formatted(dovecot.port(), Dovecot.PASSWORD));
  }

  private record Server(Process process, URI web, int imap) {}

  private static Server serve(Path config) throws Exception {
    Process process = ProgramChild.start(List.of(), config, ProcessBuilder.Redirect.PIPE, "serve");
    BufferedReader said = process.errorReader(UTF_8);
    String web = await(said, "REST and web page: ");
    String imap = await(said, "IMAP view: ");
    Thread.ofVirtual().start(() -> said.lines().forEach(System.out::println));
    return new Server(
        process, URI.create(web), Integer.parseInt(imap.substring(imap.lastIndexOf(':') + 1)));
  }

  /// The rest of the line that begins so.
  private static String await(BufferedReader said, String begin) throws Exception {
    StringBuilder all = new StringBuilder();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith(begin)) {
        return line.substring(begin.length());
      }
      all.append(line).append('\n');
    }
    throw new AssertionError("the server ended: " + all);
  }

  private static void checkWindows(Path config, Dovecot dovecot) throws Exception {
    Server server = serve(config);
    try {
      checkWindows(server, dovecot);
      server.process().destroy();
      assertThat(server.process().waitFor(SILENCE)).isTrue();
    } finally {
      server.process().destroyForcibly();
    }
  }

  private static void checkWindows(Server server, Dovecot dovecot) throws Exception {
    RestReader rest = new RestReader(server.web(), "vera", "secret");
    assertThat(rest.awaitTotal("", MESSAGES, SILENCE)).isEqualTo(MESSAGES);
    assertThat(rest.placements("vera")).hasSize(MESSAGES).doesNotHaveDuplicates();
    try (RawImap view = new RawImap(server.imap(), "vera", "secret");
        RawImap judge = new RawImap(dovecot.port(), "vera", Dovecot.PASSWORD)) {
      for (String mailbox : List.of("INBOX", "Later")) {
        view.command("EXAMINE " + mailbox);
        judge.command("EXAMINE " + mailbox);
        assertThat(view.command("UID FETCH 1:* (UID)"))
            .hasSameSizeAs(judge.command("UID FETCH 1:* (UID)"));
      }
    }
  }

  private static void checkArchive(Path config) throws Exception {
    Set<String> places = new HashSet<>();
    int placements = 0;
    try (Installation installation =
            Installation.open(ConfigFile.load(config, name -> null), line -> {});
        Entries entries = installation.archive().entriesFrom(0)) {
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.event() instanceof Event.Placement placement) {
          placements++;
          places.add(placement.mailbox() + " " + placement.source());
        }
      }
      assertThat(installation.catalogue().totals().placements()).isEqualTo(MESSAGES);
    }
    assertThat(placements).isEqualTo(MESSAGES);
    assertThat(places).hasSize(MESSAGES);
  }
}
