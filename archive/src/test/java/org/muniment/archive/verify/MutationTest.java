package org.muniment.archive.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.Archive;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.format.FormatFile;
import org.muniment.archive.format.Frame;
import org.muniment.archive.format.JournalFile;
import org.muniment.archive.format.SegmentFile;
import org.muniment.archive.log.TilePath;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.FormatTooNewException;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;

/// Whatever is changed in an archive, verification finds it.
class MutationTest {

  private static final RootKeys KEYS = RootKeys.generate(new SecureRandom());

  @TempDir Path folder;

  @Test
  void everyOfSomeMutationsIsFound() throws IOException {
    mutate(KEYS, 90);
    mutate(RootKeys.NONE, 60);
  }

  @Test
  @Tag("slow")
  void everyOfManyMutationsIsFound() throws IOException {
    mutate(KEYS, 1_500);
    mutate(RootKeys.NONE, 1_000);
  }

  private enum Kind {
    FLIP,
    ZEROS,
    CUT,
    LONGER,
    REMOVED,
    OLDER,
    FRAMES_SWAPPED,
    FILES_SWAPPED,
    FOREIGN
  }

  private void mutate(RootKeys keys, int times) throws IOException {
    long seed = new Random().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    Path directory = folder.resolve(keys.isEmpty() ? "plain" : "encrypted");
    SampleArchive sample = SampleArchive.create(directory, keys, seed);
    Map<String, byte[]> older = SampleArchive.files(directory);
    try (Archive archive = Archive.open(directory, keys)) {
      sample.session(archive, 7, false);
      sample.keepCheckpoint();
    }
    Map<String, byte[]> files = SampleArchive.files(directory);
    Path other = folder.resolve(keys.isEmpty() ? "other plain" : "other encrypted");
    SampleArchive.create(other, keys, seed + 1);
    Map<String, byte[]> foreign = SampleArchive.files(other);
    assertThat(verify(directory, keys).findings()).isEmpty();
    for (int done = 0; done < times; ) {
      Kind kind = Kind.values()[done % Kind.values().length];
      List<String> names = List.copyOf(files.keySet());
      String name = names.get(random.nextInt(names.size()));
      Map<String, byte[]> changed = change(kind, name, files, older, foreign, random);
      if (changed != null) {
        String what = "seed " + seed + ", mutation " + done + ": " + kind + " " + name;
        SampleArchive.write(directory, changed);
        if (kind == Kind.REMOVED) {
          Files.delete(directory.resolve(name));
        }
        assertThat(found(directory, keys, kind, name)).as(what).isTrue();
        for (String touched : changed.keySet()) {
          SampleArchive.write(directory, only(files, touched));
        }
        done++;
      }
    }
    assertThat(verify(directory, keys).findings()).isEmpty();
  }

  private static Map<String, byte[]> only(Map<String, byte[]> files, String name) {
    Map<String, byte[]> one = new TreeMap<>();
    byte[] octets = files.get(name);
    if (octets != null) {
      one.put(name, octets);
    }
    return one;
  }

  /// What stands in the files that the mutation changes; null when it changes nothing that counts.
  private static @Nullable Map<String, byte[]> change(
      Kind kind,
      String name,
      Map<String, byte[]> files,
      Map<String, byte[]> older,
      Map<String, byte[]> foreign,
      Random random) {
    byte[] before = files.getOrDefault(name, new byte[0]);
    // The number of the process that had the lock is no part of the archive.
    boolean replacedTile = name.contains(".p/") && !isNeeded(name, files);
    if (name.equals("lock") || before.length == 0 || replacedTile) {
      return null;
    }
    Map<String, byte[]> changed = new TreeMap<>();
    byte[] octets = before.clone();
    int at = random.nextInt(octets.length);
    switch (kind) {
      case FLIP -> octets[at] ^= (byte) (1 << random.nextInt(8));
      case ZEROS ->
          Arrays.fill(octets, at, Math.min(octets.length, at + 1 + random.nextInt(99)), (byte) 0);
      case CUT -> octets = Arrays.copyOf(octets, at);
      case LONGER -> {
        if (name.equals(lastJournal(files))) {
          // This is what a crash leaves, and a note.
          return null;
        }
        octets = Arrays.copyOf(octets, octets.length + 1 + random.nextInt(99));
      }
      case REMOVED -> {
        if (!isNeeded(name, files)) {
          return null;
        }
        octets = new byte[0];
      }
      case OLDER -> octets = older.getOrDefault(name, octets);
      case FRAMES_SWAPPED -> octets = swapped(name, octets, random);
      case FILES_SWAPPED -> {
        List<String> siblings = new ArrayList<>(files.keySet());
        siblings.removeIf(
            s -> s.equals(name) || !parent(s).equals(parent(name)) || s.equals("lock"));
        if (siblings.isEmpty()) {
          return null;
        }
        String sibling = siblings.get(random.nextInt(siblings.size()));
        octets = files.getOrDefault(sibling, octets);
        changed.put(sibling, before);
      }
      case FOREIGN -> {
        octets = foreign.getOrDefault(name, octets);
        byte[] key = foreign.get("keys/" + name);
        if (key != null && random.nextBoolean()) {
          changed.put("keys/" + name, key);
        }
      }
    }
    changed.put(name, octets);
    return Arrays.equals(octets, before) ? null : changed;
  }

