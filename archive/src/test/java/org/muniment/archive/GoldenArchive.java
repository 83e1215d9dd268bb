package org.muniment.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.muniment.archive.content.Octets;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.Uid;
import org.muniment.archive.event.UidRanges;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.LoggedEvent;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Progress;

/// Makes a small archive that holds everything the format knows: parts shared between files, as
/// lines of base64 and as they are, in one frame and in several; a segment whose journals are gone,
/// one whose journals are still there, a journal that was not sealed; all kinds of frames and
/// events; a published checkpoint.
///
/// Its text and its times are always the same; its ids, keys and blinds are random.
final class GoldenArchive {

  private static final AccountName ALICE = new AccountName("alice");
  private static final UidValidity GENERATION = new UidValidity(1_700_000_000);
  private static final int SEED = 20_260_101;

  private final Path directory;
  private final Archive archive;
  private final MapIndex index = new MapIndex();
  private final Ticks ticks = new Ticks();
  private final Map<ContentId, byte[]> messages = new LinkedHashMap<>();
  private final byte[] photo = noise(3_000);
  private final byte[] table = "1;2;3;4;5\r\n".repeat(100_000).getBytes(US_ASCII);
  private long sourceUid;

  private GoldenArchive(Path directory, Archive archive) {
    this.directory = directory;
    this.archive = archive;
  }

