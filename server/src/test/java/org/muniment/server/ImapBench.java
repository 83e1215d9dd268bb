package org.muniment.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.lucene.util.IOUtils;
import org.muniment.server.ImapTable.Goal;
import org.muniment.server.capture.fixture.Dovecot;

/// The IMAP view beside two Dovecots that serve the same messages, one out of a Maildir, one out of
/// a compressed mdbox, all over sockets without TLS and with warm caches. What `scripts/bench imap`
/// runs.
final class ImapBench {

  private static final long SEED = 7;

  private static final String ENVELOPE = "FETCH 1:* (ENVELOPE)";

  /// What Thunderbird asks for to fill its list of messages.
  private static final String HEADERS =
      "UID FETCH 1:* (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From To Cc Bcc Subject Date"
          + " Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type"
          + " Reply-To)])";

  private static final String STRUCTURE = "FETCH 1:* (BODYSTRUCTURE)";
  private static final String ALL = "FETCH 1:* (BODY.PEEK[])";

  private static final int ROUNDS = 3;

  /// A server that runs is measured, not one that has just begun.
  private static final Duration WARM_UP = Duration.ofSeconds(10);

  /// Of a session, when there is one; of all together at least, when there are more.
  private static final int SINGLES = 4_000;

  private static final int TOGETHER = 15_000;
  private static final int WORDS = 20;

  /// Words that a server with an index is asked for before; one without, for one.
  private static final int WARM_WORDS = 60;

  /// Words that a server without an index is asked for: each makes it read everything.
  private static final int SLOW_WORDS = 2;

  private static final int MIN_WORD = 5;
  private static final int MAX_WORD = 12;

  private static final int MAX_HEADER_LINES = 30;
  private static final int READ_FOR_WORDS = 200;

  private static final int LOGINS = 2_000;
  private static final int PASSWORDS = 60;
  private static final int LOGIN_THREADS = 8;
  private static final int SELECTS = 50;

  /// SELECT commands before those that are counted.
  private static final int WARM_SELECTS = 500;

  private static final int SOME_IDLE = 1_000;
  private static final int MANY_IDLE = 5_000;
  private static final int PEER_IDLE = 100;

  /// Until sessions that have begun to idle have looked for news some times.
  private static final int IDLE_MILLIS = 15_000;

  private static final String DOVECOT =
      """
      mail_max_userip_connections = 0
      default_process_limit = 2000
      default_client_limit = 20000
      service imap-login {
        service_count = 0
        process_min_avail = 2
        process_limit = 2
        client_limit = 10000
      }
      service imap {
        process_limit = 2000
      }
      service auth {
        client_limit = 20000
      }
      service anvil {
        client_limit = 20000
      }
      """;

  /// A server.
  ///
  /// @param process of the server; children of it that serve sessions count as it
  private record Peer(String title, int port, String password, ProcessHandle process) {
    ImapClient session() throws IOException {
      ImapClient client = ImapClient.signedIn(port, ServedArchive.USER, password);
      client.command("SELECT INBOX");
      return client;
    }
  }

  private final ServedArchive served;
  private final Peer maildir;
  private final Peer mdbox;
  private final List<String> passwords;
  private final List<String> words;
  private final ImapTable table = new ImapTable();
  private int messages;

  private ImapBench(
      ServedArchive served, Peer maildir, Peer mdbox, List<String> passwords, List<String> words) {
    this.served = served;
    this.maildir = maildir;
    this.mdbox = mdbox;
    this.passwords = passwords;
    this.words = words;
  }

