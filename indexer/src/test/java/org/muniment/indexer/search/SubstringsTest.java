package org.muniment.indexer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.indexer.LiveArchive.ALICE;
import static org.muniment.indexer.LiveArchive.DAY;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.store.Progress;
import org.muniment.indexer.LiveArchive;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.index.Attachments;
import org.muniment.indexer.index.DocumentPart;
import org.muniment.indexer.index.FullTextIndex;
import org.muniment.indexer.index.IndexFollower;
import org.muniment.indexer.kept.KeptDocument;
import org.muniment.indexer.kept.KeptText;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.search.Substrings.Where;
import org.muniment.indexer.text.Searched;
import org.muniment.indexer.text.SubstringMatcher;

class SubstringsTest {

  private static final int MESSAGES = 80;
  private static final int VALUES = 200;
  private static final String VERSION = "1";

  private static final List<String> WORDS =
      List.of(
          "Stra\u00dfe",
          "stra\u00dfen",
          "ma\u00df",
          "M\u00fcnchen",
          "\u0130stanbul",
          "Be\u015fikta\u015f",
          "\ufb01nal",
          "\u6771\u4eac\u90fd",
          "\u6771\u4eac",
          "\ud83d\ude00\ud83d\ude01",
          "re: Rechnung",
          "aaaa",
          "aab",
          "x.y_z@example.com",
          "-- ",
          "e\u0301te",
          "\u00e9t\u00e9",
          "ABC",
          "cab");

  @TempDir Path directory;
  private LiveArchive live;
  private FullTextIndex index;
  private KeptText kept;
  private MailboxId inbox;

  @BeforeEach
  void open() throws IOException {
    live = new LiveArchive(directory);
    index = FullTextIndex.open(directory.resolve("index"));
    kept = KeptText.open(directory.resolve("kept"), RootKeys.NONE);
    inbox = live.mailbox(ALICE, "INBOX");
  }

  @AfterEach
  void close() throws IOException {
    index.close();
    kept.close();
    live.close();
  }

