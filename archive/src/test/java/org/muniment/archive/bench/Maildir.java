package org.muniment.archive.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A folder with a Maildir++ tree for each account, as Dovecot keeps them: the modification time of
/// a file is the INTERNALDATE.
final class Maildir {

  private final Path root;
  private long written;

  Maildir(Path root) {
    this.root = root;
  }

  Path root() {
    return root;
  }

  /// Adds a message.
  void add(Delivery delivery) throws IOException {
    Path mailbox = root.resolve(delivery.account());
    if (!delivery.mailbox().equals(Delivery.INBOX)) {
      begin(mailbox);
      mailbox = mailbox.resolve("." + delivery.mailbox());
    }
    begin(mailbox);
    written++;
    Path file =
        mailbox
            .resolve("cur")
            .resolve(
                "%d.M%06dP%d.bench,S=%d:2,%s"
                    .formatted(
                        delivery.internalDate().getEpochSecond(),
                        written % 1_000_000,
                        written,
                        delivery.octets().length,
                        delivery.flags()));
    Files.write(file, delivery.octets());
    Files.setLastModifiedTime(file, FileTime.from(delivery.internalDate()));
  }

  private static void begin(Path mailbox) throws IOException {
    for (String part : List.of("cur", "new", "tmp")) {
      Files.createDirectories(mailbox.resolve(part));
    }
  }

  /// The accounts' own folders, in order of their names, at whatever depth below the root.
  List<Path> accounts() throws IOException {
    return mailboxes(root).filter(path -> !isSubfolder(path)).toList();
  }

  /// All messages: account by account, mailbox by mailbox, in order of arrival.
  List<StoredMessage> messages() throws IOException {
    List<StoredMessage> messages = new ArrayList<>();
    for (Path account : accounts()) {
      for (Path mailbox : mailboxes(account).toList()) {
        for (Path file : files(mailbox)) {
          messages.add(new StoredMessage(account, mailbox, file));
        }
      }
    }
    return messages;
  }

  /// All messages, read one by one.
  Iterator<Delivery> deliveries() throws IOException {
    return messages().stream().map(StoredMessage::delivery).iterator();
  }

  private static boolean isSubfolder(Path mailbox) {
    return mailbox.getFileName().toString().startsWith(".");
  }

  private static Stream<Path> mailboxes(Path folder) throws IOException {
    List<Path> found;
    try (Stream<Path> paths = Files.walk(folder)) {
      found = paths.filter(path -> Files.isDirectory(path.resolve("cur"))).sorted().toList();
    }
    return found.stream();
  }

  private static List<Path> files(Path mailbox) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String part : List.of("cur", "new")) {
      if (Files.isDirectory(mailbox.resolve(part))) {
        try (Stream<Path> paths = Files.list(mailbox.resolve(part))) {
          paths.forEach(files::add);
        }
      }
    }
    files.sort(null);
    return files;
  }

  /// A message of a Maildir.
  ///
  /// @param account the folder of the account
  /// @param mailbox the folder of the mailbox, in it or the same
  record StoredMessage(Path account, Path mailbox, Path file) {

    byte[] read() throws IOException {
      return Files.readAllBytes(file);
    }

    Delivery delivery() {
      try {
        return new Delivery(
            account.getFileName().toString(),
            mailbox.equals(account)
                ? Delivery.INBOX
                : mailbox.getFileName().toString().substring(1),
            flags(),
            Instant.ofEpochSecond(Files.getLastModifiedTime(file).to(TimeUnit.SECONDS)),
            read());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private String flags() {
      String name = file.getFileName().toString();
      int info = name.indexOf(":2,");
      return info < 0 ? "" : name.substring(info + 3);
    }
  }
}
