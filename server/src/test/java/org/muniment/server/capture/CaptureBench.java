package org.muniment.server.capture;

import static org.muniment.server.capture.TestArchive.account;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.UidRanges;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.SampleMaildir;
import org.muniment.server.capture.imap.ImapLimits;
import org.muniment.server.capture.imap.ImapSource;
import org.muniment.server.capture.source.Source;
import org.muniment.server.credential.Credentials;

/// Messages per second of capture into a fresh archive, beside `mbsync` and beside a client that
/// throws everything away, all from one Dovecot on this machine. What `scripts/bench capture` runs.
final class CaptureBench {

  private static final String USER = "bench";
  private static final long SEED = 7;

  private final Dovecot dovecot;
  private final Path folder;
  private final int messages;

  private CaptureBench(Dovecot dovecot, Path folder, int messages) {
    this.dovecot = dovecot;
    this.folder = folder;
    this.messages = messages;
  }

  /// @param arguments number of messages, length of a message on average, rounds
  public static void main(String[] arguments) throws Exception {
    int messages = Integer.parseInt(arguments[0]);
    int octets = Integer.parseInt(arguments[1]);
    int rounds = Integer.parseInt(arguments[2]);
    Path folder = Files.createTempDirectory("muniment-bench");
    try (Dovecot dovecot = Dovecot.start(Files.createDirectory(folder.resolve("served")))) {
      // Another user has to reach the Maildir.
      folder.toFile().setExecutable(true, false);
      new SampleMaildir(dovecot.maildir(USER), SEED).fill("", messages, octets);
      Dovecot.own(dovecot.maildir(USER));
      new CaptureBench(dovecot, folder, messages).run(octets, rounds);
    } finally {
      delete(folder);
    }
  }

  private void run(int octets, int rounds) throws Exception {
    discard(); // the server's own caches are warm for all
    List<Double> discard = new ArrayList<>();
    List<Double> capture = new ArrayList<>();
    List<Double> mbsync = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      discard.add(rate(this::discard));
      mbsync.add(rate(this::mbsync));
      capture.add(rate(this::capture));
    }
    double judge = median(mbsync);
    System.out.printf(
        "%n%d messages of about %d octets, median of %d%n%n", messages, octets, rounds);
    System.out.printf("%-34s %12s %10s%n", "client", "messages/s", "ratio");
    row("muniment capture (durable)", median(capture), judge);
    row("mbsync, FSync yes", judge, judge);
    row("muniment client that discards", median(discard), judge);
  }

  private static void row(String client, double rate, double judge) {
    System.out.printf("%-34s %,12.0f %10.2f%n", client, rate, rate / judge);
  }

  private double rate(Work work) throws Exception {
    long begin = System.nanoTime();
    work.run();
    return messages * 1e9 / (System.nanoTime() - begin);
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  private void discard() throws Exception {
    long[] count = {0};
    try (Source.Session session =
        new ImapSource(
                dovecot.source(USER),
                folder,
                new Credentials(folder.resolve("tokens"), InstantSource.system()),
                ImapLimits.ofMessages(1L << 30))
            .connect()) {
      session.examine(session.mailboxes().getFirst());
      for (UidRanges chunk : session.uids().chunks(MailboxRun.CHUNK)) {
        session.fetch(chunk, message -> count[0]++);
      }
    }
    require(count[0]);
  }

  private void capture() throws Exception {
    Path data = Files.createTempDirectory(folder, "data");
    try (TestArchive archive = new TestArchive(data)) {
      require(archive.capture(account(USER, dovecot.source(USER))).messages());
    }
    delete(data);
  }

  private void mbsync() throws Exception {
    Path target = Files.createTempDirectory(folder, "mbsync");
    Path config =
        Files.writeString(
            target.resolve("mbsyncrc"),
            """
            FSync yes

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
            Inbox %s/INBOX

            Channel bench
            Far :far:
            Near :near:
            Create Near
            Sync Pull
            SyncState *
            """
                .formatted(dovecot.port(), USER, Dovecot.PASSWORD, target, target));
    int exit =
        new ProcessBuilder("mbsync", "-q", "-c", config.toString(), "-a")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("mbsync ended with " + exit);
    }
    try (var files = Files.walk(target.resolve("INBOX"))) {
      require(files.filter(file -> file.getFileName().toString().contains(":2,")).count());
    }
    delete(target);
  }

  private void require(long count) throws IOException {
    if (count != messages) {
      throw new IOException(count + " messages instead of " + messages);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private interface Work {
    void run() throws Exception;
  }
}