  private void follow() throws IOException {
    live.settle();
    try (IndexFollower follower =
        new IndexFollower(
            live.archive(),
            live.catalogue(),
            index,
            Attachments.of(kept, VERSION),
            Progress.NONE)) {
      follower.catchUp();
    }
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(WORDS.get(random.nextInt(WORDS.size())));
      text.append(List.of(" ", "", "\r\n", ", ").get(random.nextInt(4)));
    }
    return text.toString();
  }

  private static byte[] mail(Random random) {
    String header = "From: Jo <jo@example.com>\r\nSubject: " + text(random).replace("\r\n", " ");
    String body =
        switch (random.nextInt(4)) {
          case 0 -> "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text(random);
          case 1 ->
              "\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>"
                  + text(random)
                  + "</p><b>x</b>y";
          case 2 ->
              "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
                  + text(random)
                  + "\r\n--b\r\nContent-Type: application/pdf; name=\""
                  + text(random).replace("\r\n", "")
                  + "\"\r\n\r\n%PDF\r\n--b--\r\n";
          default ->
              "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
                  + "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                  + text(random)
                  + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: "
                  + text(random).replace("\r\n", " ")
                  + "\r\n\r\n"
                  + text(random)
                  + "\r\n--b--\r\n";
        };
    byte[] octets = (header + body).getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(4) == 0) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
    }
    return octets;
  }

  /// Most documents of the messages, as if they had been read.
  private void readDocuments(Random random) throws IOException {
    for (Message message : live.catalogue().messages().find(numbers(MESSAGES)).values()) {
      Part root = live.catalogue().messages().structure(message.number()).root();
      for (DocumentPart part : DocumentPart.of(root)) {
        if (random.nextInt(5) > 0) {
          keep(message.content(), part.path(), text(random));
        }
      }
    }
  }

  /// No document is that of two messages here, nor need its id be that of octets.
  private void keep(ContentId message, PartPath path, String text) throws IOException {
    kept.put(
        new KeptDocument(
            message,
            VERSION,
            new Extraction(
                ExtractionStatus.OK, "", "application/pdf", List.of(text + "cab"), "", text)));
    kept.link(message, path, 0, message);
  }

  private static String value(Random random) {
    String text = text(random);
    int from = random.nextInt(text.length());
    int to = Math.min(text.length(), from + 1 + random.nextInt(9));
    return random.nextBoolean()
        ? text.substring(from, to)
        : text.substring(from, to).toUpperCase(Locale.ROOT);
  }

  @Test
  void whatTheIndexTellsIsWhatReadingEveryMessageFinds() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < MESSAGES; i++) {
      live.add(inbox, mail(random), DAY);
    }
    live.settle();
    readDocuments(random);
    follow();
    // Not in the index yet.
    for (int i = 0; i < 5; i++) {
      live.add(inbox, mail(random), DAY);
    }
    live.settle();
    compare(new Substrings(live.catalogue(), index, kept, false), seed, random);
    compare(new Substrings(live.catalogue(), index, kept, true), seed, random);
  }

  private void compare(Substrings substrings, long seed, Random random) throws IOException {
    Map<Integer, SubstringMatcher> messages = messages(substrings);
    Map<Integer, Searched> texts = new HashMap<>();
    substrings.forEach(contents(), texts::put);
    // Those that are in the index.
    assertThat(texts).as("seed %d", seed).hasSizeGreaterThan(MESSAGES / 2);
    BitSet all = new BitSet();
    messages.keySet().forEach(all::set);
    long read = 0;
    long told = 0;
    for (int i = 0; i < VALUES; i++) {
      String value = value(random);
      for (Where where : Where.values()) {
        Substrings.Found found = substrings.find(where, value, all);
        // In the header, but perhaps in another field.
        BitSet matching = where == Where.HEADER ? new BitSet() : (BitSet) found.sure().clone();
        (where == Where.HEADER ? found.all() : found.maybe())
            .stream()
                .filter(
                    number -> matches(Objects.requireNonNull(messages.get(number)), where, value))
                .forEach(matching::set);
        BitSet expected = new BitSet();
        messages.forEach((number, message) -> expected.set(number, matches(message, where, value)));
        texts.forEach(
            (number, text) ->
                assertThat(matches(text, where, value))
                    .as("seed %d: text of %d: %s has \"%s\"", seed, number, where, value)
                    .isEqualTo(expected.get(number)));
        assertThat(matching)
            .as(
                "seed %d: %s has \"%s\" (%s)",
                seed, where, value, value.codePoints().boxed().toList())
            .isEqualTo(expected);
        read += found.maybe().cardinality();
        told += found.sure().cardinality();
      }
    }
    assertThat(told).isPositive();
    assertThat(read).isLessThan((long) VALUES * Where.values().length * all.cardinality() / 2);
  }

  @Test
  void aMessageWithoutAllItsGramsIsAlwaysRead() throws Exception {
    live.add(inbox, "Subject: long\r\n\r\n" + "word ".repeat(3 << 20) + "needle\r\n");
    follow();
    BitSet all = new BitSet();
    all.set(0);
    Substrings.Found found =
        new Substrings(live.catalogue(), index, kept, true).find(Where.BODY, "needle", all);
    assertThat(found.sure().isEmpty()).isTrue();
    assertThat(found.maybe()).isEqualTo(all);
  }

  @Test
  void anAttachmentIsFoundWhereItIsLookedThrough() throws Exception {
    Event.Placement placed =
        live.add(
            inbox,
            """
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: application/pdf

            %PDF
            --b--
            """
                .replace("\n", "\r\n"));
    keep(placed.content(), new PartPath(List.of(1)), "a needle");
    follow();
    BitSet all = new BitSet();
    all.set(0);
    Substrings with = new Substrings(live.catalogue(), index, kept, true);
    assertThat(with.find(Where.BODY, "A NEED", all).maybe()).isEqualTo(all);
    assertThat(with.find(Where.TEXT, "dle", all).sure()).isEqualTo(all);
    assertThat(with.find(Where.HEADER, "dle", all).all().isEmpty()).isTrue();
    assertThat(Objects.requireNonNull(messages(with, 1).get(0)).body("a need")).isTrue();
    Substrings without = new Substrings(live.catalogue(), index, kept, false);
    assertThat(without.find(Where.BODY, "needle", all).all().isEmpty()).isTrue();
    assertThat(Objects.requireNonNull(messages(without, 1).get(0)).body("needle")).isFalse();
  }

  private Map<Integer, ContentId> contents() {
    return live.catalogue().messages().find(numbers(MESSAGES + 5)).values().stream()
        .collect(Collectors.toMap(Message::number, Message::content));
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }

  private Map<Integer, SubstringMatcher> messages(Substrings substrings) {
    return messages(substrings, MESSAGES + 5);
  }

  private Map<Integer, SubstringMatcher> messages(Substrings substrings, int count) {
    return live.catalogue().messages().find(numbers(count)).values().stream()
        .collect(Collectors.toMap(Message::number, message -> matcher(message, substrings)));
  }

  private SubstringMatcher matcher(Message message, Substrings substrings) {
    Structure structure = live.catalogue().messages().structure(message.number());
    return new SubstringMatcher(
        structure,
        offset -> live.archive().open(message.content(), message.location(), offset),
        substrings.attached(message.content(), structure));
  }

  private static boolean matches(Searched message, Where where, String value) {
    try {
      return switch (where) {
        case HEADER -> message.header("Subject", value);
        case BODY -> message.body(value);
        case TEXT -> message.text(value);
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
