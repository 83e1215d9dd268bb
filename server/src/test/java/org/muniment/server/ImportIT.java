package org.muniment.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.capture.ImportRequest;
import org.muniment.server.capture.files.ImportFormat;
import org.muniment.server.command.CommandLine;
import org.muniment.server.command.Console;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.ImportCalls;
import org.muniment.server.runtime.Installation;
import org.muniment.server.runtime.RunningServer;

/// Import as a person uses it, from files through the command to the windows.
class ImportIT {

  private static final String FROM = "From a@example.com Mon Jan  3 10:00:05 2005\n";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<String> expected = new ArrayList<>();
  private Path config;
  private Path mbox;
  private Path maildir;

  @BeforeEach
  void make() throws Exception {
    config =
        Files.writeString(
            folder.resolve("config.yml"),
            """
            imap: { port: 0 }
            logging: { level: WARN }
            server:
              applicationConnectors: [{ type: http, port: 0 }]
              adminConnectors: [{ type: http, port: 0 }]
            """);
    try (Installation made = Installation.open(settings(), line -> {})) {
      made.users().add(new User("paula", Role.USER), new Secret("secret"));
      made.users().add(new User("other", Role.USER), new Secret("secret"));
    }
    String twice = "Subject: twice\n\nxylophone\0\u00ff\n";
    mbox = folder.resolve("Old.mbox");
    Files.write(
        mbox, (FROM + twice + "\n" + FROM + message(1) + "\n" + FROM + twice).getBytes(ISO_8859_1));
    maildir = folder.resolve("Maildir");
    add("cur/1.a:2,S", twice);
    add("new/2.b", message(2));
    add(".Sent/cur/3.c:2,F", "x".repeat(3_000_000) + "\r\n");
    add(".Sent/cur/4.d:2,", "");
    Stream.of(twice, message(1), twice, twice, message(2), "x".repeat(3_000_000) + "\r\n", "")
        .map(octets -> RestReader.sha256(octets.getBytes(ISO_8859_1)))
        .sorted()
        .forEach(expected::add);
  }

  private static String message(int number) {
    return "Subject: number " + number + "\r\nDate: Mon, 3 Jan 2005 10:00:05 GMT\r\n\r\ntext\r\n";
  }

