package org.muniment.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.util.IOUtils;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.Question;
import org.muniment.indexer.search.Results;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.SortOrder;
import org.muniment.indexer.search.Substrings;
import org.muniment.server.access.AccessPolicy;
import org.muniment.server.access.Role;
import org.muniment.server.access.User;
import org.muniment.server.view.ArchiveReadModels;
import org.muniment.server.view.AttachmentTexts;
import org.muniment.server.view.MailboxView;
import org.muniment.server.view.TextKey;
import org.muniment.server.view.imap.search.SearchKey;

/// How long mixed queries take in process, beside the same ones through libnotmuch in one process,
/// on indexes of the same Maildir; and SEARCH BODY of the IMAP view. What `scripts/bench search`
/// runs.
///
/// A query is the first page with the exact total, newest first; all are asked once before.
final class SearchBench {

  private static final long SEED = 7;
  private static final int QUERIES = 300;
  private static final int PAGE = 20;
  private static final int SUBSTRINGS = 100;

  /// No more substrings are asked for after this time.
  private static final Duration SUBSTRING_TIME = Duration.ofMinutes(5);

  /// The one that Debian's packages are made for.
  private static final String PYTHON = "/usr/bin/python3";

  private final BenchArchive archive;
  private final FullTextIndex index;
  private final KeptText kept;
  private final MixedQueries mixed;

  private SearchBench(BenchArchive archive, FullTextIndex index, KeptText kept) throws IOException {
    this.archive = archive;
    this.index = index;
    this.kept = kept;
    this.mixed = new MixedQueries(archive, index, SEED);
  }