  private static String lastJournal(Map<String, byte[]> files) {
    return files.keySet().stream().filter(n -> n.startsWith("journal/")).reduce("", (a, b) -> b);
  }

  private static String parent(String name) {
    return name.substring(0, name.lastIndexOf('/') + 1);
  }

  /// Journals whose messages were sealed may go; that one of the checkpoints that were sent outside
  /// is kept here no more, only those outside can tell; and a tile that a wider one took the place
  /// of says nothing that the wider one does not.
  private static boolean isNeeded(String name, Map<String, byte[]> files) {
    if (name.startsWith("log/checkpoints/")) {
      return false;
    }
    if (name.startsWith("journal/")) {
      return name.compareTo(SampleArchive.FIRST_UNSEALED) >= 0;
    }
    return !name.contains(".p/")
        || TilePath.partials(size(files)).stream()
            .anyMatch(tile -> name.equals("log/" + tile.name()) && !isWiderThere(tile, files));
  }

  private static boolean isWiderThere(TilePath tile, Map<String, byte[]> files) {
    for (int width = tile.width() + 1; width <= TilePath.FULL; width++) {
      if (files.containsKey("log/" + tile.ofWidth(width).name())) {
        return true;
      }
    }
    return false;
  }

  private static long size(Map<String, byte[]> files) {
    byte[] note = files.getOrDefault("log/checkpoint", new byte[0]);
    return Long.parseLong(new String(note, US_ASCII).split("\n", -1)[1]);
  }

  /// The file with two frames in each other's place.
  private static byte[] swapped(String name, byte[] octets, Random random) {
    boolean journal = name.startsWith("journal/");
    if (!journal && !name.startsWith("segments/")) {
      return octets;
    }
    List<byte[]> frames = new ArrayList<>();
    int first = journal ? JournalFile.HEADER : SegmentFile.HEADER;
    int end = octets.length - (journal ? 0 : SegmentFile.TRAILER);
    for (int at = first; at < end; ) {
      int next = at + Frame.HEADER + ByteBuffer.wrap(octets).getInt(at + 12);
      frames.add(Arrays.copyOfRange(octets, at, next));
      at = next;
    }
    int one = random.nextInt(frames.size());
    frames.set(one, frames.set(random.nextInt(frames.size()), frames.get(one)));
    ByteBuffer swapped = ByteBuffer.allocate(octets.length).put(octets, 0, first);
    frames.forEach(swapped::put);
    return swapped.put(octets, end, octets.length - end).array();
  }

  /// Whether verification finds something, and names the file where nothing else can be meant. Only
  /// without a right `FORMAT` it may refuse, for then it cannot know what it is looking at.
  private static boolean found(Path directory, RootKeys keys, Kind kind, String name)
      throws ArchiveException {
    try {
      Report report = verify(directory, keys);
      boolean named =
          kind != Kind.FLIP
              || name.equals("FORMAT")
              || report.findings().stream().anyMatch(f -> f.file().equals(name));
      return !report.sound() && named;
    } catch (FormatTooNewException | StoreRefusedException e) {
      return name.equals(FormatFile.NAME);
    }
  }

  private static Report verify(Path directory, RootKeys keys) throws ArchiveException {
    return Verifier.verify(directory, keys, Progress.NONE);
  }
}
