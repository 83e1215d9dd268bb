package org.muniment.archive;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.ForgedFrame;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.format.TableEntry;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;
import org.muniment.archive.log.TreeProofs;
import org.muniment.archive.store.FormatTooNewException;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;

/// The golden archive of format 1, each time with one defect: `verify` names the file, the place
/// and what is wrong. And what looks like a defect, and is none.
class BrokenArchiveTest {

  private static final String ENCRYPTED = "1/encrypted";
  private static final String PLAIN = "1/plain";
  private static final String SEGMENT_1 = "segments/0000000001";
  private static final String SEGMENT_2 = "segments/0000000002";
  private static final String LAST = "journal/0000000005";
  private static final int ANYWHERE = -2;

  @TempDir Path folder;

  /// @param archive that is broken
  /// @param file that a finding must name
  /// @param says a word of that finding
  record Defect(String name, String archive, String file, String says, Edit edit) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// Breaks a copy of an archive.
  interface Edit {
    /// @return the offset that the finding must name, or [#ANYWHERE]
    long apply(Broken archive) throws IOException;
  }

  static Stream<Defect> defects() {
    return Stream.of(
        new Defect(
            "flipped-octet-in-part",
            ENCRYPTED,
            SEGMENT_1,
            "checksum",
            a -> a.flipPayload(SEGMENT_1, Frame.Kind.PART)),
        new Defect(
            "flipped-octet-in-messages",
            ENCRYPTED,
            SEGMENT_2,
            "checksum",
            a -> a.flipPayload(SEGMENT_2, Frame.Kind.MESSAGES)),
        new Defect(
            "flipped-octet-in-events-of-journal",
            PLAIN,
            LAST,
            "checksum",
            a -> a.flipPayload(LAST, Frame.Kind.EVENTS)),
        new Defect(
            "flipped-octet-in-frame-header",
            PLAIN,
            SEGMENT_2,
            "a frame header",
            a -> a.flip(SEGMENT_2, a.frame(SEGMENT_2, Frame.Kind.PIECE).offset(), 30)),
        new Defect(
            "flipped-octet-with-right-checksum",
            ENCRYPTED,
            SEGMENT_1,
            "sealed at this place",
            a -> a.forgePayload(SEGMENT_1, Frame.Kind.PART)),
        new Defect(
            "frames-swapped", ENCRYPTED, SEGMENT_1, "frame 0", a -> a.swapFirstFrames(SEGMENT_1)),
        new Defect(
            "frames-swapped-where-nothing-is-sealed",
            PLAIN,
            SEGMENT_1,
            "frame 0",
            a -> a.swapFirstFrames(SEGMENT_1)),
        new Defect(
            "part-of-other-octets",
            PLAIN,
            SEGMENT_1,
            "part",
            a -> a.forgeContent(SEGMENT_1, Frame.Kind.PART, content -> content[50] ^= 1)),
        new Defect(
            "message-of-other-octets",
            PLAIN,
            SEGMENT_1,
            "message",
            a -> a.forgeContent(SEGMENT_1, Frame.Kind.MESSAGES, content -> content[60] ^= 1)),
        new Defect(
            "event-with-other-blind",
            PLAIN,
            "log/checkpoint",
            "over the first 269 leaves",
            a -> {
              a.forgeContent(LAST, Frame.Kind.EVENTS, content -> content[20] ^= 1);
              return ANYWHERE;
            }),
        new Defect(
            "event-that-is-not-canonical",
            PLAIN,
            LAST,
            "not canonical",
            a ->
                a.forgeContent(
                    LAST, Frame.Kind.EVENTS, c -> exchange(c, "\"type\":\"seal\"", "\"v\":1"))),
        new Defect(
            "state-that-is-not-canonical",
            PLAIN,
            LAST,
            "not canonical",
            a ->
                a.forgeContent(
                    LAST,
                    Frame.Kind.STATE,
                    c -> exchange(c, "\"sealed\":257", "\"time\":1767254733180"))),
        new Defect(
            "footer-that-is-not-canonical",
            PLAIN,
            SEGMENT_2,
            "not canonical",
            a ->
                a.forgeContent(
                    SEGMENT_2,
                    Frame.Kind.FOOTER,
                    c -> exchange(c, "\"events\":8", "\"frames\":5"))),
        new Defect(
            "piece-of-more-octets-than-a-piece-has",
            PLAIN,
            SEGMENT_2,
            "a content of up to 1048576",
            a -> a.forge(SEGMENT_2, Frame.Kind.PIECE, 0, Frame.MAX_PIECE + 1)),
        new Defect(
            "table-of-more-entries-than-a-frame-has",
            PLAIN,
            SEGMENT_1,
            "a content of up to",
            a -> a.forge(SEGMENT_1, Frame.Kind.TABLE, 4_097, 4_097 * 53)),
        new Defect(
            "table-entry-missing",
            PLAIN,
            SEGMENT_1,
            "named in the table",
            a -> a.cutTable(SEGMENT_1)),
        new Defect(
            "segment-truncated",
            ENCRYPTED,
            SEGMENT_2,
            "the end of a segment",
            a -> a.truncate(SEGMENT_2, a.size(SEGMENT_2) - 1)),
        new Defect(
            "segment-longer",
            ENCRYPTED,
            SEGMENT_2,
            "the end of a segment",
            a -> a.append(SEGMENT_2, "x")),
        new Defect(
            "segment-missing",
            ENCRYPTED,
            SEGMENT_1,
            "the segment that a seal names",
            a -> a.remove(SEGMENT_1)),
        new Defect(
            "segment-of-another-archive",
            ENCRYPTED,
            SEGMENT_1,
            "expected archive ",
            a -> a.putFromOther(PLAIN, SEGMENT_1)),
        new Defect(
            "segment-under-another-number",
            PLAIN,
            SEGMENT_1,
            "segment 1",
            a -> a.copy(SEGMENT_2, SEGMENT_1, 24)),
        new Defect(
            "journal-truncated",
            ENCRYPTED,
            LAST,
            "the end of the file",
            a -> {
              a.truncate(LAST, a.frame(LAST, Frame.Kind.EVENTS).offset() + 7);
              return ANYWHERE;
            }),
        new Defect(
            "journal-truncated-between-frames",
            PLAIN,
            LAST,
            "events behind what they place",
            a -> {
              a.truncate(LAST, a.lastFrame(LAST).offset());
              return ANYWHERE;
            }),
        new Defect(
            "journal-missing",
            ENCRYPTED,
            "journal",
            "the events of leaves 15 to 18",
            a -> a.remove(LAST)),
        new Defect(
            "journal-header-changed",
            ENCRYPTED,
            LAST,
            "a journal header",
            a -> a.flip(LAST, 0, 39)),
        new Defect(
            "key-missing",
            ENCRYPTED,
            "keys/" + SEGMENT_1,
            "a key",
            a -> a.remove("keys/" + SEGMENT_1)),
        new Defect(
            "key-changed",
            ENCRYPTED,
            "keys/" + SEGMENT_2,
            "wrapped by root key",
            a -> a.flip("keys/" + SEGMENT_2, 0, 60, 1)),
        new Defect(
            "key-wrapped-by-another-root-key",
            ENCRYPTED,
            "keys/" + SEGMENT_1,
            "wrapped by root key",
            a -> a.wrapAnew(SEGMENT_1)),
        new Defect(
            "key-of-last-journal-wrapped-by-another-root-key",
            ENCRYPTED,
            "keys/" + LAST,
            "wrapped by root key",
            a -> a.wrapAnew(LAST)),
        new Defect(
            "log-key-wrapped-by-another-root-key",
            ENCRYPTED,
            "keys/log",
            "wrapped by root key",
            a -> a.wrapAnew("log")),
        new Defect(
            "keys-exchanged",
            ENCRYPTED,
            SEGMENT_1,
            "with this key",
            a -> {
              a.copy("keys/" + SEGMENT_2, "keys/" + SEGMENT_1, 0);
              return ANYWHERE;
            }),
        new Defect(
            "log-key-exchanged",
            PLAIN,
            "keys/log",
            "another key",
            a -> {
              a.remove("keys/log");
              new FileKeys(new LocalDisk(a.directory), RootKeys.NONE)
                  .createSecret("log", new byte[32]);
              return ANYWHERE;
            }),
        new Defect(
            "tile-changed",
            PLAIN,
            "log/tile/0/000",
            "hash to",
            a -> a.flip("log/tile/0/000", 0, 77)),
        new Defect(
            "tile-missing", PLAIN, "log/tile/0/000", "no file", a -> a.remove("log/tile/0/000")),
        new Defect(
            "entry-of-tile-changed",
            PLAIN,
            "log/tile/entries/000",
            "hash to",
            a -> a.flip("log/tile/entries/000", 0, 1_000)),
        new Defect(
            "checkpoint-changed",
            PLAIN,
            "log/checkpoint",
            "signature",
            a -> a.flip("log/checkpoint", 0, 21)),
        new Defect(
            "checkpoint-missing",
            PLAIN,
            "log/checkpoint",
            "checkpoint",
            a -> a.remove("log/checkpoint")),
        new Defect(
            "checkpoint-rolled-back",
            PLAIN,
            "log/checkpoint",
            "the log was set back",
            a -> a.sign("log/checkpoint", 258, a.root(258))),
        new Defect(
            "checkpoint-of-more-leaves-than-can-be-read",
            PLAIN,
            "journal",
            "the events of leaves 269 to",
            a -> a.sign("log/checkpoint", 1L << 60, new byte[32])),
        new Defect(
            "published-checkpoint-of-gigabytes",
            PLAIN,
            "log/checkpoints/5",
            "a file of up to",
            a -> a.extend("log/checkpoints/5", 4L << 30)),
        new Defect(
            "history-rewritten-and-signed-again",
            PLAIN,
            "log/checkpoints/261",
            "root",
            a -> a.sign("log/checkpoints/261", 261, new byte[32])),
        new Defect(
            "published-checkpoint-under-another-size",
            PLAIN,
            "log/checkpoints/260",
            "of 260 leaves",
            a -> a.copy("log/checkpoints/261", "log/checkpoints/260", ANYWHERE)),
        new Defect(
            "format-of-gigabytes",
            PLAIN,
            "FORMAT",
            "a file of up to",
            a -> a.extend("FORMAT", 4L << 30)),
        new Defect(
            "format-line-twice",
            ENCRYPTED,
            "FORMAT",
            "",
            a -> a.append("FORMAT", "suite zstd aes-256-gcm\n")),
        new Defect("format-of-another-archive", ENCRYPTED, SEGMENT_1, "archive", a -> a.otherId()));
  }

