package org.muniment.archive.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.Entries;
import org.muniment.archive.Entry;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.Event;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.Progress;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;

/// Muniment's side of the comparison, in a process of its own with a small heap. Prints one
/// `name=value` on a line for each thing measured; rates are in units of 1,000,000 octets.
final class ArchiveBench {

  private static final long SEED = 7;
  private static final int WARM_UP = 3_000;
  private static final int RANDOM_READS = 4_000;
  private static final int TINY = 300;

  private final Path folder;
  private final RootKeys keys = RootKeys.generate(new SecureRandom());
  private long sealNanos;
  private long sealedOctets;

  private ArchiveBench(Path folder) {
    this.folder = folder;
  }

  /// @param arguments a scratch folder, and `default MAILDIR`, `lean COUNT` or `open COUNT`
  public static void main(String[] arguments) throws Exception {
    ArchiveBench bench = new ArchiveBench(Path.of(arguments[0]));
    switch (arguments[1]) {
      case "default" -> bench.defaultMix(new Maildir(Path.of(arguments[2])));
      case "lean" -> bench.leanMix(Integer.parseInt(arguments[2]));
      case "open" -> bench.open(Integer.parseInt(arguments[2]));
      default -> throw new IllegalArgumentException(arguments[1]);
    }
    print(arguments[1] + ".peakMemory", peakMemory() / 1e6);
  }

  private static void print(String name, double value) {
    System.out.printf(Locale.ROOT, "%s=%.6f%n", name, value);
  }

