package org.muniment.archive.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `scripts/bench archive` runs: the same Maildir kept by Muniment and by others, and how
/// quick Muniment is at it.
final class ArchiveComparison {

  private static final long SEED = 7;
  private static final String HEAP = "-Xmx256m";
  private static final double MOST_OVER_LIMIT = 1.05;

  private final Path folder;
  private final Maildir maildir;
  private final Map<String, Double> measured = new HashMap<>();
  private final Map<Peer, Long> sizes = new EnumMap<>(Peer.class);

  private ArchiveComparison(Path folder, Maildir maildir) {
    this.folder = folder;
    this.maildir = maildir;
  }

  /// @param arguments number of messages of each corpus; number of tiny messages of an archive that
  ///   is opened, 0 for none; the folder with a Maildir for each account, or `""` for a generated
  ///   one
  public static void main(String[] arguments) throws Exception {
    if (!Peer.missing().isEmpty()) {
      System.err.println("Install the Debian packages " + String.join(" ", Peer.missing()) + ".");
      System.exit(3);
    }
    int messages = Integer.parseInt(arguments[0]);
    Path folder = Files.createTempDirectory("muniment-bench");
    // Dovecot reads mail as another user.
    folder.toFile().setExecutable(true, false);
    try {
      Path corpus =
          arguments[2].isEmpty()
              ? generate(folder.resolve("maildir"), messages)
              : Path.of(arguments[2]);
      ArchiveComparison comparison =
          new ArchiveComparison(folder, new Maildir(corpus.toAbsolutePath()));
      comparison.run(messages, Integer.parseInt(arguments[1]));
    } finally {
      Sizes.delete(folder);
    }
  }

  private static Path generate(Path root, int messages) throws IOException {
    say("Generating %,d messages ...", messages);
    Maildir maildir = new Maildir(root);
    Corpus corpus = new Corpus(Mix.DEFAULT, messages, SEED);
    while (corpus.hasNext()) {
      maildir.add(corpus.next());
    }
    return root;
  }

  private static void say(String format, Object... arguments) {
    System.err.printf(format + "%n", arguments);
  }

  private void run(int messages, int opened) throws Exception {
    Survey.Result survey = survey();
    for (Peer peer : Peer.values()) {
      say("%s ...", peer.title);
      sizes.put(peer, peer.size(maildir, folder));
    }
    say("Muniment, default mix ...");
    measure("default", maildir.root().toString());
    say("Muniment, lean mix ...");
    measure("lean", Integer.toString(messages));
    if (opened > 0) {
      say("Muniment, %,d messages to be opened ...", opened);
      measure("open", Integer.toString(opened));
    }
    print(survey, messages, opened);
  }

  private Survey.Result survey() throws IOException {
    say("Surveying the Maildir ...");
    Survey survey = new Survey();
    for (Maildir.StoredMessage message : maildir.messages()) {
      survey.add(message.read());
    }
    return survey.result();
  }

  /// Runs [ArchiveBench] in a process of its own.
  private void measure(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", HEAP, "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(ArchiveBench.class.getName());
    command.add(folder.toString());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int equals = line.indexOf('=');
        measured.put(line.substring(0, equals), Double.valueOf(line.substring(equals + 1)));
      }
      int exit = process.waitFor();
      if (exit != 0) {
        throw new IOException(ArchiveBench.class.getSimpleName() + " ended with " + exit);
      }
    } finally {
      process.destroy();
    }
  }

  private double of(String name) {
    Double value = measured.get(name);
    if (value == null) {
      throw new IllegalStateException("nothing measured " + name);
    }
    return value;
  }

  private void print(Survey.Result survey, int messages, int opened) {
    System.out.println();
    survey.lines().forEach(System.out::println);
    System.out.printf("%n%-58s %14s %14s %9s %4s%n", "", "", "Muniment/this", "goal", "met");
    double size = of("archive.size");
    size("raw octets", survey.raw(), size, 0);
    sizes.forEach((peer, octets) -> size(peer.title, octets, size, peer.goal));
    size("limit of the method", survey.limit(), size, MOST_OVER_LIMIT);
    size("muniment, sealed, encrypted, log and keys counted", (long) size, size, 0);
    rate("append, default mix, MB/s", of("append.octets"), 150);
    rate("  SHA-256 of the same octets in one thread, MB/s", of("append.sha256"), 0);
    rate("append, lean mix, messages/s", of("lean.messages"), 4_000);
    rate("seal, MB/s", of("seal.octets"), 0);
    rate("read every message in order, one thread, MB/s", of("read.sequential"), 400);
    rate("  two threads, MB/s", of("read.sequential2"), 0);
    rate("verify, MB/s", of("verify.octets"), 400);
    rate("  the archive's files as they are, MB/s of the files", of("disk.sequential"), 0);
    time("read one message at random, 50 %, ms", of("read.p50"), 0);
    time("read one message at random, 99 %, ms", of("read.p99"), 5);
    if (opened > 0) {
      time(
          "open an archive of %,d messages, ms".formatted(opened), of("open.archive") * 1e3, 1_000);
      time("  until a message of it is read, ms", of("open.read") * 1e3, 0);
      time("  until it can be written to, ms", of("open.writer") * 1e3, 0);
    }
    time(
        "most memory of the process, default mix, %s, MB".formatted(HEAP),
        of("default.peakMemory"),
        0);
    time("most memory of the process, lean mix, %s, MB".formatted(HEAP), of("lean.peakMemory"), 0);
    System.out.printf(
        "%nLean mix: %,d messages of %,.0f octets on average.%n", messages, of("lean.mean"));
  }

  /// @param goal the most that Muniment may need as a part of this, 0 for none
  private static void size(String what, long octets, double muniment, double goal) {
    double ratio = muniment / octets;
    row(what, "%,d".formatted(octets), "%.3f".formatted(ratio), "<= %.2f", goal, ratio <= goal);
  }

  private static void rate(String what, double rate, double goal) {
    row(what, "%,.0f".formatted(rate), "", ">= %,.0f", goal, rate >= goal);
  }

  private static void time(String what, double time, double goal) {
    row(what, "%,.2f".formatted(time), "", "< %,.0f", goal, time < goal);
  }

  private static void row(
      String what, String value, String ratio, String goalFormat, double goal, boolean met) {
    String wanted = goal == 0 ? "" : String.format(goalFormat, goal);
    String answer = goal == 0 ? "" : met ? "yes" : "NO";
    System.out.printf("%-58s %14s %14s %9s %4s%n", what, value, ratio, wanted, answer);
  }
}