  @ParameterizedTest
  @Timeout(60)
  @MethodSource("defects")
  void eachDefectIsFoundAndNamed(Defect defect) throws IOException {
    Broken archive = broken(defect.archive);
    long offset = defect.edit.apply(archive);
    Report report = archive.verify();
    assertThat(report.findings())
        .as(report.findings().stream().map(Report.Finding::text).toList().toString())
        .anySatisfy(
            finding -> {
              assertThat(finding.file()).isEqualTo(defect.file);
              assertThat(finding.text()).contains(defect.says);
              if (offset != ANYWHERE) {
                assertThat(finding.offset()).isEqualTo(offset);
              }
            });
  }

  @Test
  void whatACrashLeavesIsNoDefect() throws IOException {
    Broken torn = broken(ENCRYPTED);
    torn.append(LAST, "MNFR and no more");
    assertThat(torn.verify().findings()).isEmpty();
    assertThat(torn.verify().notes()).isNotEmpty();
  }

  @Test
  void anOlderCheckpointAloneIsAnUnfinishedAppend() throws IOException {
    Broken older = broken(PLAIN);
    for (int size : List.of(268, 265, 263, 261)) {
      older.sign("log/checkpoint", size, older.root(size));
      Report report = older.verify();
      assertThat(report.findings()).as(size + " leaves").isEmpty();
      assertThat(report.notes()).isNotEmpty();
    }
  }

