package org.muniment.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.muniment.archive.Samples.inbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;

/// An archive at work: one thread appends and commits, one seals and removes journals that were
/// sealed some time ago, until closed.
@SuppressWarnings("try")
final class Busy implements AutoCloseable {

  private static final long JOURNAL_SIZE = 40_000;

  private final Archive archive;
  private final Duration retirement;
  private final ArchiveWriter writer;
  private final MapIndex index = new MapIndex();
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final Future<?> appending;
  private final Future<?> sealing;
  private volatile boolean stopping;
  private volatile int acknowledged;
  private final AtomicInteger seals = new AtomicInteger();

  /// @param retirement how long a sealed journal stays
  Busy(Archive archive, Duration retirement) throws IOException {
    this.archive = archive;
    this.retirement = retirement;
    this.writer = archive.writer(index, Clock.systemUTC(), JOURNAL_SIZE);
    MailboxId inbox = inbox(writer);
    this.appending = threads.submit(() -> append(inbox));
    this.sealing = threads.submit(this::seal);
  }

  private int append(MailboxId inbox) throws Exception {
    int appended = 0;
    while (!stopping) {
      for (int i = 0; i <= appended % 4; i++) {
        appended++;
        Samples.append(writer, inbox, appended, octets(appended));
      }
      writer.commit();
      acknowledged = appended;
      TimeUnit.MILLISECONDS.sleep(10);
    }
    return appended;
  }

  private int seal() throws Exception {
    while (!stopping) {
      TimeUnit.MILLISECONDS.sleep(300);
      writer.seal(Progress.NONE);
      index.follow(archive);
      writer.retire(retirement);
      seals.incrementAndGet();
    }
    return seals.get();
  }

  /// Message `uid`: every third has a part that others have, too.
  static byte[] octets(int uid) {
    byte[] part = new byte[3_000];
    new Random(uid % 7).nextBytes(part);
    String attachment = Base64.getMimeEncoder().encodeToString(uid % 3 == 0 ? part : new byte[9]);
    return ("Subject: " + uid + "\r\n\r\n" + attachment + "\r\n--\r\n").getBytes(US_ASCII);
  }

  /// Messages 1 to this were acknowledged.
  int acknowledged() {
    return acknowledged;
  }

  /// Sealings so far.
  int seals() {
    return seals.get();
  }

  /// Waits until so many messages more are acknowledged and a sealing more is done.
  void goOn(int messages) throws Exception {
    int until = acknowledged + messages;
    int sealed = seals.get() + 1;
    while (acknowledged < until || seals.get() < sealed) {
      if (appending.isDone() || sealing.isDone()) {
        appending.get();
        sealing.get();
      }
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }

  @Override
  public void close() throws Exception {
    stopping = true;
    try {
      appending.get();
      sealing.get();
    } finally {
      threads.close();
      writer.close();
    }
  }
}