  /// The most memory that this process held, as Linux counts it.
  private static long peakMemory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1_024;
      }
    }
    return 0;
  }

  private void defaultMix(Maildir maildir) throws Exception {
    warmUp(Mix.DEFAULT);
    Path directory = folder.resolve("archive");
    BenchIndex index = new BenchIndex();
    try (Archive archive = Archive.create(directory, "bench.example", keys);
        ArchiveWriter writer = archive.writer(index);
        Appender appender = new Appender(writer, () -> sealDue(archive, writer, index))) {
      appender.append(maildir.deliveries());
      print("append.octets", appender.octets() / 1e6 / appender.seconds());
      print("append.messages", appender.messages() / appender.seconds());
      print("append.sha256", appender.octets() / 1e6 / appender.hashSeconds());
      seal(writer);
      writer.retire(Duration.ZERO);
    }
    print("seal.octets", sealedOctets / 1e6 / (sealNanos / 1e9));
    print("archive.size", (double) Sizes.of(directory));
    read(directory);
    verify(directory);
    Sizes.delete(directory);
  }

  /// What a server does beside capturing: the catalogue follows, and what has become much is
  /// sealed.
  private boolean sealDue(Archive archive, ArchiveWriter writer, BenchIndex index)
      throws IOException {
    index.follow(archive);
    return timedSeal(writer::sealDue);
  }

  private boolean seal(ArchiveWriter writer) throws IOException {
    return timedSeal(writer::seal);
  }

  private boolean timedSeal(Sealing sealing) throws IOException {
    long[] sealed = {0};
    long begin = System.nanoTime();
    boolean done = sealing.seal((messages, octets) -> sealed[0] = octets) != null;
    sealNanos += System.nanoTime() - begin;
    sealedOctets += sealed[0];
    return done;
  }

  private interface Sealing {
    Event.@Nullable Seal seal(Progress progress) throws IOException;
  }

  private void leanMix(int count) throws Exception {
    warmUp(Mix.LEAN);
    Path directory = folder.resolve("lean");
    BenchIndex index = new BenchIndex();
    try (Archive archive = Archive.create(directory, "bench.example", keys);
        ArchiveWriter writer = archive.writer(index);
        Appender appender = new Appender(writer, () -> sealDue(archive, writer, index))) {
      appender.append(new Corpus(Mix.LEAN, count, SEED));
      print("lean.messages", appender.messages() / appender.seconds());
      print("lean.octets", appender.octets() / 1e6 / appender.seconds());
      print("lean.mean", (double) appender.octets() / appender.messages());
    }
    Sizes.delete(directory);
  }

  /// Lets the virtual machine compile what is measured afterwards, as in a server that has run for
  /// some seconds.
  private void warmUp(Mix mix) throws Exception {
    Path directory = folder.resolve("warm");
    BenchIndex index = new BenchIndex();
    try (Archive archive = Archive.create(directory, "warm.example", keys);
        ArchiveWriter writer = archive.writer(index);
        Appender appender = new Appender(writer, () -> sealDue(archive, writer, index))) {
      appender.append(new Corpus(mix, WARM_UP, SEED + 1));
    }
    Sizes.delete(directory);
  }

  private void read(Path directory) throws Exception {
    long begin = System.nanoTime();
    try (Archive archive = Archive.open(directory, keys)) {
      print("open.default", seconds(begin));
      BenchIndex index = new BenchIndex();
      index.follow(archive);
      List<BenchIndex.Stored> all = index.all();
      long octets = all.stream().mapToLong(BenchIndex.Stored::length).sum();
      print("messages.distinct", all.size());
      print("octets.distinct", octets / 1e6);
      readRandom(archive, all);
      print("read.sequential", octets / 1e6 / readAll(archive, all, 1));
      print("read.sequential2", octets / 1e6 / readAll(archive, all, 2));
    }
    print("disk.sequential", Sizes.of(directory) / 1e6 / readFiles(directory));
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  /// The time from the request to the last octet of a whole message, whatever its length.
  private static void readRandom(Archive archive, List<BenchIndex.Stored> all) throws IOException {
    RandomGenerator random = new SplittableRandom(SEED);
    long[] nanos = new long[RANDOM_READS];
    for (int round = 0; round < 2; round++) {
      // The first round lets the virtual machine warm up.
      for (int i = 0; i < RANDOM_READS; i++) {
        BenchIndex.Stored message = all.get(random.nextInt(all.size()));
        long begin = System.nanoTime();
        readOne(archive, message);
        nanos[i] = System.nanoTime() - begin;
      }
    }
    Arrays.sort(nanos);
    print("read.p50", nanos[RANDOM_READS / 2] / 1e6);
    print("read.p99", nanos[RANDOM_READS * 99 / 100] / 1e6);
    print("read.p999", nanos[RANDOM_READS * 999 / 1_000] / 1e6);
  }

  private static void readOne(Archive archive, BenchIndex.Stored message) throws IOException {
    byte[] buffer = new byte[64 << 10];
    long length = 0;
    try (InputStream in = archive.open(message.id(), message.location(), 0)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        length += read;
      }
    }
    if (length != message.length()) {
      throw new IOException(message + " gave " + length + " octets");
    }
  }

  /// Every distinct message once, in order of arrival, each thread with its own stretch.
  private static double readAll(Archive archive, List<BenchIndex.Stored> all, int threads)
      throws Exception {
    long begin = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> work = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        List<BenchIndex.Stored> stretch =
            all.subList(all.size() * thread / threads, all.size() * (thread + 1) / threads);
        work.add(executor.submit(() -> readStretch(archive, stretch)));
      }
      for (Future<Integer> each : work) {
        each.get();
      }
    }
    return seconds(begin);
  }

  private static int readStretch(Archive archive, List<BenchIndex.Stored> stretch)
      throws IOException {
    for (BenchIndex.Stored message : stretch) {
      readOne(archive, message);
    }
    return stretch.size();
  }

  /// The files as they are, which is what a disk with its cache can give.
  private static double readFiles(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(directory)) {
      files = paths.filter(Files::isRegularFile).sorted().toList();
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    long begin = System.nanoTime();
    for (Path file : files) {
      try (FileChannel channel = FileChannel.open(file)) {
        while (channel.read(buffer.clear()) >= 0) {}
      }
    }
    return seconds(begin);
  }

  private void verify(Path directory) throws ArchiveException {
    long begin = System.nanoTime();
    Report report = Verifier.verify(directory, keys, (done, octets) -> {});
    double seconds = seconds(begin);
    if (!report.sound()) {
      throw new IllegalStateException("the archive is not sound: " + report.findings());
    }
    print("verify.octets", report.octets() / 1e6 / seconds);
  }

  /// How long it takes to open an archive of so many messages, to read from it, and to write to it.
  private void open(int count) throws Exception {
    Path directory = folder.resolve("open");
    Nothing index = new Nothing();
    try (Archive archive = Archive.create(directory, "bench.example", keys);
        ArchiveWriter writer = archive.writer(index);
        Appender appender = new Appender(writer, () -> timedSeal(writer::sealDue))) {
      writer.onCommit(index::follow);
      appender.append(tiny(count));
      print("open.messages", appender.messages() / appender.seconds());
      writer.retire(Duration.ZERO);
    }
    print("open.size", (double) Sizes.of(directory));
    long begin = System.nanoTime();
    try (Archive archive = Archive.open(directory, keys)) {
      long size = archive.size();
      print("open.archive", seconds(begin));
      readFirst(archive, size / 2);
      print("open.read", seconds(begin));
      archive.writer(index).close();
      print("open.writer", seconds(begin));
    }
    Sizes.delete(directory);
  }

  private static void readFirst(Archive archive, long position) throws IOException {
    BenchIndex.Stored first = null;
    try (Entries entries = archive.entriesFrom(position)) {
      while (first == null) {
        Entry entry = Objects.requireNonNull(entries.next());
        if (entry.event() instanceof Event.Placement placement && entry.location() != null) {
          first =
              new BenchIndex.Stored(
                  placement.content(), entry.location(), placement.length(), entry.index());
        }
      }
    }
    readOne(archive, first);
  }

  private static Iterator<Delivery> tiny(int count) {
    RandomGenerator random = new SplittableRandom(SEED);
    Words words = new Words(Language.ENGLISH);
    return IntStream.range(0, count)
        .mapToObj(
            number ->
                new Delivery(
                    "tiny@example.org",
                    Delivery.INBOX,
                    "S",
                    Instant.ofEpochSecond(1_500_000_000L + number),
                    "From: tiny@example.org\nSubject: %d\n\n%s"
                        .formatted(number, words.text(random, TINY / 2))
                        .getBytes(StandardCharsets.UTF_8)))
        .iterator();
  }
}