  @Test
  void retiredJournalsMayBeAbsent() throws IOException {
    Broken archive = broken(ENCRYPTED);
    for (String retired : List.of("journal/0000000003", "journal/0000000004")) {
      archive.remove(retired);
      archive.remove("keys/" + retired);
    }
    assertThat(archive.verify().findings()).isEmpty();
  }

  @Test
  void aWiderTileStandsInForOneThatIsGone() throws IOException {
    Broken archive = broken(PLAIN);
    archive.remove("log/tile/0/001.p/9");
    archive.remove("log/tile/entries/001.p/9");
    assertThat(archive.verify().findings()).isEmpty();
  }

  @Test
  void anArchiveOfALaterFormatIsRefused() throws IOException {
    Broken archive = broken(PLAIN);
    archive.flip("FORMAT", 0, 24, 3);
    assertThat(Files.readString(archive.directory.resolve("FORMAT")))
        .startsWith("muniment archive format 2\n");
    assertThatThrownBy(archive::verify).isInstanceOf(FormatTooNewException.class);
  }

  @Test
  void aKeyWrappedByAnotherRootKeyHidesNothingInOtherFiles() throws IOException {
    Broken archive = broken(ENCRYPTED);
    archive.wrapAnew(SEGMENT_1);
    long offset = archive.flipPayload(SEGMENT_2, Frame.Kind.MESSAGES);
    assertThat(archive.verify().findings())
        .anySatisfy(f -> assertThat(f.file()).isEqualTo("keys/" + SEGMENT_1))
        .anySatisfy(
            f -> {
              assertThat(f.file()).isEqualTo(SEGMENT_2);
              assertThat(f.offset()).isEqualTo(offset);
            });
  }

