package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.config.ConfigFile;
import org.muniment.server.config.Secret;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.Installation;
import org.muniment.server.runtime.RunningServer;

/// A data folder with mail of account and user `lena`, whose source is never asked, and the command
/// line for it.
final class FilledInstallation {

  static final String PASSWORD = "secret";

  private static final AccountName LENA = new AccountName("lena");

  private final Path folder;
  private final Path config;
  private final Shell shell;
  private long uid;

  FilledInstallation(Path folder) throws Exception {
    this.folder = folder;
    this.config =
        Files.writeString(
            folder.resolve("config.yml"),
            Shell.FREE_PORTS
                + """
                accounts:
                  - name: lena
                    schedule: "0 0 0 1 1 ? 2099"
                    source: { type: imap, host: 127.0.0.1, port: 1, security: none, username: x, password: x }
                """);
    this.shell = new Shell(config);
    try (Installation made = Installation.open(settings(), line -> {})) {
      made.users().add(new User("lena", Role.USER), new Secret(PASSWORD));
    }
  }

  Settings settings() throws Exception {
    return ConfigFile.load(config, name -> null);
  }

  Path data() {
    return folder.resolve("data");
  }

  /// Names of the files in a folder of the data folder.
  List<String> files(String name) throws IOException {
    try (var files = Files.list(data().resolve(name))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /// Archives messages with an attachment of their own, with gaps in the UIDs of the source.
  ///
  /// @param attachment octets of each attachment
  void add(String mailbox, int messages, int attachment) throws Exception {
    Random random = new Random(uid);
    long before = uid;
    add(
        mailbox,
        IntStream.rangeClosed(1, messages)
            .mapToObj(i -> Octets.of(mail(before + i, random, attachment))));
  }

  /// Archives messages, with gaps in the UIDs of the source.
  void add(String mailbox, Stream<Octets> messages) throws Exception {
    Random random = new Random(uid);
    try (Installation open = Installation.open(settings(), line -> {});
        ArchiveWriter writer = open.archive().writer(open.catalogue())) {
      MailboxId id = writer.createMailbox(LENA, SourceText.of(mailbox), "/", Set.of()).id();
      boolean seen = true;
      for (Octets message : (Iterable<Octets>) messages::iterator) {
        uid += 1 + random.nextInt(3);
        writer.append(
            message,
            LENA,
            id,
            new Event.SourceUid(new UidValidity(7), new Uid(uid)),
            Instant.ofEpochSecond(1_700_000_000L + uid),
            seen ? Set.of(SourceText.of("\\Seen")) : Set.of(),
            new Event.Provenance("imap", "mail.example.com", "lena"));
        seen = !seen;
      }
      writer.commit();
    }
  }

  /// Records what was seen of messages of a mailbox later.
  ///
  /// @param gone UIDs of the view
  /// @param flagged UIDs of those that have `\Flagged` and nothing else from now on
  void observe(String mailbox, String gone, String flagged) throws Exception {
    try (Installation open = Installation.open(settings(), line -> {});
        ArchiveWriter writer = open.archive().writer(open.catalogue())) {
      MailboxId id =
          open.catalogue().mailboxes().of(LENA).stream()
              .filter(one -> one.name().equals(SourceText.of(mailbox)))
              .findFirst()
              .orElseThrow()
              .id();
      Event.FlagsOf flags =
          new Event.FlagsOf(Set.of(SourceText.of("\\Flagged")), UidRanges.parse(flagged, 10));
      writer.append(
          new Event.Observed(
              LENA,
              id,
              UidRanges.parse(gone, 10),
              UidRanges.EMPTY,
              UidRanges.EMPTY,
              List.of(flags)));
      writer.commit();
    }
  }

  /// Changes one bit in the middle of a file of the archive.
  void damage(String name) throws IOException {
    Path file = data().resolve("archive").resolve(name);
    byte[] octets = Files.readAllBytes(file);
    octets[octets.length / 2] ^= 1;
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.write(file, octets);
  }

  /// Adds lines to config.yml.
  void configure(String lines) throws IOException {
    Files.writeString(config, lines, StandardOpenOption.APPEND);
  }

  private static byte[] mail(long number, Random random, int attachment) {
    byte[] octets = new byte[attachment];
    random.nextBytes(octets);
    return ("From: a@example.com\r\nSubject: number "
            + number
            + "\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
            + "--b\r\n\r\nword\r\n--b\r\nContent-Type: application/octet-stream\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\n"
            + Base64.getMimeEncoder().encodeToString(octets)
            + "\r\n--b--\r\n")
        .getBytes(UTF_8);
  }

  RunningServer start() throws Exception {
    return RunningServer.start(settings(), line -> {});
  }

  /// Runs a command.
  int run(String... arguments) {
    return shell.run(arguments);
  }

  /// What the last command printed.
  String out() {
    return shell.out();
  }

  /// What the last command complained of.
  String err() {
    return shell.err();
  }
}
