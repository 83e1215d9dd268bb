package org.muniment.indexer.index;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.DAY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.lucene.search.FieldExistsQuery;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.extract.ChildExtractor;
import org.muniment.indexer.extract.ChildSettings;
import org.muniment.indexer.extract.Documents;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.extract.Extractor;
import org.muniment.indexer.extract.child.MisbehavingParser;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.search.QueryParser;
import org.muniment.indexer.search.QuerySyntaxException;
import org.muniment.indexer.search.Question;
import org.muniment.indexer.search.Search;
import org.muniment.indexer.search.SortOrder;
import org.muniment.indexer.search.TooBroadException;

class AttachmentFollowerIT {

  @TempDir Path directory;
  private LiveArchive live;
  private FullTextIndex index;
  private KeptText kept;
  private MailboxId inbox;

  @BeforeEach
  void open() throws IOException {
    live = new LiveArchive(directory);
    inbox = live.mailbox(ALICE, "INBOX");
    openIndex();
  }

  private void openIndex() throws IOException {
    index = FullTextIndex.open(directory.resolve("index"));
    kept = KeptText.open(directory.resolve("text"), RootKeys.NONE);
  }

  private void closeIndex() throws IOException {
    index.close();
    kept.close();
  }

  @AfterEach
  void close() throws IOException {
    closeIndex();
    live.close();
  }

  /// Reads nothing itself: what it is told to find, and how often it was asked.
  private static final class FakeExtractor implements Extractor {

    private final String version;
    private final Function<String, Extraction> finds;
    private final List<String> asked = new ArrayList<>();

    FakeExtractor(String version, Function<String, Extraction> finds) {
      this.version = version;
      this.finds = finds;
    }

    @Override
    public String version() {
      return version;
    }

    @Override
    public Extraction extract(Path document, String name, String type) throws IOException {
      asked.add(name);
      return finds.apply(Files.readString(document, US_ASCII));
    }

    @Override
    public void rest() {}

    @Override
    public void close() {}
  }

  private static Extraction found(String text) {
    return new Extraction(ExtractionStatus.OK, "", "application/x", List.of(), "", text);
  }

  private ChildExtractor real(Duration timeout) {
    return new ChildExtractor(
        new ChildSettings(256L << 20, timeout, false), directory.resolve("tmp/child"));
  }

  private AttachmentFollower reading(Extractor extractor) {
    return new AttachmentFollower(
        live.archive(), live.catalogue(), index, kept, extractor, directory.resolve("tmp"));
  }

  private void follow(String version) throws IOException {
    live.settle();
    try (IndexFollower follower =
        new IndexFollower(
            live.archive(),
            live.catalogue(),
            index,
            Attachments.of(kept, version),
            Progress.NONE)) {
      follower.catchUp();
    }
  }

  private void read(Extractor extractor) throws IOException {
    follow(extractor.version());
    try (AttachmentFollower reading = reading(extractor)) {
      reading.catchUp();
    }
  }

