package org.muniment.server;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.util.IOUtils;
import org.muniment.archive.event.Uid;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapTarget;
import org.muniment.server.credential.Credentials;
import org.muniment.server.restore.Restore;
import org.muniment.server.restore.RestoreOutcome;
import org.muniment.server.restore.RestoreProgress;
import org.muniment.server.restore.RestoreRequest;
import org.muniment.server.selection.Selection;

/// Restore of one mailbox to an empty account of a Dovecot on this machine, beside `mbsync` that
/// pushes the same Maildir to another one, and beside a client that does nothing but send the same
/// octets, several messages a command. What `scripts/bench restore` runs.
///
/// A first round is not counted: caches are warm afterwards, and the virtual machine has compiled
/// the program.
final class RestoreBench {

  private static final double GOAL = 1.5;
  private static final int TOGETHER = 100;
  private static final String SENT = "sent";

  private final BenchArchive archive;
  private final Dovecot dovecot;
  private final Path maildir;
  private final Path folder;

  /// @param maildir whose lines end with LF, as Dovecot keeps them
  private RestoreBench(BenchArchive archive, Dovecot dovecot, Path maildir, Path folder) {
    this.archive = archive;
    this.dovecot = dovecot;
    this.maildir = maildir;
    this.folder = folder;
  }

  /// @param arguments a Maildir whose lines end with LF, rounds
  public static void main(String[] arguments) throws Exception {
    Path maildir = Path.of(arguments[0]);
    Path folder = Files.createTempDirectory("muniment-bench");
    // The user that Dovecot writes mail as has to come through.
    folder.toFile().setExecutable(true, false);
    Path filled = Files.createDirectory(folder.resolve("data"));
    try (BenchArchive archive = BenchArchive.of(sent(maildir, folder), filled);
        Dovecot dovecot = Dovecot.start(Files.createDirectory(folder.resolve("served")))) {
      new RestoreBench(archive, dovecot, maildir, folder).run(Integer.parseInt(arguments[1]));
    } finally {
      IOUtils.rm(folder);
    }
  }

