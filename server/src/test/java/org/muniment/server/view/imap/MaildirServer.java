package org.muniment.server.view.imap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.muniment.archive.event.MailboxId;
import org.muniment.server.config.ImapConfig;
import org.muniment.server.config.ImapConfig.UserFlags;
import org.muniment.server.view.imap.session.Limits;

/// Serves one Maildir as INBOX of user `alice`, password `secret`, until it is killed: for
/// comparing this view with another server by hand. Line breaks become CRLF, as they do in servers
/// that read Maildirs.
final class MaildirServer {

  private MaildirServer() {}

  /// @param arguments port, Maildir
  public static void main(String[] arguments) throws Exception {
    FakeArchive archive = new FakeArchive(1, 1);
    MailboxId inbox = archive.mailbox("INBOX");
    for (Path file : files(Path.of(arguments[1], "cur"))) {
      byte[] octets = withCrlf(Files.readAllBytes(file));
      Instant date = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
      archive.append(
          inbox,
          offset -> new ByteArrayInputStream(octets, (int) offset, octets.length - (int) offset),
          date,
          flags(file.getFileName().toString()));
    }
    ImapConfig config =
        new ImapConfig(
            "127.0.0.1",
            Integer.parseInt(arguments[0]),
            0,
            null,
            100,
            UserFlags.SEEN,
            ImapConfig.Gone.SHOW,
            true);
    ImapListener.open(config, TestTls.SERVER, Limits.DEFAULT, TestState.of(archive));
    System.out.println("listening");
    Thread.currentThread().join();
  }

  private static List<Path> files(Path cur) throws IOException {
    try (Stream<Path> files = Files.list(cur)) {
      return files.sorted().toList();
    }
  }

  private static byte[] withCrlf(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    return text.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  static Set<String> flags(String name) {
    Set<String> flags = new HashSet<>();
    name.substring(name.lastIndexOf(',') + 1)
        .chars()
        .forEach(
            c -> {
              switch (c) {
                case 'S' -> flags.add("\\Seen");
                case 'R' -> flags.add("\\Answered");
                case 'F' -> flags.add("\\Flagged");
                case 'T' -> flags.add("\\Deleted");
                case 'D' -> flags.add("\\Draft");
                default -> {}
              }
            });
    return flags;
  }
}
