package org.muniment.archive;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.id;
import static org.muniment.archive.Samples.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.EventJson;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.format.FileId;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.FrameFile;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Progress;
import org.muniment.archive.verify.Report;
import org.muniment.archive.verify.Verifier;

/// Archives of every frozen format are kept in the tree for ever, and this program reads them.
class GoldenArchiveTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"1/encrypted", "1/plain"})
  void everyMessageIsReadToTheOctet(String name) throws IOException {
    Map<String, Long> found = new HashMap<>();
    try (Archive archive = Archive.open(copy(name), keys(name))) {
      for (Entry entry : entries(archive)) {
        if (entry.event() instanceof Event.Placement placement && entry.location() != null) {
          byte[] octets = read(archive, entry);
          assertThat(id(octets)).isEqualTo(placement.content());
          found.put(placement.content().toString(), (long) octets.length);
        }
      }
    }
    assertThat(found).isEqualTo(messages(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/encrypted", "1/plain"})
  void itIsSound(String name) throws IOException {
    Report report = Verifier.verify(copy(name), keys(name), Progress.NONE);
    assertThat(report.findings()).isEmpty();
    assertThat(report.messages()).isGreaterThanOrEqualTo(messages(name).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/encrypted", "1/plain"})
  void itCanBeAppendedToAndSealed(String name) throws IOException {
    Path directory = copy(name);
    MapIndex index = new MapIndex();
    long size;
    try (Archive archive = Archive.open(directory, keys(name));
        ArchiveWriter writer = archive.writer(index)) {
      size = archive.size();
      index.follow(archive);
      append(writer, inbox(archive), 1_000, "Subject: new\r\n\r\n".getBytes(US_ASCII));
      writer.commit();
      assertThat(writer.seal(Progress.NONE)).isNotNull();
    }
    Report report = Verifier.verify(directory, keys(name), Progress.NONE);
    assertThat(report.findings()).isEmpty();
    assertThat(report.leaves()).isEqualTo(size + 2);
    assertThat(report.messages()).isGreaterThan(messages(name).size());
  }

  private static MailboxId inbox(Archive archive) throws IOException {
    return entries(archive).stream()
        .map(Entry::event)
        .filter(Event.MailboxCreated.class::isInstance)
        .map(event -> ((Event.MailboxCreated) event).id())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/encrypted", "1/plain"})
  void itHoldsEveryKindOfFrameAndEvent(String name) throws IOException {
    Path directory = copy(name);
    Set<String> events = new TreeSet<>();
    try (Archive archive = Archive.open(directory, keys(name))) {
      entries(archive).forEach(entry -> events.add(EventJson.type(entry.event())));
    }
    assertThat(events).containsExactly("mailbox", "placement", "poll", "recovery", "seal");
    assertThat(frames(directory, keys(name))).isEqualTo(EnumSet.allOf(Frame.Kind.class));
  }

  private static Set<Frame.Kind> frames(Path directory, RootKeys keys) throws IOException {
    Disk disk = new LocalDisk(directory);
    Set<Frame.Kind> kinds = EnumSet.noneOf(Frame.Kind.class);
    for (FileId.Kind kind : FileId.Kind.values()) {
      for (String number : disk.list(kind.folder())) {
        FileId id = FileId.of(kind, number);
        try (FrameFile file = FrameFile.open(disk, new FileKeys(disk, keys), id)) {
          GoldenArchive.frames(file).forEach(frame -> kinds.add(frame.kind()));
        }
      }
    }
    return kinds;
  }

  @ParameterizedTest
  @ValueSource(strings = {"1/encrypted", "1/plain"})
  void itsEventsAreCanonical(String name) throws IOException {
    try (Archive archive = Archive.open(copy(name), keys(name))) {
      for (Entry entry : entries(archive)) {
        byte[] json = archive.evidence(entry.index()).event();
        assertThat(CanonicalJson.write(CanonicalJson.read(json))).isEqualTo(json);
      }
    }
  }

  private static Map<String, Long> messages(String name) throws IOException {
    List<String> lines = Files.readAllLines(golden().resolve(name).resolveSibling("messages"));
    return lines.stream()
        .map(line -> line.split(" "))
        .collect(Collectors.toMap(fields -> fields[0], fields -> Long.parseLong(fields[1])));
  }

  static RootKeys keys(String name) throws IOException {
    return name.endsWith("plain")
        ? RootKeys.NONE
        : RootKeys.parse(Files.readString(golden().resolve(name).resolveSibling("test-root-key")));
  }

  private Path copy(String name) throws IOException {
    return copy(name, folder.resolve("archive"));
  }

  static Path copy(String name, Path to) throws IOException {
    Path from = golden().resolve(name);
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
    return to;
  }

  /// Read from the source tree, not from where a build copied it.
  private static Path golden() {
    return Path.of("src/test/resources/golden");
  }
}
