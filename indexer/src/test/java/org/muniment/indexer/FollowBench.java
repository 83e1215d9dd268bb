package org.muniment.indexer;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.Set;
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
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;

/// Messages of both followers in a second of processor time, whatever else the machine does:
/// `FollowBench FOLDER [MESSAGES]`. The archive in the folder is made when there is none, catalogue
/// and index are made in a fresh folder beside it.
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
    int messages = arguments.length > 1 ? Integer.parseInt(arguments[1]) : MESSAGES;
    if (!Archive.exists(folder.resolve("archive"))) {
      new FollowBench().make(folder.resolve("archive"), messages);
    }
    follow(folder, folder.resolve("run-" + System.nanoTime()));
  }

  private void make(Path archive, int messages) throws IOException {
    try (Archive made = Archive.create(archive, "bench.example/follow", RootKeys.NONE);
        Catalogue none = Catalogue.open(archive.resolveSibling("none.db"));
        ArchiveWriter writer = made.writer(none)) {
      MailboxId inbox =
          writer.createMailbox(LiveArchive.ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
      for (int i = 1; i <= messages; i++) {
        writer.append(
            Octets.of(mail(i).getBytes(StandardCharsets.UTF_8)),
            LiveArchive.ALICE,
            inbox,
            new Event.SourceUid(LiveArchive.SOURCE, new Uid(i)),
            Instant.ofEpochSecond(1_700_000_000L + i),
            Set.of(),
            new Event.Provenance("imap", "mail.example.com", "alice"));
        if (i % BATCH == 0) {
          writer.commit();
        }
      }
      writer.commit();
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

  private static void follow(Path folder, Path run) throws IOException {
    try (Archive archive = Archive.open(folder.resolve("archive"), RootKeys.NONE);
        Catalogue catalogue = Catalogue.open(run.resolve("catalogue.db"));
        FullTextIndex index = FullTextIndex.open(run.resolve("index"))) {
      try (CatalogueFollower follower =
          new CatalogueFollower(archive, catalogue, Progress.NONE, () -> {})) {
        long begin = processorNanos();
        follower.catchUp();
        report("catalogue", catalogue, begin);
      }
      try (IndexFollower follower = new IndexFollower(archive, catalogue, index, Progress.NONE)) {
        long begin = processorNanos();
        follower.catchUp();
        report("index", catalogue, begin);
      }
    }
  }

  private static long processorNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void report(String what, Catalogue catalogue, long begin) {
    double seconds = (processorNanos() - begin) / 1e9;
    long messages = catalogue.totals().messages();
    System.out.printf(
        "%-9s %,8d messages of %,d octets, %6.1f s, %,8.0f messages/s%n",
        what,
        messages,
        catalogue.totals().octets() / Math.max(1, messages),
        seconds,
        messages / seconds);
  }
}
