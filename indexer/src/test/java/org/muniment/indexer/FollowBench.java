package org.muniment.indexer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.catalog.Catalogue;
import org.muniment.indexer.catalog.CatalogueFollower;
import org.muniment.indexer.catalog.CatalogueRebuild;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;

/// Messages a second of what follows an archive: `FollowBench FOLDER [MESSAGES | MAILDIR]`. The
/// archive in the folder is made when there is none: of generated messages, or of those of a tree
/// of Maildirs. The last step seals it. Catalogue and index are made in a fresh folder beside it.
public final class FollowBench {

  private static final int MESSAGES = 20_000;
  private static final int BATCH = 1_000;
  private static final int BODY_OCTETS = 1_900;
  private static final int VOCABULARY = 30_000;
  private static final int RECIPIENTS = 400;

  private final Random random = new Random(1);

  private FollowBench() {}

  /// Runs the benchmark.
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    if (!Archive.exists(folder.resolve("archive"))) {
      String what = arguments.length > 1 ? arguments[1] : Integer.toString(MESSAGES);
      make(folder.resolve("archive"), what);
    }
    Path run = Files.createDirectories(folder.resolve("run-" + System.nanoTime()));
    try (Archive archive = Archive.open(folder.resolve("archive"), RootKeys.NONE)) {
      follow(archive, run);
      seal(archive, run);
    }
  }

  private static void make(Path archive, String what) throws IOException {
    try (Archive made = Archive.create(archive, "bench.example/follow", RootKeys.NONE);
        Catalogue none = Catalogue.open(archive.resolveSibling("none.db"));
        ArchiveWriter writer = made.writer(none)) {
      MailboxId inbox =
          writer.createMailbox(LiveArchive.ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
      int number = 0;
      for (Octets message : (Iterable<Octets>) messages(what)::iterator) {
        number++;
        writer.append(
            message,
            LiveArchive.ALICE,
            inbox,
            new Event.SourceUid(LiveArchive.SOURCE, new Uid(number)),
            Instant.ofEpochSecond(1_700_000_000L + number),
            Set.of(),
            new Event.Provenance("imap", "mail.example.com", "alice"));
        if (number % BATCH == 0) {
          writer.commit();
        }
      }
      writer.commit();
    }
  }

  private static Stream<Octets> messages(String what) throws IOException {
    if (what.chars().allMatch(Character::isDigit)) {
      FollowBench bench = new FollowBench();
      return IntStream.rangeClosed(1, Integer.parseInt(what))
          .mapToObj(number -> Octets.of(bench.mail(number).getBytes(StandardCharsets.UTF_8)));
    }
    try (Stream<Path> files = Files.walk(Path.of(what))) {
      return files.filter(FollowBench::isMessage).sorted().toList().stream().map(FollowBench::file);
    }
  }

  private static boolean isMessage(Path file) {
    Path folder = Objects.requireNonNull(file.getParent());
    return (folder.endsWith("cur") || folder.endsWith("new")) && Files.isRegularFile(file);
  }

  private static Octets file(Path file) {
    try {
      return Octets.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String mail(int number) {
    StringBuilder mail = new StringBuilder();
    mail.append("Received: from a.example.com (a.example.com [192.0.2.7]) by mx.example.org;\r\n")
        .append("\tMon, 4 Mar 2024 10:00:00 +0200\r\n")
        .append("From: ")
        .append(word())
        .append(' ')
        .append(word());
    mail.append(" <user").append(random.nextInt(RECIPIENTS)).append("@example.com>\r\nTo: team");
    mail.append(random.nextInt(RECIPIENTS)).append("@example.org, list@lists.example.net\r\n");
    mail.append("Subject: ").append(word()).append(' ').append(word()).append("\r\nMessage-ID: <");
    mail.append(number).append("@example.com>\r\nDate: Mon, 4 Mar 2024 10:00:00 +0200\r\n");
    mail.append("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n")
        .append("Content-Transfer-Encoding: 8bit\r\n\r\n");
    for (int end = mail.length() + BODY_OCTETS; mail.length() < end; ) {
      mail.append(word()).append(random.nextInt(12) == 0 ? "\r\n" : " ");
    }
    return mail.append("\r\n").toString();
  }

  /// Few words stand often, many stand seldom.
  private String word() {
    int rank = (int) (VOCABULARY * Math.pow(random.nextDouble(), 3));
    StringBuilder word = new StringBuilder();
    for (int rest = rank + 3; rest > 0; rest /= 5) {
      word.append("bdklmnprst".charAt(rest % 10)).append("aeiou".charAt(rest % 5));
    }
    return word.toString();
  }

  private static void follow(Archive archive, Path run) throws IOException {
    String from = archive.storage().segments().number() > 0 ? "segments" : "journals";
    try (Catalogue catalogue = Catalogue.open(run.resolve("catalogue.db"));
        FullTextIndex index = FullTextIndex.open(run.resolve("index"))) {
      try (CatalogueFollower follower =
          new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
        Timer timer = new Timer();
        follower.catchUp();
        timer.report("catalogue from " + from, catalogue);
      }
      try (IndexFollower follower = new IndexFollower(archive, catalogue, index, Progress.NONE)) {
        Timer timer = new Timer();
        follower.catchUp();
        timer.report("index from " + from, catalogue);
      }
    }
  }

  /// Seals what is not sealed, lets the catalogue follow that, and makes it anew.
  private static void seal(Archive archive, Path run) throws IOException {
    Path file = run.resolve("catalogue.db");
    try (Catalogue catalogue = Catalogue.open(file);
        ArchiveWriter writer = archive.writer(catalogue)) {
      Timer sealing = new Timer();
      if (writer.seal(Progress.NONE) == null) {
        return;
      }
      sealing.report("sealing", catalogue);
      try (CatalogueFollower follower =
          new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
        Timer timer = new Timer();
        follower.catchUp();
        timer.report("catalogue: moved", catalogue);
      }
      writer.retire(Duration.ZERO);
    }
    Timer timer = new Timer();
    CatalogueRebuild.run(file, archive, Progress.NONE);
    try (Catalogue catalogue = Catalogue.open(file)) {
      timer.report("rebuild from segments", catalogue);
    }
  }

  /// Time on the clock and of this thread, from its making on.
  private static final class Timer {
    private final long began = System.nanoTime();
    private final long worked = processorNanos();

    private static long processorNanos() {
      return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    void report(String what, Catalogue catalogue) {
      double seconds = (System.nanoTime() - began) / 1e9;
      double processor = (processorNanos() - worked) / 1e9;
      long messages = catalogue.totals().messages();
      System.out.printf(
          "%-24s %,8d messages of %,7d octets, %6.1f s, %,8.0f messages/s; of processor %,8.0f%n",
          what,
          messages,
          catalogue.totals().octets() / Math.max(1, messages),
          seconds,
          messages / seconds,
          messages / processor);
    }
  }
}
