package org.muniment.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.muniment.archive.Samples.append;
import static org.muniment.archive.Samples.entries;
import static org.muniment.archive.Samples.inbox;
import static org.muniment.archive.Samples.message;
import static org.muniment.archive.Samples.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.Progress;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.verify.Verifier;

/// Another root key for an archive with sealed messages, retired journals and new ones.
class RotationTest {

  private static final int MESSAGES = 20;

  @TempDir private Path directory;
  private final RootKeys old = RootKeys.generate(new SecureRandom());
  private final RootKeys fresh = RootKeys.generate(new SecureRandom());

  @Test
  void theNewKeyOpensEverythingAndNoDataIsRewritten() throws Exception {
    MailboxId inbox = write();
    Map<String, String> before = data();

    RootKeys both = RootKeys.of(fresh.current(), old.current());
    assertThat(new FileKeys(new LocalDisk(directory), both).rewrap()).isGreaterThan(2);

    assertThat(data()).isEqualTo(before).hasSizeGreaterThan(2);
    assertThatThrownBy(() -> Archive.open(directory, old))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining(fresh.current().id());
    try (Archive archive = Archive.open(directory, fresh)) {
      try (ArchiveWriter writer = archive.writer(new MapIndex())) {
        append(writer, inbox, MESSAGES + 1, message(MESSAGES + 1));
        writer.commit();
      }
      assertEveryMessageIsThere(archive, MESSAGES + 1);
    }
    assertThat(Verifier.verify(directory, fresh, Progress.NONE).findings()).isEmpty();
  }

  private MailboxId write() throws IOException {
    try (Archive archive = Archive.create(directory, "rotation.example", old);
        ArchiveWriter writer = archive.writer(new MapIndex())) {
      MailboxId inbox = inbox(writer);
      for (int i = 1; i <= MESSAGES; i++) {
        append(writer, inbox, i, message(i));
        if (i == MESSAGES / 2) {
          writer.commit();
          writer.seal(Progress.NONE);
        }
      }
      writer.commit();
      return inbox;
    }
  }

  private static void assertEveryMessageIsThere(Archive archive, int messages) throws IOException {
    int found = 0;
    for (Entry entry : entries(archive)) {
      if (entry.event() instanceof Event.Placement placement) {
        int uid = Math.toIntExact(Samples.sourceUid(placement));
        assertThat(read(archive, entry)).isEqualTo(message(uid));
        found++;
      }
    }
    assertThat(found).isEqualTo(messages);
  }

  /// SHA-256 of the files that hold frames.
  private Map<String, String> data() throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    for (String folder : new String[] {"journal", "segments"}) {
      try (Stream<Path> files = Files.list(directory.resolve(folder))) {
        for (Path file : files.toList()) {
          byte[] hash = TreeHash.sha256().digest(Files.readAllBytes(file));
          hashes.put(directory.relativize(file).toString(), HexFormat.of().formatHex(hash));
        }
      }
    }
    return hashes;
  }
}
