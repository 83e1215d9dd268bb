package org.muniment.archive.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.content.Octets;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.log.TreeHash;

/// Appends mail with two threads and commits in groups, and keeps the time that this takes. Mail is
/// read or made between, in chunks, while the clock stands still and no thread of the archive is
/// asked for anything.
final class Appender implements AutoCloseable {

  /// A group ends at so many messages or octets, whatever comes first.
  static final int GROUP_MESSAGES = 500;

  static final long GROUP_OCTETS = 32L << 20;

  private static final long CHUNK_OCTETS = 64L << 20;
  private static final int CHUNK_MESSAGES = 8 * GROUP_MESSAGES;
  private static final int THREADS = 2;
  private static final UidValidity GENERATION = new UidValidity(7);
  private static final Event.Provenance PROVENANCE =
      new Event.Provenance("imap", "mail.example", "bench");

  private final ArchiveWriter writer;
  private final Callable<?> between;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Map<String, MailboxId> mailboxes = new HashMap<>();
  private int groupMessages;
  private long groupOctets;
  private long messages;
  private long octets;
  private long nanos;
  private long hashNanos;

  /// @param between done after each chunk while the clock stands still: what else a server does
  Appender(ArchiveWriter writer, Callable<?> between) {
    this.writer = writer;
    this.between = between;
  }

  /// Appends all, and commits.
  void append(Iterator<Delivery> mail) throws Exception {
    while (mail.hasNext()) {
      List<Delivery> chunk = new ArrayList<>();
      long size = 0;
      while (mail.hasNext() && size < CHUNK_OCTETS && chunk.size() < CHUNK_MESSAGES) {
        Delivery next = mail.next();
        mailbox(next);
        chunk.add(next);
        size += next.octets().length;
      }
      hashNanos += time(() -> hash(chunk));
      nanos += time(() -> appendChunk(chunk));
      messages += chunk.size();
      octets += size;
      between.call();
    }
    nanos += time(writer::commit);
  }

  private static long time(Callable<?> work) throws Exception {
    long begin = System.nanoTime();
    work.call();
    return System.nanoTime() - begin;
  }

  private static int hash(List<Delivery> chunk) {
    return chunk.stream().mapToInt(each -> TreeHash.sha256().digest(each.octets())[0]).sum();
  }

  private long appendChunk(List<Delivery> chunk) throws InterruptedException, ExecutionException {
    AtomicInteger next = new AtomicInteger();
    List<Future<Integer>> work = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      work.add(threads.submit(() -> appendFrom(chunk, next)));
    }
    long appended = 0;
    for (Future<Integer> each : work) {
      appended += each.get();
    }
    return appended;
  }

  private int appendFrom(List<Delivery> chunk, AtomicInteger next) throws IOException {
    int appended = 0;
    for (int i = next.getAndIncrement(); i < chunk.size(); i = next.getAndIncrement()) {
      Delivery delivery = chunk.get(i);
      append(delivery, i);
      appended++;
      if (endsGroup(delivery.octets().length)) {
        writer.commit();
      }
    }
    return appended;
  }

  private synchronized boolean endsGroup(int length) {
    groupMessages++;
    groupOctets += length;
    if (groupMessages < GROUP_MESSAGES && groupOctets < GROUP_OCTETS) {
      return false;
    }
    groupMessages = 0;
    groupOctets = 0;
    return true;
  }

  private void append(Delivery delivery, int number) throws IOException {
    writer.append(
        Octets.of(delivery.octets()),
        account(delivery),
        mailbox(delivery),
        new Event.SourceUid(GENERATION, new Uid(messages + number + 1)),
        delivery.internalDate(),
        delivery.flags().contains("S") ? Set.of(SourceText.of("\\Seen")) : Set.of(),
        PROVENANCE);
  }

  private static AccountName account(Delivery delivery) {
    return new AccountName(
        delivery.account().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._@+-]", "-"));
  }

  private synchronized MailboxId mailbox(Delivery delivery) throws IOException {
    String key = delivery.account() + "/" + delivery.mailbox();
    MailboxId id = mailboxes.get(key);
    if (id == null) {
      SourceText name = SourceText.of(delivery.mailbox());
      id = writer.createMailbox(account(delivery), name, ".", Set.of()).id();
      mailboxes.put(key, id);
    }
    return id;
  }

  long messages() {
    return messages;
  }

  /// Copies counted.
  long octets() {
    return octets;
  }

  double seconds() {
    return nanos / 1e9;
  }

  /// What SHA-256 of the same octets takes in one thread.
  double hashSeconds() {
    return hashNanos / 1e9;
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