  @Test
  void rootKeysThatOpenNoKeyOfTheArchiveAreRefused() throws IOException {
    Broken archive = broken(ENCRYPTED);
    // Damage of the key that is looked at first is no reason to take the root keys for right.
    archive.flip("keys/log", 0, 60, 1);
    RootKeys others = RootKeys.generate(new SecureRandom());
    assertThatThrownBy(() -> Verifier.verify(archive.directory, others, Progress.NONE))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("can be opened with root key");
  }

  /// Puts two neighbouring members in each other's place.
  private static void exchange(byte[] json, String one, String other) {
    String before = new String(json, ISO_8859_1);
    String after = before.replaceFirst(one + "," + other, other + "," + one);
    assertThat(after.equals(before)).as("one stands before the other").isFalse();
    System.arraycopy(after.getBytes(ISO_8859_1), 0, json, 0, json.length);
  }

  private Broken broken(String name) throws IOException {
    return new Broken(GoldenArchiveTest.copy(name, folder.resolve("archive")), name);
  }

  /// Changes the octets of a content.
  interface Change {
    void to(byte[] content);
  }

  /// A copy of a golden archive, to be broken.
  record Broken(Path directory, String name) {

    Report verify() throws IOException {
      return Verifier.verify(directory, GoldenArchiveTest.keys(name), Progress.NONE);
    }

    private byte[] read(String file) throws IOException {
      return Files.readAllBytes(directory.resolve(file));
    }

    private void write(String file, byte[] octets) throws IOException {
      Path path = directory.resolve(file);
      if (Files.exists(path)) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      }
      Files.write(path, octets);
    }

    long size(String file) throws IOException {
      return Files.size(directory.resolve(file));
    }

    List<Frame> frames(String name) throws IOException {
      try (FrameFile file = open(name)) {
        return GoldenArchive.frames(file);
      }
    }

    private FrameFile open(String file) throws IOException {
      LocalDisk disk = new LocalDisk(directory);
      FileId.Kind kind = file.startsWith("journal") ? FileId.Kind.JOURNAL : FileId.Kind.SEGMENT;
      FileId id = FileId.of(kind, file.substring(file.indexOf('/') + 1));
      return FrameFile.open(disk, new FileKeys(disk, GoldenArchiveTest.keys(name)), id);
    }

    /// The first frame of a kind.
    Frame frame(String file, Frame.Kind kind) throws IOException {
      return frames(file).stream().filter(frame -> frame.kind() == kind).findFirst().orElseThrow();
    }

    Frame lastFrame(String file) throws IOException {
      return frames(file).getLast();
    }

    long flip(String file, long frame, int offset) throws IOException {
      return flip(file, frame, offset, 1);
    }

    long flip(String file, long frame, int offset, int bits) throws IOException {
      byte[] octets = read(file);
      octets[(int) frame + offset] ^= (byte) bits;
      write(file, octets);
      return frame == 0 ? ANYWHERE : frame;
    }

    long flipPayload(String file, Frame.Kind kind) throws IOException {
      return flip(file, frame(file, kind).offset(), Frame.HEADER + 12);
    }

    /// Flips an octet of a payload and makes the checksums right.
    long forgePayload(String file, Frame.Kind kind) throws IOException {
      Frame frame = frame(file, kind);
      int from = (int) frame.offset() + Frame.HEADER;
      byte[] payload = Arrays.copyOfRange(read(file), from, from + frame.stored());
      payload[20] ^= 1;
      return put(file, frame, ForgedFrame.of(frame, frame.raw(), payload));
    }

    /// Changes the content of a frame and makes the checksums right.
    long forgeContent(String file, Frame.Kind kind, Change change) throws IOException {
      Frame frame = frame(file, kind);
      byte[] content;
      try (FrameFile open = open(file)) {
        content = open.content(frame);
      }
      change.to(content);
      return put(file, frame, ForgedFrame.of(frame, content));
    }