  /// A Maildir of the messages as IMAP carries them, with CRLF.
  private static Path sent(Path maildir, Path folder) throws IOException {
    Path sent = folder.resolve(SENT);
    Files.createDirectories(sent.resolve("cur"));
    for (Path file : files(maildir)) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      Path copy = sent.resolve("cur").resolve(file.getFileName());
      Files.writeString(
          copy, text.replace("\r\n", "\n").replace("\n", "\r\n"), StandardCharsets.ISO_8859_1);
      Files.setLastModifiedTime(copy, Files.getLastModifiedTime(file));
    }
    return sent;
  }

  private void run(int rounds) throws Exception {
    List<Double> own = new ArrayList<>();
    List<Double> readBack = new ArrayList<>();
    List<Double> peer = new ArrayList<>();
    List<Double> sender = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      settleDisk();
      double mbsync = mbsync("mbsync" + round);
      settleDisk();
      double sent = Timing.seconds(sending("sender" + round));
      settleDisk();
      Restored restored = restore("muniment" + round);
      System.out.printf(
          "round %d: muniment %.1f s, reading back %.1f s, mbsync %.1f s, sender %.1f s%n",
          round, restored.append, restored.readBack, mbsync, sent);
      if (round > 0) {
        own.add(restored.append);
        readBack.add(restored.readBack);
        peer.add(mbsync);
        sender.add(sent);
      }
    }
    double judge = Timing.median(peer);
    System.out.printf("%n%,d messages, median of %d%n%n", archive.files(), rounds);
    System.out.printf("%-36s %12s %10s%n", "client", "messages/s", "ratio");
    row("muniment restore", Timing.median(own), judge);
    row("mbsync", judge, judge);
    row("a client that only sends", Timing.median(sender), judge);
    row("muniment, reading back", Timing.median(readBack), judge);
    System.out.printf("goal of restore: %.1f times mbsync%n", GOAL);
  }

  /// Has the disk write what is due, so that none waits for what another has written.
  private static void settleDisk() throws Exception {
    int exit = new ProcessBuilder("sync").inheritIO().start().waitFor();
    if (exit != 0) {
      throw new IOException("sync ended with " + exit);
    }
  }

  private void row(String client, double seconds, double judge) {
    System.out.printf("%-36s %,12.0f %10.2f%n", client, archive.files() / seconds, judge / seconds);
  }

  /// @param append seconds from the beginning until the last message was taken
  /// @param readBack seconds from then on until the receipt was written
  private record Restored(double append, double readBack) {}

  private Restored restore(String user) throws Exception {
    long[] appended = {0};
    RestoreProgress progress =
        (phase, done, total, octets) -> {
          if (phase.equals("append")) {
            appended[0] = System.nanoTime();
          }
        };
    Path made = Files.createDirectory(folder.resolve(user));
    Clock clock = Clock.systemUTC();
    ImapTarget target =
        new ImapTarget(
            dovecot.source(user),
            made,
            new Credentials(made.resolve("tokens"), clock),
            ImapLimits.ofMessages(Uid.MAX));
    Restore restore =
        new Restore(
            archive.archive(),
            archive.catalogue(),
            made.resolve("restores"),
            clock,
            Duration.ofSeconds(1),
            progress,
            () -> false);
    RestoreRequest everything =
        new RestoreRequest(BenchArchive.ACCOUNT, Selection.EVERYTHING, Map.of());
    long begin = System.nanoTime();
    RestoreOutcome outcome = restore.run(target, everything, null);
    long end = System.nanoTime();
    if (outcome.restored() != archive.files()) {
      throw new IOException(
          "restored %d of %d, %s %s"
              .formatted(
                  outcome.restored(), outcome.planned(), outcome.trouble(), outcome.failures()));
    }
    System.out.printf(
        "restored %d of %d, identical %d%n",
        outcome.restored(), outcome.planned(), outcome.identical());
    IOUtils.rm(dovecot.maildir(user));
    return new Restored((appended[0] - begin) / 1e9, (end - appended[0]) / 1e9);
  }

  /// Pushes a copy of the Maildir, because mbsync gives its files other names.
  private double mbsync(String user) throws Exception {
    Path made = Files.createDirectory(folder.resolve(user));
    Path near = made.resolve("INBOX");
    for (String part : List.of("cur", "new", "tmp")) {
      Files.createDirectories(near.resolve(part));
    }
    for (Path file : files(maildir)) {
      Files.createLink(near.resolve("cur").resolve(file.getFileName()), file);
    }
    Path config =
        Files.writeString(
            made.resolve("mbsyncrc"),
            """
            CopyArrivalDate yes

            IMAPAccount bench
            Host 127.0.0.1
            Port %d
            User %s
            Pass %s
            SSLType None
            AuthMechs LOGIN

            IMAPStore far
            Account bench

            MaildirStore near
            Path %s/
            Inbox %s

            Channel bench
            Far :far:
            Near :near:
            Sync Push
            SyncState *
            """
                .formatted(dovecot.port(), user, Dovecot.PASSWORD, made, near));
    double seconds =
        Timing.seconds(
            () -> {
              int exit =
                  new ProcessBuilder("mbsync", "-q", "-c", config.toString(), "-a")
                      .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                      .redirectError(ProcessBuilder.Redirect.INHERIT)
                      .start()
                      .waitFor();
              if (exit != 0) {
                throw new IOException("mbsync ended with " + exit);
              }
            });
    clear(user);
    IOUtils.rm(made);
    return seconds;
  }

  /// @throws IOException when not all messages are there
  private void clear(String user) throws IOException {
    long there = 0;
    for (String part : List.of("cur", "new")) {
      try (Stream<Path> files = Files.list(dovecot.maildir(user).resolve(part))) {
        there += files.count();
      }
    }
    if (there != archive.files()) {
      throw new IOException(user + " has " + there + " messages");
    }
    IOUtils.rm(dovecot.maildir(user));
  }

  private static List<Path> files(Path maildir) throws IOException {
    try (Stream<Path> files = Files.list(maildir.resolve("cur"))) {
      return files.sorted().toList();
    }
  }

  /// MULTIAPPEND (RFC 3502) of the files as they are, one command on its way at a time.
  private Timing.Work sending(String user) throws IOException {
    List<Path> files = files(folder.resolve(SENT));
    return () -> {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), dovecot.port());
          OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 256 << 10);
          BufferedReader in =
              new BufferedReader(
                  new InputStreamReader(
                      new BufferedInputStream(socket.getInputStream()),
                      StandardCharsets.ISO_8859_1))) {
        socket.setTcpNoDelay(true);
        write(out, "a LOGIN " + user + " " + Dovecot.PASSWORD + "\r\n");
        await(in, out);
        for (int from = 0; from < files.size(); from += TOGETHER) {
          write(out, "a APPEND INBOX");
          for (Path file : files.subList(from, Math.min(files.size(), from + TOGETHER))) {
            write(out, " {" + Files.size(file) + "+}\r\n");
            Files.copy(file, out);
          }
          write(out, "\r\n");
          await(in, out);
        }
      }
      clear(user);
    };
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void await(BufferedReader in, OutputStream out) throws IOException {
    out.flush();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.startsWith("a ")) {
        if (!line.startsWith("a OK")) {
          throw new IOException(line);
        }
        return;
      }
    }
    throw new IOException("the server has hung up");
  }
}