  private void add(String name, String octets) throws IOException {
    Path file = maildir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, octets.getBytes(ISO_8859_1));
  }

  @Test
  void everyMessageIsArchivedOnceForEachTimeItIsInTheFilesHoweverOftenTheImportRuns()
      throws Exception {
    assertThat(importAll()).containsExactly(3L, 4L);
    assertThat(importAll()).containsExactly(0L, 0L);
    try (RunningServer server = RunningServer.start(settings(), line -> {})) {
      assertThat(importAll()).containsExactly(0L, 0L);
      RestReader paula = new RestReader(server.web(), "paula", "secret");
      assertThat(paula.placements("paula").stream().sorted()).isEqualTo(expected);
      assertThat(paula.ids("paula")).isEqualTo(expected.stream().distinct().toList());
      assertThat(names(paula)).containsExactlyInAnyOrder("INBOX", "Old", "Sent");
      JsonNode receipts = paula.json("api/v1/accounts/paula/receipts");
      assertThat(receipts.toString()).contains("\"complete\":true");
      RestReader other = new RestReader(server.web(), "other", "secret");
      assertThat(other.get("api/v1/accounts/paula/mailboxes").statusCode()).isEqualTo(404);
    }
    assertThat(run("verify")).as("%s %s", out, err).isZero();
    out.reset();
    assertThat(run("status")).as("%s %s", out, err).isZero();
    assertThat(out.toString(UTF_8)).contains("account    paula: complete", "; not in config.yml");
  }

  @Test
  void theRunningServerImportsAndWhatItImportedIsFound() throws Exception {
    try (RunningServer server = RunningServer.start(settings(), line -> {})) {
      assertThat(importAll()).containsExactly(3L, 4L);
      RestReader paula = new RestReader(server.web(), "paula", "secret");
      assertThat(paula.awaitTotal("xylophone", 1)).isEqualTo(1);
      assertThat(paula.placements("paula").stream().sorted()).isEqualTo(expected);
      assertThat(files("tmp")).isEmpty();
    }
  }

  @Test
  void theServerStopsAnImportWhenTheCommandIsEnded() throws Exception {
    int messages = 10_000;
    StringBuilder large = new StringBuilder();
    for (int i = 0; i < messages; i++) {
      large.append(FROM).append(message(i)).append('\n');
    }
    Path file = Files.writeString(folder.resolve("large"), large);
    try (RunningServer server = RunningServer.start(settings(), line -> {})) {
      JsonNode request =
          ImportCalls.request(
              new ImportRequest(ImportFormat.MBOX, file, new AccountName("paula"), null));
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(
            UnixDomainSocketAddress.of(
                settings().runFolder().resolve(RunningServer.CONTROL_SOCKET)));
        Channels.newOutputStream(channel).write((request + "\n").getBytes(UTF_8));
        assertThat(Channels.newInputStream(channel).read()).isEqualTo('{');
      }
      Instant end = Instant.now().plusSeconds(60);
      while (!files("tmp").isEmpty()) {
        assertThat(Instant.now()).isBefore(end);
        Thread.sleep(20);
      }
      long archived = server.installation().archive().size();
      assertThat(archived).isBetween(2L, messages - 1L);
      assertThat(imported("mbox", file)).isGreaterThan(0);
    }
    try (Installation installation = Installation.open(settings(), line -> {})) {
      assertThat(installation.catalogue().totals().placements()).isEqualTo(messages);
    }
  }

  @Test
  void anImportThatIsRunAgainAddsWhatIsNewInTheFiles() throws Exception {
    importAll();
    Files.writeString(mbox, "\n" + FROM + message(5) + "\n", StandardOpenOption.APPEND);
    add("cur/5.e:2,S", message(2));
    assertThat(importAll()).containsExactly(1L, 1L);
    assertThat(importAll()).containsExactly(0L, 0L);
  }

  @Test
  void oneMailboxMayTakeEverythingAndEveryPlacementSaysWhereItCameFrom() throws Exception {
    assertThat(imported("maildir", maildir, "--mailbox", "All/Old")).isEqualTo(4);
    try (Installation installation = Installation.open(settings(), line -> {});
        Entries entries = installation.archive().entriesFrom(0)) {
      List<String> from = new ArrayList<>();
      List<String> mailboxes = new ArrayList<>();
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        if (entry.event() instanceof Event.MailboxCreated mailbox) {
          mailboxes.add(mailbox.name().display());
        } else if (entry.event() instanceof Event.Placement placement
            && placement.source() instanceof Event.ImportedFrom source) {
          from.add(source.format() + " " + source.path().display());
          assertThat(placement.provenance().protocol()).isEqualTo("import");
          assertThat(source.synthetic()).isFalse();
        }
      }
      assertThat(mailboxes).containsExactly("All/Old");
      assertThat(from)
          .containsExactlyInAnyOrder(
              "maildir cur/1.a:2,S",
              "maildir new/2.b",
              "maildir .Sent/cur/3.c:2,F",
              "maildir .Sent/cur/4.d:2,");
    }
  }

  @Test
  void wrongUseAndFilesOfAnotherFormatAreToldInPlainWords() throws Exception {
    assertThat(run("import", "mbox", mbox.toString())).isEqualTo(2);
    assertThat(run("import", "mbax", mbox.toString(), "--account", "paula")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).contains("maildir, eml");
    assertThat(run("import", "mbox", folder + "/none", "--account", "paula")).isEqualTo(2);
    Path text = Files.writeString(folder.resolve("text"), "no mail");
    for (String format : List.of("mbox", "zip", "tar", "maildir", "pst")) {
      assertThat(run("import", format, text.toString(), "--account", "paula"))
          .as("%s", format)
          .isEqualTo(3);
      assertThat(err.toString(UTF_8)).as(format).contains(text.toString());
    }
  }

  @Test
  void whatCannotBeReadIsNamedAndTheRestIsArchived() throws Exception {
    Path tree = Files.createDirectories(folder.resolve("tree/" + "d/".repeat(70)));
    Files.writeString(tree.resolve("deep.eml"), "deep");
    Files.writeString(folder.resolve("tree/a.eml"), "Subject: a\n\none\n");
    Files.writeString(folder.resolve("tree/a.txt"), "no mail");
    assertThat(run("import", "eml", folder.resolve("tree").toString(), "--account", "paula"))
        .isEqualTo(1);
    assertThat(out.toString(UTF_8)).contains("INCOMPLETE, 1 new");
    assertThat(err.toString(UTF_8)).contains("folders deep").contains("no mail: a.txt");
  }

  /// Messages that were added from the mbox and the Maildir.
  private long[] importAll() throws Exception {
    return new long[] {imported("mbox", mbox), imported("maildir", maildir)};
  }

  private long imported(String format, Path path, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("import", format, path.toString(), "--account", "paula", "--json"));
    arguments.addAll(Arrays.asList(options));
    assertThat(run(arguments.toArray(String[]::new))).as("%s", err).isZero();
    return JSON.readTree(out.toByteArray()).path("added").asLong(-1);
  }

  private static List<String> names(RestReader reader) throws Exception {
    List<String> names = new ArrayList<>();
    reader
        .json("api/v1/accounts/paula/mailboxes")
        .path("mailboxes")
        .forEach(mailbox -> names.add(mailbox.path("path").path(0).asText()));
    return names;
  }

  private List<String> files(String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("data").resolve(name))) {
      return files.map(Path::toString).toList();
    }
  }

  private Settings settings() throws Exception {
    return ConfigFile.load(config, name -> null);
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--config", config.toString()));
    Console console =
        new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false);
    return new CommandLine(console, name -> null).run(all);
  }
}