    /// Takes the last entry out of a table.
    long cutTable(String file) throws IOException {
      int entries = frame(file, Frame.Kind.TABLE).count();
      forge(file, Frame.Kind.TABLE, entries - 1, (entries - 1) * TableEntry.LENGTH);
      return ANYWHERE;
    }

    /// Makes a content longer, by zeros, or shorter, and the checksums right.
    long forge(String file, Frame.Kind kind, int count, int length) throws IOException {
      Frame frame = frame(file, kind);
      byte[] content;
      try (FrameFile open = open(file)) {
        content = open.content(frame);
      }
      Frame forged =
          new Frame(
              frame.kind(),
              frame.number(),
              frame.stored(),
              frame.raw(),
              frame.first(),
              count,
              frame.payloadCrc(),
              frame.offset());
      return put(file, frame, ForgedFrame.of(forged, Arrays.copyOf(content, length)));
    }

    /// Makes a file of zeros, which takes no room.
    long extend(String file, long length) throws IOException {
      try (RandomAccessFile extended =
          new RandomAccessFile(directory.resolve(file).toFile(), "rw")) {
        extended.setLength(length);
      }
      return ANYWHERE;
    }

    private long put(String file, Frame old, byte[] frame) throws IOException {
      byte[] octets = read(file);
      ByteArrayOutputStream forged = new ByteArrayOutputStream();
      forged.write(octets, 0, (int) old.offset());
      forged.writeBytes(frame);
      forged.write(octets, (int) old.end(), octets.length - (int) old.end());
      write(file, forged.toByteArray());
      return old.offset();
    }

    long swapFirstFrames(String file) throws IOException {
      List<Frame> frames = frames(file);
      byte[] octets = read(file);
      int one = (int) frames.get(0).offset();
      int two = (int) frames.get(0).end();
      int end = (int) frames.get(1).end();
      byte[] swapped = octets.clone();
      System.arraycopy(octets, two, swapped, one, end - two);
      System.arraycopy(octets, one, swapped, one + end - two, two - one);
      write(file, swapped);
      return one;
    }

    /// Puts a key in the place of another that a root key wraps which nobody has.
    long wrapAnew(String key) throws IOException {
      remove("keys/" + key);
      new FileKeys(new LocalDisk(directory), RootKeys.generate(new SecureRandom()))
          .createSecret(key, new byte[32]);
      return ANYWHERE;
    }

    long truncate(String file, long length) throws IOException {
      write(file, Arrays.copyOf(read(file), (int) length));
      return ANYWHERE;
    }

    long append(String file, String octets) throws IOException {
      Path path = directory.resolve(file);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
      Files.write(path, octets.getBytes(US_ASCII), StandardOpenOption.APPEND);
      return ANYWHERE;
    }

    long remove(String file) throws IOException {
      Files.delete(directory.resolve(file));
      return ANYWHERE;
    }

    long copy(String from, String to, long offset) throws IOException {
      write(to, read(from));
      return offset == 0 ? ANYWHERE : offset;
    }

    long putFromOther(String other, String file) throws IOException {
      Path from = Path.of("src/test/resources/golden").resolve(other).resolve(file);
      Files.copy(from, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      return ANYWHERE;
    }

    /// Signs a checkpoint, as one who has the log key can.
    long sign(String file, long size, byte[] root) throws IOException {
      LocalDisk disk = new LocalDisk(directory);
      FormatFile format = FormatFile.read(requireNonNull(disk.read("FORMAT")));
      Note.Verifier verifier = Note.Verifier.parse(format.logKey());
      byte[] seed = new FileKeys(disk, GoldenArchiveTest.keys(name)).openSecret("log");
      Checkpoint checkpoint = Checkpoint.of(verifier.name(), size, root);
      write(file, checkpoint.sign(Note.Signer.of(verifier, seed)));
      return ANYWHERE;
    }

    byte[] root(long size) throws IOException {
      return new TreeProofs(new LocalDisk(directory), "log/", size).root();
    }

    long otherId() throws IOException {
      String format = Files.readString(directory.resolve("FORMAT"));
      String id = HexFormat.of().formatHex(new byte[16]);
      Files.writeString(
          directory.resolve("FORMAT"), format.replaceFirst("\nid [0-9a-f]{32}", "\nid " + id));
      return 8;
    }
  }
}