  private List<String> subjects(String query) throws IOException {
    try {
      return new Search(live.archive(), live.catalogue(), index, Clock.systemUTC())
              .search(
                  new Question(QueryParser.parse(query), SortOrder.DATE, 100, null), Set.of(ALICE))
              .hits()
              .stream()
              .map(hit -> hit.message().subject())
              .sorted()
              .toList();
    } catch (QuerySyntaxException | TooBroadException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void add(String subject, String type, byte[] attachment) throws IOException {
    String text =
        """
        From: anna@example.com
        To: team@example.org
        Subject: %1$s
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=outer

        --outer
        Content-Type: text/plain

        the body of %1$s
        --outer
        Content-Type: %2$s
        Content-Disposition: attachment; filename="%1$s"
        Content-Transfer-Encoding: base64

        %3$s
        --outer--
        """
            .formatted(subject, type, Base64.getMimeEncoder().encodeToString(attachment))
            .replace("\r\n", "\n")
            .replace("\n", "\r\n");
    live.add(inbox, text.getBytes(UTF_8), DAY);
  }

  private void add(String subject, String attachment) throws IOException {
    add(subject, "application/octet-stream", attachment.getBytes(US_ASCII));
  }

  @Test
  void aWordInADocumentOfEachKindIsFound() throws IOException {
    Map<String, byte[]> all = Documents.all("Xylophone");
    for (Map.Entry<String, byte[]> document : all.entrySet()) {
      add(document.getKey(), "application/octet-stream", document.getValue());
    }
    add("other.pdf", "application/pdf", Documents.pdf("Zither"));
    read(real(Duration.ofSeconds(60)));
    assertThat(subjects("xylophone"))
        .containsExactlyElementsOf(all.keySet().stream().sorted().toList());
    assertThat(subjects("\"the body of\" zither")).containsExactly("other.pdf");
    assertThat(subjects("filename:inner.docx")).contains("a.zip", "winmail.dat", "smime.p7m");
    assertThat(subjects("status:pending")).isEmpty();
  }

  @Test
  void eachStatusIsFound() throws IOException {
    add("encrypted", "application/pdf", Documents.encryptedPdf("x"));
    add("partial", "application/zip", Documents.bomb());
    for (String deed : List.of("hang", "halt", "break")) {
      add(deed, MisbehavingParser.TYPE, MisbehavingParser.document(deed));
    }
    add("unsupported", "video/mp4", new byte[] {0, 1, 2, 3});
    add("empty", "application/octet-stream", new byte[0]);
    read(real(Duration.ofSeconds(10)));
    assertThat(subjects("status:encrypted")).containsExactly("encrypted");
    assertThat(subjects("status:partial")).containsExactly("partial");
    assertThat(subjects("status:timeout")).containsExactly("hang");
    assertThat(subjects("status:crashed")).containsExactly("halt");
    assertThat(subjects("status:failed")).containsExactly("break");
    assertThat(subjects("status:empty")).containsExactly("empty");
    assertThat(subjects("status:unsupported")).containsExactly("unsupported");
    assertThat(subjects("beforehand")).containsExactly("break", "halt", "hang");
    assertThat(subjects("status:pending")).isEmpty();
  }

  @Test
  void aMessageIsFoundBeforeItsAttachmentsAre() throws IOException {
    add("a.bin", "needle");
    follow("1");
    assertThat(subjects("\"body of\"")).containsExactly("a.bin");
    assertThat(subjects("status:pending")).containsExactly("a.bin");
    assertThat(index.count(Fields.PENDING)).isEqualTo(1);
    read(new FakeExtractor("1", text -> found(text + "found")));
    assertThat(subjects("needlefound \"body of\"")).containsExactly("a.bin");
    assertThat(subjects("status:pending")).isEmpty();
    assertThat(index.count(Fields.PENDING)).isZero();
  }

  @Test
  void oneDocumentInManyMessagesIsReadOnce() throws IOException {
    FakeExtractor extractor = new FakeExtractor("1", AttachmentFollowerIT::found);
    add("one", "same");
    add("two", "same");
    add("three", "other");
    read(extractor);
    add("four", "same");
    read(extractor);
    assertThat(extractor.asked).hasSize(2);
    assertThat(subjects("same")).containsExactly("four", "one", "two");
  }

  @Test
  void aRebuiltIndexNeedsNoSecondReading() throws IOException {
    FakeExtractor extractor = new FakeExtractor("1", AttachmentFollowerIT::found);
    add("one", "needle");
    read(extractor);
    try (IndexFollower follower =
        new IndexFollower(
            live.archive(), live.catalogue(), index, Attachments.of(kept, "1"), Progress.NONE)) {
      follower.rebuild();
      index.refresh();
    }
    assertThat(subjects("status:pending")).isEmpty();
    assertThat(subjects("needle")).containsExactly("one");
    assertThat(extractor.asked).hasSize(1);
  }

  @Test
  void theQueueOutlivesARestart() throws IOException {
    add("one", "first");
    add("two", "second");
    follow("1");
    closeIndex();
    openIndex();
    read(new FakeExtractor("1", AttachmentFollowerIT::found));
    assertThat(subjects("first OR second")).containsExactly("one", "two");
    closeIndex();
    openIndex();
    assertThat(subjects("first OR second")).containsExactly("one", "two");
    assertThat(subjects("status:pending")).isEmpty();
  }

  @Test
  void whatFailedIsTriedAgainByAnotherVersionAndOnlyByThat() throws IOException {
    Function<String, Extraction> fails =
        text ->
            text.startsWith("good")
                ? found(text)
                : Extraction.without(ExtractionStatus.FAILED, "broken");
    FakeExtractor first = new FakeExtractor("1", fails);
    add("bad", "bad needle");
    add("good", "good needle");
    read(first);
    assertThat(subjects("status:failed")).containsExactly("bad");
    FakeExtractor again = new FakeExtractor("1", AttachmentFollowerIT::found);
    read(again);
    assertThat(again.asked).isEmpty();
    closeIndex();
    openIndex();
    FakeExtractor second = new FakeExtractor("2", AttachmentFollowerIT::found);
    read(second);
    assertThat(second.asked).containsExactly("bad");
    assertThat(subjects("needle")).containsExactly("bad", "good");
    assertThat(subjects("status:failed")).isEmpty();
    assertThat(index.isReadWith(Attachments.of(kept, "2"))).isTrue();
  }

  @Test
  void keptTextThatIsLostIsReadAgainWhenTheIndexIs() throws IOException {
    add("one", "needle");
    read(new FakeExtractor("1", AttachmentFollowerIT::found));
    closeIndex();
    for (String folder : List.of("index", "text")) {
      try (var files = Files.list(directory.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.delete(file);
        }
      }
    }
    openIndex();
    FakeExtractor extractor = new FakeExtractor("1", AttachmentFollowerIT::found);
    read(extractor);
    assertThat(extractor.asked).containsExactly("one");
    assertThat(subjects("needle")).containsExactly("one");
  }

  @Test
  void aFreshIndexWhoseTextIsKeptNeedsNoSecondLook() throws IOException {
    add("bad", "bad needle");
    read(new FakeExtractor("1", AttachmentFollowerIT::broken));
    closeIndex();
    deleteFiles("index");
    openIndex();
    follow("1");
    assertThat(index.isReadWith(Attachments.of(kept, "1"))).isTrue();
    FakeExtractor again = new FakeExtractor("1", AttachmentFollowerIT::found);
    read(again);
    assertThat(again.asked).isEmpty();
    assertThat(subjects("status:failed")).containsExactly("bad");
  }

  private static Extraction broken(String text) {
    return Extraction.without(ExtractionStatus.FAILED, "broken");
  }

  private void deleteFiles(String folder) throws IOException {
    try (var files = Files.list(directory.resolve(folder))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void whatComesWhileOldMailIsReadAgainIsReadFirst() throws IOException {
    for (int i = 0; i < 5; i++) {
      add("old" + i, "old needle" + i);
    }
    read(new FakeExtractor("1", AttachmentFollowerIT::broken));
    List<String> order = new ArrayList<>();
    FakeExtractor second =
        new FakeExtractor(
            "2",
            text -> {
              order.add(text);
              if (order.size() == 1) {
                addWhileReading("new");
              }
              return found(text);
            });
    read(second);
    assertThat(order)
        .containsExactly(
            "old needle0", "new", "old needle1", "old needle2", "old needle3", "old needle4");
    assertThat(subjects("old")).hasSize(5);
  }

  private void addWhileReading(String subject) {
    try {
      add(subject, subject);
      follow("2");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void keptTextThatIsLostIsReadAgainAlthoughTheIndexHasIt() throws IOException {
    add("one", "needle");
    add("bad", "bad");
    read(new FakeExtractor("1", text -> text.equals("bad") ? broken(text) : found(text)));
    closeIndex();
    deleteFiles("text");
    openIndex();
    assertThat(subjects("needle")).containsExactly("one");
    FakeExtractor extractor = new FakeExtractor("1", AttachmentFollowerIT::found);
    read(extractor);
    assertThat(extractor.asked).containsExactlyInAnyOrder("one", "bad");
    assertThat(keptMessages()).isEqualTo(2);
    closeIndex();
    deleteFiles("index");
    openIndex();
    follow("1");
    assertThat(subjects("needle")).containsExactly("one");
    read(extractor);
    assertThat(extractor.asked).hasSize(2);
  }

  private int keptMessages() throws IOException {
    AtomicInteger count = new AtomicInteger();
    kept.forEach(
        live.catalogue().messages().find(List.of(0, 1)).values().stream()
            .collect(Collectors.toMap(Message::number, Message::content)),
        (number, text) -> count.incrementAndGet());
    return count.get();
  }

  @Test
  void aMessageThatBreaksItsReaderDoesNotStopTheOthers() throws IOException {
    for (String subject : List.of("first", "break", "overflow", "last")) {
      add(subject, subject + " needle");
    }
    FakeExtractor breaking =
        new FakeExtractor(
            "1",
            text ->
                switch (text) {
                  case "break needle" -> throw new IllegalStateException("broken on purpose");
                  case "overflow needle" -> throw new StackOverflowError("on purpose");
                  default -> found(text);
                });
    follow("1");
    try (AttachmentFollower reading = reading(breaking)) {
      reading.catchUp();
      reading.catchUp();
      assertThat(reading.failure()).isEmpty();
    }
    assertThat(breaking.asked).containsExactly("last", "overflow", "break", "first");
    assertThat(subjects("needle")).containsExactly("first", "last");
    assertThat(subjects("status:pending")).containsExactly("break", "overflow");
    read(new FakeExtractor("1", AttachmentFollowerIT::found));
    assertThat(subjects("needle")).containsExactly("break", "first", "last", "overflow");
  }

  @Test
  void afterTheTimeOfAMessageItsDocumentsAreSkippedAndThoseOfOthersAreNot() throws IOException {
    addTwo("hostile", "hang", "common needle");
    follow("1");
    FakeExtractor slow =
        new FakeExtractor(
            "1",
            text -> {
              if (text.equals("hang")) {
                pause();
              }
              return found(text);
            });
    readFor(Duration.ofMillis(20), slow);
    assertThat(subjects("status:skipped")).containsExactly("hostile");
    assertThat(subjects("status:pending")).isEmpty();
    add("harmless", "common needle");
    follow("1");
    readFor(Duration.ofMinutes(1), slow);
    assertThat(slow.asked).containsExactly("hostile1", "harmless");
    assertThat(subjects("needle")).containsExactly("harmless");
    FakeExtractor second = new FakeExtractor("2", AttachmentFollowerIT::found);
    read(second);
    assertThat(subjects("needle")).containsExactly("harmless", "hostile");
    assertThat(subjects("status:skipped")).isEmpty();
  }

  private void readFor(Duration longest, Extractor extractor) throws IOException {
    try (AttachmentFollower reading =
        new AttachmentFollower(
            live.archive(),
            live.catalogue(),
            index,
            kept,
            extractor,
            directory.resolve("tmp"),
            longest)) {
      reading.catchUp();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void addTwo(String subject, String first, String second) throws IOException {
    String text =
        """
        Subject: %1$s
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=outer

        --outer
        Content-Type: application/octet-stream; name="%1$s1"

        %2$s
        --outer
        Content-Type: application/octet-stream; name="%1$s2"

        %3$s
        --outer--
        """
            .formatted(subject, first, second)
            .replace("\n", "\r\n");
    live.add(inbox, text.getBytes(UTF_8), DAY);
  }

  @Test
  void whatWasReadIsKeptAlthoughItsCopyCannotBeDeleted() throws IOException {
    add("one", "needle");
    Path copy = directory.resolve("tmp/document");
    FakeExtractor blocking =
        new FakeExtractor(
            "1",
            text -> {
              putFolderInPlaceOf(copy);
              return found(text);
            });
    read(blocking);
    assertThat(copy).isDirectory();
    assertThat(subjects("needle")).containsExactly("one");
    assertThat(subjects("status:pending")).isEmpty();
  }

  private static void putFolderInPlaceOf(Path file) {
    try {
      Files.delete(file);
      Files.createDirectories(file.resolve("inner"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatCannotBeMadeDurableIsNotCommitted() throws IOException {
    add("one", "needle");
    read(new FakeExtractor("1", AttachmentFollowerIT::found));
    Path log = directory.resolve("text/text.db-wal");
    Path elsewhere = directory.resolve("log");
    Files.move(log, elsewhere);
    Files.createDirectory(log);
    assertThatThrownBy(index::commit).isInstanceOf(IOException.class);
    Files.delete(log);
    Files.move(elsewhere, log);
    assertThat(CommittedIndex.position(directory.resolve("index"))).isZero();
    index.reopen();
    read(new FakeExtractor("1", AttachmentFollowerIT::found));
    index.commit();
    assertThat(CommittedIndex.position(directory.resolve("index"))).isPositive();
    assertThat(subjects("needle")).containsExactly("one");
  }

  @Test
  void aMessageStaysFoundWhileItsAttachmentsAreRead() throws Exception {
    for (int i = 0; i < 200; i++) {
      add("m" + i, "needle" + i);
    }
    follow("1");
    CountDownLatch done = new CountDownLatch(1);
    Extractor extractor = new FakeExtractor("1", AttachmentFollowerIT::found);
    try (AttachmentFollower reading = reading(extractor)) {
      Thread thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      reading.catchUp();
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    } finally {
                      done.countDown();
                    }
                  });
      while (done.getCount() > 0) {
        assertThat(messages()).isEqualTo(200);
      }
      thread.join();
    }
    assertThat(index.count(Fields.PENDING)).isZero();
    assertThat(messages()).isEqualTo(200);
  }

  private int messages() throws IOException {
    try (SearchIndex.View view = index.view()) {
      return view.searcher().count(new FieldExistsQuery(Fields.NUMBER));
    }
  }

  @Test
  void aReaderWhoseProcessIsKilledGoesOn() throws Exception {
    for (int i = 0; i < 30; i++) {
      add("m" + i, "application/rtf", Documents.rtf("needle number" + i));
    }
    Thread killer =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    for (int i = 0; i < 3; i++) {
                      Thread.sleep(1_500);
                      ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
                    }
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                });
    try {
      read(real(Duration.ofSeconds(60)));
    } catch (IOException killedWhileItStarted) {
      assertThat(killedWhileItStarted).hasMessageContaining("does not start");
    }
    killer.interrupt();
    killer.join();
    // What the thread of its own does after half a minute.
    read(real(Duration.ofSeconds(60)));
    assertThat(subjects("needle").size() + subjects("status:crashed").size())
        .isGreaterThanOrEqualTo(30);
    assertThat(subjects("needle")).hasSizeGreaterThanOrEqualTo(28);
    assertThat(subjects("status:pending")).isEmpty();
  }

  @Test
  void aFileAmongTheLinesAndOneInAnEncodedMessageAreRead() throws IOException {
    String lines =
        Base64.getMimeEncoder()
            .encodeToString(
                Documents.eml("inner", "inner body", "inner.rtf", Documents.rtf("Xylophone")));
    live.add(
        inbox,
        ("Subject: encoded\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64"
                + "\r\n\r\n"
                + lines
                + "\r\n")
            .getBytes(US_ASCII),
        DAY);
    String among =
        """
        Subject: lines

        see below

        begin 644 a.txt
        #0V%T
        `
        end

        begin 644 b.txt
        #1&]G
        `
        end
        """;
    live.add(inbox, among.replace("\n", "\r\n").getBytes(US_ASCII), DAY);
    read(real(Duration.ofSeconds(60)));
    assertThat(subjects("xylophone")).containsExactly("encoded");
    assertThat(subjects("cat")).containsExactly("lines");
    assertThat(subjects("dog")).containsExactly("lines");
    assertThat(subjects("status:pending")).isEmpty();
  }

  /// For people: how many documents a second, after the process has warmed up.
  @Test
  @Tag("slow")
  void theRateIsPrinted() throws IOException {
    ChildExtractor extractor = real(Duration.ofSeconds(60));
    for (int round = 0; round < 3; round++) {
      int count = 0;
      for (int i = 0; i < 40; i++) {
        String text = ("word" + i + " of round" + round + " ").repeat(500);
        add("d" + count++, "application/octet-stream", Documents.docx(text));
        add("x" + count++, "application/octet-stream", Documents.xlsx(text));
        add("p" + count++, "application/octet-stream", Documents.pdf(text));
        add("r" + count++, "application/octet-stream", Documents.rtf(text));
        add(
            "z" + count++,
            "application/octet-stream",
            Documents.zip("a.docx", Documents.docx(text)));
      }
      follow(extractor.version());
      long began = System.nanoTime();
      AttachmentFollower reading = reading(extractor);
      reading.catchUp();
      System.out.printf(
          "attachments: round %d, %.1f documents/s%n",
          round, count / ((System.nanoTime() - began) / 1e9));
    }
    extractor.close();
    assertThat(index.count(Fields.PENDING)).isZero();
  }

  @Test
  void nothingIsLeftInTheTemporaryFolder() throws IOException {
    add("one", "application/rtf", Documents.rtf("needle"));
    read(real(Duration.ofSeconds(60)));
    try (var files = Files.walk(directory.resolve("tmp"))) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }
}
