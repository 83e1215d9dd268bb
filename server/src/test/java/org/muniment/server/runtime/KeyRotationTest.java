package org.muniment.server.runtime;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.crypto.FileKeys;
import org.muniment.archive.crypto.RootKeys;
import org.muniment.archive.store.LocalDisk;
import org.muniment.archive.store.StoreUnavailableException;

class KeyRotationTest {

  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final int FILES = 4;

  @TempDir private Path folder;
  private final RootKeys old = RootKeys.generate(new SecureRandom());
  private final Map<String, byte[]> sealed = new TreeMap<>();
  private Path before;
  private Path now;

  @BeforeEach
  void write() throws IOException, CannotStartException {
    before = Files.createDirectory(folder.resolve("before"));
    now = folder.resolve("now");
    keyFile(before).create(old);
    FileKeys keys = new FileKeys(archive(before), old);
    keys.createSecret("log", SECRET);
    for (String name : new String[] {"journal/1", "journal/2", "segments/1"}) {
      sealed.put(name, keys.create(name).seal(0, SECRET, SECRET, 0, SECRET.length));
    }
  }

  @Test
  void allIsWrappedUnderAKeyThatIsNew() throws Exception {
    KeyRotation.Outcome outcome = rotate(Integer.MAX_VALUE);
    assertThat(outcome.rewrapped()).isEqualTo(FILES);
    assertThat(outcome.resumed()).isFalse();
    assertThat(outcome.rootKeyId()).isNotEqualTo(old.current().id());
    assertEverythingOpens();
    assertThat(held().all()).hasSize(1);
    assertThat(new FileKeys(archive(now), held()).rootKeyIds())
        .containsExactly(outcome.rootKeyId())
        .containsExactly(held().current().id());
  }

  @Test
  void aCrashAtAnyStepLosesNoKeyAndTheNextRotationEndsIt() throws Exception {
    int steps = 1 + FILES + 1;
    for (int step = 0; step < steps; step++) {
      int replacements = step;
      assertThatThrownBy(() -> rotate(replacements)).isInstanceOf(StoreUnavailableException.class);
      assertEverythingOpens();
      KeyRotation.Outcome outcome = resume();
      assertThat(outcome.resumed()).as("step %d", step).isEqualTo(step > 0);
      assertThat(outcome.rewrapped()).isEqualTo(Math.min(FILES, FILES + 1 - step));
      assertEverythingOpens();
      assertThat(held().all()).hasSize(1);
      assertThat(held().current().id()).isNotEqualTo(old.current().id());
    }
  }

  @Test
  void whereAKeyIsMissingNothingIsChanged() throws Exception {
    new FileKeys(archive(before), RootKeys.generate(new SecureRandom())).create("segments/2");
    assertThatThrownBy(() -> rotate(Integer.MAX_VALUE))
        .isInstanceOf(CannotStartException.class)
        .hasMessageContaining("which is not given: nothing was changed");
    assertThat(held().text()).isEqualTo(old.text());
  }

  /// Begins with a fresh copy, and the power goes after so many replacements.
  private KeyRotation.Outcome rotate(int replacements) throws IOException, CannotStartException {
    copy();
    AtomicInteger left = new AtomicInteger(replacements);
    return new KeyRotation(StoppingDisk.of(archive(now), left), now.resolve("text"))
        .inFile(
            new RootKeyFile(
                now.resolve("muniment.key"), StoppingDisk.of(new LocalDisk(now), left)));
  }

  private KeyRotation.Outcome resume() throws IOException, CannotStartException {
    return new KeyRotation(archive(now), now.resolve("text")).inFile(keyFile(now));
  }

  private void assertEverythingOpens() throws Exception {
    FileKeys keys = new FileKeys(archive(now), held());
    assertThat(keys.openSecret("log")).isEqualTo(SECRET);
    for (Map.Entry<String, byte[]> file : sealed.entrySet()) {
      assertThat(keys.open(file.getKey()).open(0, SECRET, file.getValue())).isEqualTo(SECRET);
    }
  }

  private RootKeys held() throws IOException, CannotStartException {
    return keyFile(now).read().orElseThrow();
  }

  private static LocalDisk archive(Path where) {
    return new LocalDisk(where.resolve("archive"));
  }

  private static RootKeyFile keyFile(Path where) throws IOException {
    return new RootKeyFile(where.resolve("muniment.key"));
  }

  private void copy() throws IOException {
    try (Stream<Path> files = Files.walk(before)) {
      for (Path file : files.toList()) {
        Path copy = now.resolve(before.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(
              file, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
