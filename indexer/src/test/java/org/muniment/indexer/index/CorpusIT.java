package org.muniment.indexer.index;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.DAY;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.extract.ChildExtractor;
import org.muniment.indexer.extract.ChildSettings;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.Question;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.SortOrder;

/// Indexes every file of a folder of real mail and documents, named by MUNIMENT_CORPUS: as a
/// message, and as the attachment of a message.
class CorpusIT {

  private static final List<String> STATUS =
      List.of("empty", "partial", "encrypted", "unsupported", "failed", "timeout", "crashed");

  @TempDir Path directory;

  @Test
  @Timeout(value = 1, unit = TimeUnit.HOURS)
  void everyFileOfTheCorpusIsIndexedAsMessageAndAsAttachment() throws Exception {
    String corpus = System.getenv("MUNIMENT_CORPUS");
    assumeTrue(corpus != null, "MUNIMENT_CORPUS is not set");
    try (LiveArchive live = new LiveArchive(directory);
        FullTextIndex index = FullTextIndex.open(directory.resolve("index"));
        KeptText kept = KeptText.open(directory.resolve("text"), RootKeys.NONE)) {
      MailboxId inbox = live.mailbox(ALICE, "INBOX");
      for (Path file : files(corpus)) {
        byte[] octets = Files.readAllBytes(file);
        live.add(inbox, octets, DAY);
        live.add(inbox, attached(file, octets), DAY);
      }
      live.settle();
      index(live, index, kept);
      Search search = new Search(live.archive(), live.catalogue(), index, Clock.systemUTC());
      Map<String, Long> found = new TreeMap<>();
      for (String status : STATUS) {
        found.put(status, total(search, "status:" + status));
      }
      System.out.printf("%d messages %s%n", live.catalogue().totals().messages(), found);
      assertThat(total(search, "")).isEqualTo(live.catalogue().totals().messages());
      assertThat(total(search, "status:pending")).isZero();
    }
  }

  private void index(LiveArchive live, FullTextIndex index, KeptText kept) throws IOException {
    Path child = directory.resolve("child");
    ChildSettings settings = new ChildSettings(256L << 20, Duration.ofSeconds(60), false);
    try (ChildExtractor extractor = new ChildExtractor(settings, child);
        IndexFollower following =
            new IndexFollower(
                live.archive(),
                live.catalogue(),
                index,
                Attachments.of(kept, extractor.version()),
                Progress.NONE);
        AttachmentFollower reading =
            new AttachmentFollower(
                live.archive(), live.catalogue(), index, kept, extractor, directory)) {
      following.catchUp();
      reading.catchUp();
    }
  }

  private static long total(Search search, String query) throws Exception {
    Question question = new Question(QueryParser.parse(query), SortOrder.DATE, 1, null);
    return search.search(question, Set.of(ALICE)).total();
  }

  private static byte[] attached(Path file, byte[] octets) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    String header =
        """
        From: anna@example.com
        Subject: %s
        MIME-Version: 1.0
        Content-Type: application/octet-stream
        Content-Disposition: attachment; filename="%s"
        Content-Transfer-Encoding: base64

        """
            .formatted(ascii(file), ascii(file.getFileName()));
    message.write(header.replace("\n", "\r\n").getBytes(US_ASCII));
    message.write(Base64.getMimeEncoder().encode(octets));
    return message.toByteArray();
  }

  private static String ascii(@Nullable Path name) {
    return String.valueOf(name).replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static List<Path> files(@Nullable String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Path.of(folder == null ? "." : folder))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
