package org.muniment.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.util.IOUtils;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.extract.ChildExtractor;
import org.muniment.indexer.extract.ChildSettings;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.Extractor;
import org.muniment.indexer.index.AttachmentFollower;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.kept.KeptPart;
import org.muniment.indexer.kept.KeptText;

/// How fast a full-text index is made of an archive, and how large it is, beside what notmuch and
/// mu make of the same Maildir; then with the text of attachments, which the others do not read.
/// What `scripts/bench index` runs.
///
/// A first round of all three is not counted: caches are warm afterwards, and the virtual machine
/// has compiled the program.
final class IndexBench {

  private static final double RATE_GOAL = 2.0;
  private static final double SIZE_GOAL = 0.9;

  private final Path maildir;
  private final Path folder;
  private final BenchArchive archive;
  private long keptOctets;

  private IndexBench(Path maildir, Path folder, BenchArchive archive) {
    this.maildir = maildir;
    this.folder = folder;
    this.archive = archive;
  }

  /// @param arguments a Maildir, rounds
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("muniment-bench");
    Path maildir = Path.of(arguments[0]);
    try (BenchArchive archive = BenchArchive.of(maildir, folder)) {
      IndexBench bench = new IndexBench(maildir, folder, archive);
      BenchArchive.TextOctets text = archive.textOctets();
      bench.beside(Integer.parseInt(arguments[1]), text);
      bench.withAttachments(text);
    } finally {
      IOUtils.rm(folder);
    }
  }

  /// What one program took.
  ///
  /// @param processor seconds of it in the last round
  /// @param size octets of what it made
  private record Made(List<Double> seconds, double processor, long size) {

    static final Made NOTHING = new Made(List.of(), 0, 0);

    Made and(double took, double ofProcessor, long octets) {
      List<Double> more = new ArrayList<>(seconds);
      more.add(took);
      return new Made(more, ofProcessor, octets);
    }

    double median() {
      return Timing.median(seconds);
    }
  }

  private void beside(int rounds, BenchArchive.TextOctets text) throws Exception {
    Map<SearchPeer, Made> peers = new EnumMap<>(SearchPeer.class);
    Made last = Made.NOTHING;
    for (int round = 0; round <= rounds; round++) {
      boolean counted = round > 1;
      for (SearchPeer peer : SearchPeer.values()) {
        Made before = counted ? peers.getOrDefault(peer, Made.NOTHING) : Made.NOTHING;
        peers.put(peer, indexed(peer, before));
      }
      last = indexed(counted ? last : Made.NOTHING);
    }
    Made own = last;
    System.out.printf(
        "%nindex of headers and bodies, %,d messages, median of %d%n%n", archive.files(), rounds);
    System.out.printf(
        "%-10s %12s %14s %16s%n", "program", "messages/s", "processor s", "octets of index");
    row("muniment", own);
    peers.forEach((peer, made) -> row(name(peer), made));
    System.out.println();
    peers.forEach(
        (peer, made) ->
            System.out.printf(
                "rate, times that of %s: %.2f (goal %.1f)%n",
                name(peer), made.median() / own.median(), RATE_GOAL));
    sizes(own.size(), text, peers.getOrDefault(SearchPeer.NOTMUCH, Made.NOTHING).size());
    System.out.printf(
        "kept beside the index in that time, packed and sealed, to look for substrings in: %,d"
            + " octets%n",
        keptOctets);
  }

  private static void sizes(long own, BenchArchive.TextOctets text, long notmuch) {
    System.out.printf(
        "extracted text: %,d octets in UTF-8 of distinct messages: decoded headers %,d, text parts"
            + " without alternatives that repeat another %,d, names of files inside them %,d%n",
        text.all(), text.headers(), text.bodies(), text.names());
    System.out.printf(
        "size of the index, of the extracted text: %.2f (goal %.1f); of notmuch's database: %.2f"
            + " (goal below 1)%n",
        (double) own / text.all(), SIZE_GOAL, (double) own / notmuch);
  }

  private static String name(SearchPeer peer) {
    return switch (peer) {
      case NOTMUCH -> "notmuch";
      case MU -> "mu";
    };
  }

  private void row(String program, Made made) {
    System.out.printf(
        "%-10s %,12.0f %14.1f %,16d%n",
        program, archive.files() / made.median(), made.processor(), made.size());
  }

  private Made indexed(SearchPeer peer, Made before) throws Exception {
    Path fresh = Files.createTempDirectory(folder, name(peer));
    try {
      Timing timing = Timing.of(() -> peer.index(maildir, fresh));
      return before.and(timing.seconds(), timing.children(), SearchPeer.size(peer.database(fresh)));
    } finally {
      IOUtils.rm(fresh);
    }
  }

  private Made indexed(Made before) throws Exception {
    Path fresh = Files.createTempDirectory(folder, "index");
    Path text = Files.createTempDirectory(folder, "text");
    try (KeptText kept = KeptText.open(text, archive.keys())) {
      Timing timing = Timing.of(() -> archive.index(fresh, kept));
      keptOctets = SearchPeer.size(text);
      return before.and(timing.seconds(), timing.own(), SearchPeer.size(fresh));
    } finally {
      IOUtils.rm(fresh, text);
    }
  }

  /// Once: headers and bodies first, then the attachments of all messages, as they are pending.
  private void withAttachments(BenchArchive.TextOctets text) throws Exception {
    Path index = folder.resolve("whole");
    Timed extractor = new Timed(new ChildExtractor(ChildSettings.DEFAULT, folder.resolve("child")));
    try (KeptText kept = KeptText.open(folder.resolve("text"), archive.keys())) {
      Timing first = Timing.of(() -> indexWith(kept, extractor, index));
      Timing second = Timing.of(() -> readAttachments(kept, extractor, index));
      Found found = found(kept);
      double seconds = first.seconds() + second.seconds();
      System.out.printf(
          "%nwith the text of attachments, %,d messages, once%n%n%,.0f messages/s: headers and"
              + " bodies %.1f s, attachments %.1f s%n",
          archive.files(), archive.files() / seconds, first.seconds(), second.seconds());
      System.out.printf(
          "%,d documents, %,.1f documents/s, for the child was waited %.1f s; places by status: %s%n",
          extractor.documents,
          extractor.documents / second.seconds(),
          extractor.nanos / 1e9,
          found.statuses());
      System.out.printf(
          "processor while attachments were read: child %.1f s, server %.1f s%n",
          second.children(), second.own());
      System.out.printf(
          "text of attachments: %,d octets; size of the index, with what was replaced in it, of all"
              + " extracted text: %.2f%n",
          found.octets(), (double) SearchPeer.size(index) / (text.all() + found.octets()));
    }
  }

  private void indexWith(KeptText kept, Extractor extractor, Path target) throws IOException {
    try (FullTextIndex index = FullTextIndex.open(target);
        IndexFollower follower =
            new IndexFollower(
                archive.archive(),
                archive.catalogue(),
                index,
                Attachments.of(kept, extractor.version()),
                Progress.NONE)) {
      follower.catchUp();
    }
  }

  private void readAttachments(KeptText kept, Extractor extractor, Path target) throws IOException {
    try (FullTextIndex index = FullTextIndex.open(target);
        AttachmentFollower follower =
            new AttachmentFollower(
                archive.archive(),
                archive.catalogue(),
                index,
                kept,
                extractor,
                folder.resolve("documents"))) {
      follower.catchUp();
    }
  }

  /// What was found in attachments.
  ///
  /// @param statuses how the reading went, with the number of places
  /// @param octets in UTF-8 of the text of all places, as the index has it once for each message
  private record Found(Map<String, Integer> statuses, long octets) {}

  private Found found(KeptText kept) throws IOException {
    Map<String, Integer> statuses = new TreeMap<>();
    long[] octets = {0};
    archive.forEach(
        message -> {
          for (KeptPart part : kept.parts(message.message().content())) {
            Extraction found = kept.document(part.document()).orElseThrow().extraction();
            statuses.merge(found.status().keyword(), 1, Integer::sum);
            octets[0] += BenchArchive.utf8(found.text());
          }
        });
    return new Found(statuses, octets[0]);
  }

  /// Counts documents and the time that they took.
  private static final class Timed implements Extractor {
    private final Extractor extractor;
    private int documents;
    private long nanos;

    Timed(Extractor extractor) {
      this.extractor = extractor;
    }

    @Override
    public String version() {
      return extractor.version();
    }

    @Override
    public Extraction extract(Path document, String name, String type) throws IOException {
      long begin = System.nanoTime();
      try {
        return extractor.extract(document, name, type);
      } finally {
        nanos += System.nanoTime() - begin;
        documents++;
      }
    }

    @Override
    public void rest() {
      extractor.rest();
    }

    @Override
    public void close() {
      extractor.close();
    }
  }
}