  /// @param arguments a Maildir; `beside`, to ask notmuch too, or `alone`
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("muniment-bench");
    Path maildir = Path.of(arguments[0]);
    try (BenchArchive archive = BenchArchive.of(maildir, folder)) {
      try (KeptText kept = KeptText.open(folder.resolve("text"), archive.keys())) {
        archive.index(folder.resolve("index"), kept);
        try (FullTextIndex index = FullTextIndex.open(folder.resolve("index"))) {
          SearchBench bench = new SearchBench(archive, index, kept);
          switch (arguments[1]) {
            case "beside" -> bench.beside(maildir, folder);
            case "alone" -> bench.alone();
            default -> throw new IllegalArgumentException(arguments[1]);
          }
          bench.substrings();
        }
      }
    } finally {
      IOUtils.rm(folder);
    }
  }

  /// An answer.
  ///
  /// @param millis that it took
  /// @param total number of messages that were found
  private record Answer(double millis, long total) {}

  private void alone() throws Exception {
    List<MixedQueries.Asked> queries = mixed.queries(QUERIES);
    List<Answer> own = own(queries);
    System.out.printf(
        "%n%d queries on %,d messages, seed %d, each kind equally, ms; found: the mean%n%n",
        QUERIES, archive.files(), SEED);
    System.out.printf("%-12s %14s %8s %9s%n", "kind", "muniment p50", "p99", "found");
    for (MixedQueries.Kind kind : MixedQueries.Kind.values()) {
      row(kind.title, of(kind, queries, own));
    }
    row("all", own);
    System.out.printf(
        "goal, all: p99 100%nheap: within a limit of %,d MB%n",
        Runtime.getRuntime().maxMemory() >> 20);
    pages();
  }

  /// Reads all messages, newest first, page by page to the last.
  private void pages() throws Exception {
    Search search = new Search(archive.archive(), archive.catalogue(), index, Clock.systemUTC());
    List<Double> millis = new ArrayList<>();
    long hits = 0;
    long total;
    @Nullable String cursor = null;
    do {
      long begin = System.nanoTime();
      Question question =
          new Question(QueryParser.parse(""), SortOrder.DATE, Search.MAX_LIMIT, cursor);
      Results page = search.search(question, Set.of(BenchArchive.ACCOUNT));
      hits += page.hits().size();
      total = page.total();
      cursor = page.next();
      millis.add((System.nanoTime() - begin) / 1e6);
    } while (cursor != null);
    System.out.printf(
        "%nall %,d hits of %,d in %,d pages: p50 %.1f ms, p99 %.1f ms a page, the last %.1f ms%n",
        hits,
        total,
        millis.size(),
        Timing.percentile(millis, 50),
        Timing.percentile(millis, 99),
        millis.getLast());
  }

  private void beside(Path maildir, Path folder) throws Exception {
    Path notmuch = Files.createDirectory(folder.resolve("notmuch"));
    SearchPeer.NOTMUCH.index(maildir, notmuch);
    List<MixedQueries.Asked> queries = mixed.queries(QUERIES);
    List<Answer> own = own(queries);
    List<Answer> answers = notmuch(queries, notmuch);
    List<Answer> peer = answers.subList(0, queries.size());
    System.out.printf(
        "notmuch has %,d messages, one for each Message-ID%n", answers.getLast().total());
    System.out.printf(
        "%n%d queries on %,d messages, seed %d, each kind equally, ms; found: the mean%n%n",
        QUERIES, archive.files(), SEED);
    System.out.printf(
        "%-12s %14s %8s %9s %14s %8s %9s%n",
        "kind", "muniment p50", "p99", "found", "notmuch p50", "p99", "found");
    for (MixedQueries.Kind kind : MixedQueries.Kind.values()) {
      row(kind.title, of(kind, queries, own), of(kind, queries, peer));
    }
    row("all", own, peer);
    System.out.println("goal of muniment, all: p50 2, p99 20");
  }

  private static List<Answer> of(
      MixedQueries.Kind kind, List<MixedQueries.Asked> queries, List<Answer> answers) {
    List<Answer> some = new ArrayList<>();
    for (int i = 0; i < queries.size(); i++) {
      if (queries.get(i).kind() == kind) {
        some.add(answers.get(i));
      }
    }
    return some;
  }

  private static void row(String kind, List<Answer> own, List<Answer> peer) {
    System.out.printf(
        "%-12s %14.2f %8.2f %,9.0f %14.2f %8.2f %,9.0f%n",
        kind,
        percentile(own, 50),
        percentile(own, 99),
        found(own),
        percentile(peer, 50),
        percentile(peer, 99),
        found(peer));
  }

  private static void row(String kind, List<Answer> own) {
    System.out.printf(
        "%-12s %14.2f %8.2f %,9.0f%n", kind, percentile(own, 50), percentile(own, 99), found(own));
  }

  private static double percentile(List<Answer> answers, int percent) {
    return Timing.percentile(answers.stream().map(Answer::millis).toList(), percent);
  }

  private static double found(List<Answer> answers) {
    return answers.stream().mapToLong(Answer::total).average().orElse(0);
  }

  private List<Answer> own(List<MixedQueries.Asked> queries) throws Exception {
    Search search = new Search(archive.archive(), archive.catalogue(), index, Clock.systemUTC());
    for (MixedQueries.Asked asked : queries) {
      answer(search, asked.own());
    }
    List<Answer> answers = new ArrayList<>();
    for (MixedQueries.Asked asked : queries) {
      answers.add(answer(search, asked.own()));
    }
    return answers;
  }

  private static Answer answer(Search search, String query) throws Exception {
    long begin = System.nanoTime();
    Question question = new Question(QueryParser.parse(query), SortOrder.DATE, PAGE, null);
    long total = search.search(question, Set.of(BenchArchive.ACCOUNT)).total();
    return new Answer((System.nanoTime() - begin) / 1e6, total);
  }

  /// @return the answers, and last the one to what all messages match
  private static List<Answer> notmuch(List<MixedQueries.Asked> queries, Path folder)
      throws IOException, InterruptedException {
    Path script = folder.resolve("ask-notmuch.py");
    try (InputStream in = SearchBench.class.getResourceAsStream("ask-notmuch.py")) {
      Files.copy(Objects.requireNonNull(in), script);
    }
    Path asked =
        Files.writeString(
            folder.resolve("queries"),
            queries.stream()
                .map(query -> query.notmuch() + "\n")
                .collect(Collectors.joining("", "", "*\n")));
    Path answers = folder.resolve("answers");
    int exit =
        new ProcessBuilder(
                PYTHON,
                script.toString(),
                SearchPeer.NOTMUCH.database(folder).toString(),
                SearchPeer.config(folder).toString())
            .redirectInput(asked.toFile())
            .redirectOutput(answers.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    if (exit != 0) {
      throw new IOException("the queries to notmuch ended with " + exit);
    }
    return Files.readAllLines(answers, StandardCharsets.UTF_8).stream()
        .map(SearchBench::answer)
        .toList();
  }

  private static Answer answer(String line) {
    int space = line.indexOf(' ');
    return new Answer(
        Long.parseLong(line.substring(0, space)) / 1e6, Long.parseLong(line.substring(space + 1)));
  }

  private void substrings() throws Exception {
    var search = new org.muniment.server.view.imap.search.Search(inbox(), new BitSet());
    List<Double> millis = new ArrayList<>();
    long found = 0;
    long begin = System.nanoTime();
    while (millis.size() < SUBSTRINGS && System.nanoTime() - begin < SUBSTRING_TIME.toNanos()) {
      String piece = millis.size() % 2 == 0 ? mixed.insideWord() : mixed.acrossPunctuation();
      long asked = System.nanoTime();
      found += search.find(new SearchKey.Has(new TextKey.Body(piece))).cardinality();
      millis.add((System.nanoTime() - asked) / 1e6);
    }
    System.out.printf(
        "%nSEARCH BODY of %d of %d substrings, inside words and across punctuation by turns: p50"
            + " %,.1f ms (goal 50), p99 %,.1f ms; found, the mean: %,.0f%n",
        millis.size(),
        SUBSTRINGS,
        Timing.percentile(millis, 50),
        Timing.percentile(millis, 99),
        (double) found / millis.size());
  }

  private MailboxView inbox() throws IOException {
    return new ArchiveReadModels(
            archive.archive(),
            archive.catalogue(),
            index,
            new Search(archive.archive(), archive.catalogue(), index, Clock.systemUTC()),
            new Substrings(archive.catalogue(), index, kept, true),
            new AccessPolicy(List.of(), user -> Set.of(BenchArchive.ACCOUNT)),
            Map.of(),
            AttachmentTexts.NONE)
        .of(new User("auditor", Role.AUDITOR))
        .mailbox(archive.inbox())
        .orElseThrow();
  }
}
