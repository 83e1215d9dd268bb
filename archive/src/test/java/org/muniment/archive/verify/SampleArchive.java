package org.muniment.archive.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.muniment.archive.Archive;
import org.muniment.archive.ArchiveWriter;
import org.muniment.archive.MapIndex;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.store.Progress;

/// An archive with everything in it that can be damaged: sealed segments, the last with its
/// journals, unsealed journals, parts shared by many messages and by many files, one of several
/// pieces, and earlier checkpoints that were kept.
final class SampleArchive {

  static final AccountName ALICE = new AccountName("alice");

  /// Those before it were sealed, and two of them are there still.
  static final String FIRST_UNSEALED = "journal/0000000006";

  private final Path directory;
  private final Random random;
  private final MapIndex index = new MapIndex();
  private final byte[][] attachments;
  private MailboxId inbox = new MailboxId("0000000000000000");
  private long uid;

  private SampleArchive(Path directory, long seed) {
    this.directory = directory;
    this.random = new Random(seed);
    this.attachments = new byte[12][];
    for (int i = 0; i < attachments.length; i++) {
      attachments[i] = new byte[3_000 + 1_500 * i];
      random.nextBytes(attachments[i]);
    }
  }

  /// What writes to an archive that is empty.
  static SampleArchive of(Path directory, long seed) {
    return new SampleArchive(directory, seed);
  }

  /// Makes one: 300 messages, 5 of them in the journal that is written last.
  static SampleArchive create(Path directory, RootKeys keys, long seed) throws IOException {
    SampleArchive sample = new SampleArchive(directory, seed);
    Archive archive = Archive.create(directory, "verify.example", keys);
    try (archive) {
      sample.session(archive, 90, true);
      sample.session(archive, 60, true);
      try (ArchiveWriter writer = archive.writer(sample.index)) {
        writer.retire(Duration.ZERO);
      }
      sample.session(archive, 100, true);
      sample.keepCheckpoint();
      sample.session(archive, 45, false);
      sample.keepCheckpoint();
      sample.session(archive, 5, false);
    }
    return sample;
  }

  /// Appends with a writer of its own, which begins a journal of its own.
  void session(Archive archive, int messages, boolean seal) throws IOException {
    try (ArchiveWriter writer = archive.writer(index.follow(archive))) {
      if (uid == 0) {
        inbox = writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
      }
      for (int i = 1; i <= messages; i++) {
        append(writer, message());
        if (i % 20 == 0) {
          writer.commit();
        }
      }
      writer.commit();
      index.follow(archive);
      if (seal) {
        writer.seal(Progress.NONE);
      }
    }
    index.follow(archive);
  }

  void append(ArchiveWriter writer, byte[] octets) throws IOException {
    uid++;
    writer.append(
        Octets.of(octets),
        ALICE,
        inbox,
        new Event.SourceUid(new UidValidity(1), new Uid(uid)),
        Instant.EPOCH,
        Set.of(),
        new Event.Provenance("imap", "mail.example", "alice"));
  }

  /// Appends messages of a line, and commits them.
  void appendSmall(ArchiveWriter writer, int messages) throws IOException {
    inbox = writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of()).id();
    for (int i = 1; i <= messages; i++) {
      append(writer, ("Subject: " + i + "\r\n\r\n").getBytes(US_ASCII));
      if (i % 1_000 == 0) {
        writer.commit();
      }
    }
    writer.commit();
  }

  /// A text, often with an attachment that others have, too; one of five pieces after 260.
  byte[] message() {
    StringBuilder text = new StringBuilder("Subject: " + uid + "\r\n\r\n");
    text.append("A line of text.\r\n".repeat(random.nextInt(40)));
    if (uid == 260) {
      byte[] large = new byte[(4 << 20) + 5];
      random.nextBytes(large);
      attach(text, large);
    } else if (random.nextBoolean()) {
      attach(text, attachments[random.nextInt(attachments.length)]);
    }
    return text.toString().getBytes(US_ASCII);
  }

  private static void attach(StringBuilder text, byte[] octets) {
    text.append("\r\n").append(Base64.getMimeEncoder().encodeToString(octets)).append("\r\n");
  }

  /// Keeps the newest checkpoint, as one who publishes it does.
  void keepCheckpoint() throws IOException {
    byte[] note = Files.readAllBytes(directory.resolve("log/checkpoint"));
    String size = new String(note, US_ASCII).split("\n", -1)[1];
    Path kept = directory.resolve("log/checkpoints/" + size);
    Files.createDirectories(kept.getParent());
    Files.write(kept, note);
  }

  /// The octets of every file, by name.
  static Map<String, byte[]> files(Path directory) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      List<Path> regular = all.filter(Files::isRegularFile).toList();
      for (Path file : regular) {
        files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /// Puts files where they were.
  static void write(Path directory, Map<String, byte[]> files) throws IOException {
    for (var file : files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.deleteIfExists(path);
      Files.write(path, file.getValue());
    }
  }
}