  /// Writes the golden archives of this version to a folder that must not exist: to be done once
  /// per version of the format.
  ///
  /// @param arguments the folder
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    RootKeys keys = RootKeys.generate(new SecureRandom());
    Files.writeString(
        folder.resolve("test-root-key"),
        "# A key for tests, known to everybody: it protects nothing.\n" + keys.text());
    Map<ContentId, byte[]> messages = make(folder.resolve("encrypted"), keys, 0);
    make(folder.resolve("plain"), RootKeys.NONE, 250);
    Files.writeString(
        folder.resolve("messages"),
        messages.entrySet().stream()
            .map(message -> message.getKey() + " " + message.getValue().length + "\n")
            .collect(Collectors.joining()));
  }

  /// Makes one.
  ///
  /// @param more placements of one message, so that the log fills a tile
  /// @return the messages in it
  static Map<ContentId, byte[]> make(Path directory, RootKeys keys, int more) throws IOException {
    Archive archive = Archive.create(directory, "golden.example/mail", keys);
    GoldenArchive golden = new GoldenArchive(directory, archive);
    golden.sealAndRemove(more);
    golden.tear();
    golden.sealAndKeep();
    archive.close();
    Files.delete(directory.resolve("lock"));
    return golden.messages;
  }

  /// The state, footer, events, blinds and leaves of a plain archive, as text.
  static List<String> texts(Path directory) throws IOException {
    Disk disk = new LocalDisk(directory);
    List<String> texts = new ArrayList<>();
    for (FileId.Kind kind : FileId.Kind.values()) {
      for (String number : disk.list(kind.folder())) {
        FileId id = FileId.of(kind, number);
        try (FrameFile file = FrameFile.open(disk, new FileKeys(disk, RootKeys.NONE), id)) {
          for (Frame frame : frames(file)) {
            switch (frame.kind()) {
              case STATE, FOOTER -> texts.add(new String(file.content(frame), UTF_8));
              case EVENTS -> {
                for (LoggedEvent logged : LoggedEvent.read(file, frame)) {
                  texts.add(new String(logged.event(), UTF_8));
                  texts.add(new String(logged.leaf(), UTF_8));
                  texts.add(HexFormat.of().formatHex(logged.blind()));
                }
              }
              case PART, PIECE, MESSAGES, TABLE -> {}
            }
          }
        }
      }
    }
    return texts;
  }

  /// The frames of a file.
  static List<Frame> frames(FrameFile file) throws IOException {
    boolean segment = file.id().kind() == FileId.Kind.SEGMENT;
    List<Frame> frames = new ArrayList<>();
    long at = segment ? SegmentFile.HEADER : JournalFile.HEADER;
    long end = file.size() - (segment ? SegmentFile.TRAILER : 0);
    while (at < end) {
      Frame frame = Objects.requireNonNull(file.frame(at));
      frames.add(frame);
      at = frame.end();
    }
    return frames;
  }

  private void sealAndRemove(int more) throws IOException {
    MailboxId inbox;
    try (ArchiveWriter writer = writer()) {
      inbox =
          writer.createMailbox(ALICE, SourceText.of("INBOX"), "/", Set.of("\\HasNoChildren")).id();
      place(writer, inbox, text("Plain words", "The first message.\r\n"));
      place(writer, inbox, mail("A photo", photo, 76, "\r\n", true));
      byte[] again = text("Again and again", "Placed often, kept once.\r\n");
      for (int i = 0; i <= more; i++) {
        place(writer, inbox, again);
      }
      writer.commit();
    }
    try (ArchiveWriter writer = writer()) {
      place(writer, inbox, mail("The photo in narrow lines", photo, 64, "\n", false));
      place(writer, inbox, text("A long text", "0123456789 and so on\r\n".repeat(7_000)));
      place(writer, inbox, new byte[0]);
      writer.seal(Progress.NONE);
      writer.retire(Duration.ZERO);
      index.follow(archive);
      place(writer, inbox, mail("The photo from a segment", photo, 76, "\r\n", false));
      place(writer, inbox, mail("A table of a million octets", table, 76, "\r\n", true));
      writer.append(
          new Event.MailboxObserved(
              ALICE, inbox, SourceText.of("INBOX"), "/", Set.of(), true, "F1", true));
      writer.append(
          new Event.Observed(
              ALICE,
              inbox,
              UidRanges.of(new Uid(1)),
              UidRanges.EMPTY,
              UidRanges.EMPTY,
              List.of(
                  new Event.FlagsOf(
                      Set.of(SourceText.of("\\Answered")),
                      new UidRanges.Builder().add(2, 4).build()))));
      writer.append(receipt(inbox));
      writer.commit();
      writer.keepCheckpoint();
    }
  }

  private Event.Poll receipt(MailboxId inbox) {
    return new Event.Poll(
        ALICE,
        ticks.instant(),
        List.of(
            new Event.MailboxReceipt(
                inbox,
                new Event.Described(GENERATION, sourceUid, sourceUid + 2, 1L << 60),
                sourceUid + 1,
                sourceUid,
                sourceUid,
                0,
                1,
                0,
                List.of(),
                ticks.instant(),
                none())),
        List.of(new Event.Excluded(SourceText.of("Trash"), "exclude: Tr*")),
        none(),
        3);
  }

  private static SourceText none() {
    return SourceText.of("");
  }

  /// What a crash leaves: the beginning of a frame.
  private void tear() throws IOException {
    try (Stream<Path> journals = Files.list(directory.resolve("journal"))) {
      Path last = journals.sorted().reduce((one, other) -> other).orElseThrow();
      Files.writeString(last, "MNFR\4\0\0\0torn", StandardOpenOption.APPEND);
    }
  }

  private void sealAndKeep() throws IOException {
    try (ArchiveWriter writer = writer()) {
      MailboxId sent =
          writer
              .createMailbox(
                  ALICE,
                  new SourceText("Gesendet &- gel&APY-scht", "Gesendet & gelöscht"),
                  "/",
                  Set.of("\\Sent"))
              .id();
      place(writer, sent, mail("The table again", table, 72, "\n", true));
      place(writer, sent, "Subject: no body, \351 and \0 in it".getBytes(ISO_8859_1));
      writer.seal(Progress.NONE);
      index.follow(archive);
      place(writer, sent, mail("Photo and nothing new", photo, 60, "\r\n", true));
      place(writer, sent, mail("Something new", noise(1_500), 76, "\r\n", true));
      place(writer, sent, text("The last", "Not sealed yet.\r\n"));
      writer.commit();
    }
    try (Stream<Path> torn = Files.list(quarantine())) {
      for (Path file : torn.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(quarantine());
  }

  private Path quarantine() {
    return directory.resolveSibling("quarantine");
  }

  private ArchiveWriter writer() throws IOException {
    return archive.writer(index.follow(archive), ticks.clock(), 1 << 20);
  }

  private void place(ArchiveWriter writer, MailboxId mailbox, byte[] octets) throws IOException {
    sourceUid++;
    Event.Placement placement =
        writer.append(
            Octets.of(octets),
            ALICE,
            mailbox,
            new Event.SourceUid(GENERATION, new Uid(sourceUid)),
            Instant.parse("2025-12-24T18:00:00Z").plusSeconds(sourceUid),
            Set.of(SourceText.of("\\Seen")),
            new Event.Provenance("imap", "imap.example.com", "alice"));
    messages.put(placement.content(), octets);
  }

  private static byte[] text(String subject, String body) {
    return ("From: alice@example.com\r\nSubject: " + subject + "\r\n\r\n" + body).getBytes(UTF_8);
  }

  private static byte[] mail(
      String subject, byte[] attachment, int width, String lineEnd, boolean ended)
      throws IOException {
    ByteArrayOutputStream mail = new ByteArrayOutputStream();
    mail.writeBytes(text(subject, "Content-Transfer-Encoding: base64\r\n\r\n"));
    mail.writeBytes(Base64.getMimeEncoder(width, lineEnd.getBytes(US_ASCII)).encode(attachment));
    if (ended) {
      mail.writeBytes((lineEnd + "--end" + lineEnd).getBytes(US_ASCII));
    }
    return mail.toByteArray();
  }

  private static byte[] noise(int length) {
    byte[] noise = new byte[length];
    new Random(SEED).nextBytes(noise);
    return noise;
  }

  /// A clock that goes on by the same time whenever it is read.
  private static final class Ticks implements InstantSource {
    private Instant now = Instant.parse("2026-01-01T08:00:00Z");

    @Override
    public synchronized Instant instant() {
      now = now.plusMillis(1_234);
      return now;
    }

    Clock clock() {
      return withZone(ZoneOffset.UTC);
    }
  }
}