  /// @param arguments a folder, in which `mail/bench` is a Maildir; the servers work in it; and
  ///   `beside` the Dovecots, or `alone`, for what depends on how large the mailbox is
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Path mail = folder.resolve("mail").resolve(ServedArchive.USER);
    Path own = Files.createTempDirectory("muniment-bench");
    try {
      switch (arguments[1]) {
        case "beside" -> beside(folder, mail, own);
        case "alone" -> alone(mail, own);
        default -> throw new IllegalArgumentException(arguments[1]);
      }
    } finally {
      IOUtils.rm(own);
    }
  }

  /// While the server makes its index.
  private static void alone(Path mail, Path own) throws Exception {
    try (ServedArchive served = ServedArchive.of(mail, own, List.of())) {
      Peer peer = own(served);
      ImapTable table = new ImapTable();
      table.add("SELECT, warm, ms", select(peer), Goal.atMost(5));
      table.add("SELECT, the first after start, ms", firstSelect(served), Goal.atMost(2_000));
      System.out.printf("%n%,d messages%n%n%s", exists(own(served)), table);
    }
  }

  private static void beside(Path folder, Path mail, Path own) throws Exception {
    Path packed = Files.createDirectories(folder.resolve("packed"));
    List<String> words = words(mail);
    List<String> passwords =
        IntStream.range(0, PASSWORDS).mapToObj(i -> "password" + SEED + i).toList();
    try (ServedArchive served = ServedArchive.of(mail, own, passwords)) {
      Dovecot.own(mail);
      try (Dovecot maildir = Dovecot.startWith(folder, DOVECOT);
          Dovecot mdbox = Dovecot.startWith(packed, DOVECOT + mdbox(packed.resolve("mail")))) {
        served.awaitIndexed();
        mdbox.doveadm("import", "-u", ServedArchive.USER, "maildir:" + mail, "", "ALL");
        new ImapBench(served, peer("maildir", maildir), peer("mdbox", mdbox), passwords, words)
            .run();
      }
    }
  }

  private static String mdbox(Path folder) {
    return """
        mail_location = mdbox:%s/mdbox/%%u
        mail_plugins = zlib
        plugin {
          zlib_save = zstd
          zlib_save_level = 3
        }
        """
        .formatted(folder);
  }

  private static Peer peer(String title, Dovecot dovecot) {
    return new Peer(title, dovecot.port(), Dovecot.PASSWORD, dovecot.process());
  }

  private Peer own() {
    return own(served);
  }

  private static Peer own(ServedArchive served) {
    return new Peer("muniment", served.port(), served.token(), served.process());
  }

  private void run() throws Exception {
    messages = exists(own());
    for (Peer peer : List.of(maildir, mdbox)) {
      if (exists(peer) != messages) {
        throw new IOException(peer.title + " has " + exists(peer) + " messages, not " + messages);
      }
    }
    everything("ENVELOPE of all, 1/s", ENVELOPE, Goal.atLeast(1.0, Goal.MAILDIR));
    everything("header list, 1/s", HEADERS, Goal.atLeast(0.5, Goal.MAILDIR));
    everything("BODYSTRUCTURE of all, 1/s", STRUCTURE, Goal.atLeast(0.333, Goal.MAILDIR));
    octets();
    singles(1, Goal.atMost(2.0, Goal.MDBOX));
    singles(50, Goal.atMost(1.0, Goal.MDBOX));
    singles(500, Goal.atMost(1.0, Goal.MDBOX));
    bigMessage();
    search("TEXT");
    search("BODY");
    logins();
    selects();
    idleness();
    System.out.printf("%n%,d messages%n%n%s", messages, table);
  }

  private static int exists(Peer peer) throws IOException {
    try (ImapClient client = ImapClient.signedIn(peer.port, ServedArchive.USER, peer.password)) {
      return Integer.parseInt(found(client.answer("STATUS INBOX (MESSAGES)"), "MESSAGES (\\d+)"));
    }
  }

  private static String found(String answer, String pattern) throws IOException {
    Matcher matcher = Pattern.compile(pattern).matcher(answer);
    if (!matcher.find()) {
      throw new IOException("no " + pattern + " in " + answer);
    }
    return matcher.group(1);
  }

  /// What is measured of one server.
  private interface Measure {
    double of(Peer peer) throws Exception;
  }

  private void line(String title, Measure measure, Goal... goals) throws Exception {
    table.add(title, measure.of(own()), measure.of(maildir), measure.of(mdbox), goals);
  }

  private void everything(String title, String command, Goal... goals) throws Exception {
    line(title, peer -> messages / seconds(peer, command), goals);
  }

  private void octets() throws Exception {
    line(
        "BODY.PEEK[] of all, MB/s",
        peer -> {
          long[] octets = {0};
          try (ImapClient client = peer.session()) {
            octets[0] = client.command(ALL);
          }
          return octets[0] / 1e6 / seconds(peer, ALL);
        },
        Goal.atLeast(0.4, Goal.MAILDIR),
        Goal.atLeast(1.0, Goal.MDBOX));
  }

  /// The median, after some that fill the caches of the server.
  private static double seconds(Peer peer, String command) throws Exception {
    List<Double> seconds = new ArrayList<>();
    try (ImapClient client = peer.session()) {
      long end = System.nanoTime() + WARM_UP.toNanos();
      do {
        client.command(command);
      } while (System.nanoTime() < end);
      for (int round = 0; round < ROUNDS; round++) {
        seconds.add(Timing.seconds(() -> client.command(command)));
      }
    }
    return Timing.median(seconds);
  }

  /// Messages at random, each session one after the other.
  private void singles(int sessions, Goal median) throws Exception {
    List<List<Double>> millis = new ArrayList<>();
    for (Peer peer : List.of(own(), maildir, mdbox)) {
      int fetches = sessions == 1 ? SINGLES : TOGETHER;
      List<Double> _ = singles(peer, sessions, fetches / 4);
      millis.add(singles(peer, sessions, fetches));
    }
    for (int percent : List.of(50, 99)) {
      List<Double> values = millis.stream().map(some -> Timing.percentile(some, percent)).toList();
      table.add(
          "one message at random, %d %s, p%d, ms"
              .formatted(sessions, sessions == 1 ? "session" : "sessions", percent),
          values.get(0),
          values.get(1),
          values.get(2),
          percent == 50 ? median : Goal.atMost(1.0, Goal.MDBOX));
    }
  }

  private List<Double> singles(Peer peer, int sessions, int fetches) throws Exception {
    List<ImapClient> clients = sessions(peer, sessions);
    try (ExecutorService threads = Executors.newFixedThreadPool(sessions)) {
      List<Callable<List<Double>>> work = new ArrayList<>();
      CyclicBarrier start = new CyclicBarrier(sessions);
      for (int i = 0; i < sessions; i++) {
        ImapClient client = clients.get(i);
        Random random = new Random(SEED + i);
        work.add(
            () -> {
              int _ = start.await();
              return singles(client, random, fetches / sessions);
            });
      }
      List<Double> all = new ArrayList<>();
      for (Future<List<Double>> done : threads.invokeAll(work)) {
        all.addAll(done.get());
      }
      return all;
    } finally {
      close(clients);
    }
  }

  private List<Double> singles(ImapClient client, Random random, int fetches) throws IOException {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < fetches; i++) {
      String command = "FETCH " + (1 + random.nextInt(messages)) + " (BODY.PEEK[])";
      long begin = System.nanoTime();
      client.command(command);
      millis.add((System.nanoTime() - begin) / 1e6);
    }
    return millis;
  }

  private static List<ImapClient> sessions(Peer peer, int count) throws IOException {
    List<ImapClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clients.add(peer.session());
    }
    return clients;
  }

  private static void close(List<ImapClient> clients) throws IOException {
    for (ImapClient client : clients) {
      client.close();
    }
  }

  private void bigMessage() throws Exception {
    List<List<Double>> times = new ArrayList<>();
    long octets = 0;
    for (Peer peer : List.of(own(), maildir, mdbox)) {
      List<Double> first = new ArrayList<>();
      List<Double> last = new ArrayList<>();
      try (ImapClient client = peer.session()) {
        String sizes = client.answer("FETCH 1:* (RFC822.SIZE)");
        octets = largest(sizes)[1];
        String command = "FETCH " + largest(sizes)[0] + " (BODY.PEEK[])";
        for (int i = 0; i < 10; i++) {
          long[] nanos = client.firstAndLast(command);
          first.add(nanos[0] / 1e6);
          last.add(nanos[1] / 1e6);
        }
      }
      times.add(List.of(Timing.median(first), Timing.median(last)));
    }
    for (int which : new int[] {0, 1}) {
      table.add(
          "%s octet of %,.1f MB, ms".formatted(which == 0 ? "first" : "last", octets / 1e6),
          times.get(0).get(which),
          times.get(1).get(which),
          times.get(2).get(which));
    }
  }

  /// @return number and length of the largest message
  private static long[] largest(String sizes) {
    Matcher size = Pattern.compile("\\* (\\d+) FETCH \\(RFC822.SIZE (\\d+)\\)").matcher(sizes);
    long[] largest = {0, 0};
    while (size.find()) {
      if (Long.parseLong(size.group(2)) > largest[1]) {
        largest = new long[] {Long.parseLong(size.group(1)), Long.parseLong(size.group(2))};
      }
    }
    return largest;
  }

  private void search(String key) throws Exception {
    List<Integer> found = new ArrayList<>();
    line(
        "SEARCH " + key + ", ms",
        peer -> {
          boolean indexed = peer.port == served.port();
          List<Double> millis = new ArrayList<>();
          try (ImapClient client = peer.session()) {
            for (String word : words.subList(WORDS, WORDS + (indexed ? WARM_WORDS : 1))) {
              client.command("SEARCH " + key + " " + word);
            }
            for (String word : words.subList(0, indexed ? WORDS : SLOW_WORDS)) {
              long begin = System.nanoTime();
              String answer = client.answer("SEARCH " + key + " " + word);
              millis.add((System.nanoTime() - begin) / 1e6);
              if (millis.size() <= SLOW_WORDS) {
                found.add(answer.split("\r\n", 2)[0].split(" ", -1).length - 2);
              }
            }
          }
          return Timing.median(millis);
        },
        Goal.atMost(0.01, Goal.MAILDIR));
    System.out.println("SEARCH " + key + " found, " + SLOW_WORDS + " words a server: " + found);
  }

  /// Words of some messages, each as likely as any other.
  private static List<String> words(Path maildir) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(maildir.resolve("cur"))) {
      files = new ArrayList<>(all.sorted().toList());
    }
    Collections.shuffle(files, new Random(SEED));
    Set<String> words = new TreeSet<>();
    for (Path file : files.subList(0, Math.min(files.size(), READ_FOR_WORDS))) {
      addWords(Files.readString(file, StandardCharsets.ISO_8859_1), words);
    }
    List<String> some = new ArrayList<>(words);
    Collections.shuffle(some, new Random(SEED));
    return some.subList(0, WORDS + WARM_WORDS);
  }

  private static void addWords(String text, Set<String> words) {
    text.lines()
        .skip(MAX_HEADER_LINES)
        .filter(line -> line.indexOf(' ') > 0 && line.indexOf(':') < 0)
        .flatMap(line -> Stream.of(line.split(" ", -1)))
        .filter(word -> word.length() >= MIN_WORD && word.length() <= MAX_WORD)
        .filter(word -> word.chars().allMatch(c -> c >= 'a' && c <= 'z'))
        .forEach(words::add);
  }

  private void logins() throws Exception {
    line(
        "logins, 1/s",
        peer -> logins(peer.port, LOGINS, i -> ServedArchive.USER, i -> peer.password),
        Goal.atLeast(3.0, Goal.MAILDIR));
    double rate =
        logins(served.port(), passwords.size(), i -> ServedArchive.USER + i, passwords::get);
    table.add("logins with a password, 1/s", rate, Goal.atLeast(20));
  }

  private interface Credential {
    String of(int number);
  }

  /// @return per second, after a quarter that does not count where there are enough
  private static double logins(int port, int count, Credential user, Credential password)
      throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(LOGIN_THREADS)) {
      List<Callable<Long>> work = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        work.add(
            () -> {
              try (ImapClient client = new ImapClient(port, ImapClient.buffer())) {
                return client.command("LOGIN " + user.of(number) + " " + password.of(number));
              }
            });
      }
      int first = count == LOGINS ? count / 4 : 0;
      await(threads.invokeAll(work.subList(0, first)));
      return (count - first)
          / Timing.seconds(() -> await(threads.invokeAll(work.subList(first, count))));
    }
  }

  private static void await(List<Future<Long>> work) throws Exception {
    for (Future<Long> one : work) {
      long _ = one.get();
    }
  }

  private void selects() throws Exception {
    line("SELECT, warm, ms", ImapBench::select, Goal.atMost(5));
    table.add("SELECT, the first after start, ms", firstSelect(served), Goal.atMost(2_000));
  }

  private static double firstSelect(ServedArchive served) throws Exception {
    served.restart();
    try (ImapClient client =
        ImapClient.signedIn(served.port(), ServedArchive.USER, served.token())) {
      return 1e3 * Timing.seconds(() -> client.command("SELECT INBOX"));
    }
  }

  private static double select(Peer peer) throws Exception {
    List<Double> millis = new ArrayList<>();
    try (ImapClient client = peer.session()) {
      for (int i = 0; i < WARM_SELECTS; i++) {
        client.command("SELECT INBOX");
      }
      for (int i = 0; i < SELECTS; i++) {
        millis.add(1e3 * Timing.seconds(() -> client.command("SELECT INBOX")));
      }
    }
    return Timing.median(millis);
  }

  /// Of a server that has just begun.
  private void idleness() throws Exception {
    double[] peers = {idle(maildir), idle(mdbox)};
    List<ImapClient> clients = new ArrayList<>();
    try {
      Peer own = own();
      clients.addAll(sessions(own, 10));
      long before = anonymous(own);
      idle(own, clients, SOME_IDLE);
      long some = anonymous(own);
      idle(own, clients, MANY_IDLE);
      long many = anonymous(own);
      table.add(
          "an idle session, KiB",
          (many - some) / (double) (MANY_IDLE - SOME_IDLE),
          peers[0],
          peers[1],
          Goal.atMost(100));
      table.add("RssAnon of a fresh server, MiB", before / 1024.0);
      table.add("RssAnon with %,d idle, MiB".formatted(SOME_IDLE), some / 1024.0);
      table.add(
          "RssAnon with %,d idle, MiB".formatted(MANY_IDLE), many / 1024.0, Goal.atMost(1024));
      table.add("processor with %,d idle, %%".formatted(MANY_IDLE), processor(own));
    } finally {
      close(clients);
    }
  }

  /// KiB of a session.
  private static double idle(Peer peer) throws Exception {
    List<ImapClient> clients = new ArrayList<>();
    try {
      long before = anonymous(peer);
      idle(peer, clients, PEER_IDLE);
      return (anonymous(peer) - before) / (double) PEER_IDLE;
    } finally {
      close(clients);
    }
  }

  private static void idle(Peer peer, List<ImapClient> clients, int count) throws Exception {
    byte[] buffer = ImapClient.buffer();
    while (clients.size() < count) {
      ImapClient client = new ImapClient(peer.port, buffer);
      clients.add(client);
      client.command("LOGIN " + ServedArchive.USER + " " + peer.password);
      client.command("SELECT INBOX");
      client.begin("IDLE");
    }
    Thread.sleep(IDLE_MILLIS);
  }

  /// KiB of a process and its children that no file backs.
  private static long anonymous(Peer peer) throws IOException {
    long sum = 0;
    for (ProcessHandle process :
        Stream.concat(Stream.of(peer.process), peer.process.descendants()).toList()) {
      Path status = Path.of("/proc", Long.toString(process.pid()), "status");
      if (Files.exists(status)) {
        sum += Long.parseLong(found(Files.readString(status), "RssAnon:\\s+(\\d+) kB"));
      }
    }
    return sum;
  }

  /// Percent of one processor.
  private static double processor(Peer peer) throws InterruptedException {
    long before = peer.process.info().totalCpuDuration().orElseThrow().toMillis();
    Thread.sleep(IDLE_MILLIS);
    long after = peer.process.info().totalCpuDuration().orElseThrow().toMillis();
    return 100.0 * (after - before) / IDLE_MILLIS;
  }
}
