package org.muniment.archive.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.muniment.archive.store.ArchiveException;
import org.muniment.archive.store.CorruptArchiveException;
import org.muniment.archive.store.StoreRefusedException;
import org.muniment.archive.store.StoreUnavailableException;

class FileKeysTest {

  private static final byte[] SECRET = "0123456789abcdef0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] NOTHING = {};

  private final MemoryDisk disk = new MemoryDisk();
  private final RootKey first = SoftwareRootKey.generate(new SecureRandom());
  private final RootKey second = SoftwareRootKey.generate(new SecureRandom());
  private final FileKeys keys = new FileKeys(disk, RootKeys.of(first));

  @Test
  void theKeyOfAFileIsFoundAgain() throws Exception {
    byte[] sealed = keys.create("journal/1").seal(0, NOTHING, SECRET, 0, SECRET.length);
    assertThat(keys.open("journal/1").open(0, NOTHING, sealed)).isEqualTo(SECRET);
    assertThat(disk.files).containsOnlyKeys("keys/journal/1");
    assertThat(new String(octets("keys/journal/1"), US_ASCII))
        .matches("muniment wrapped key 1\nroot " + first.id() + "\nkey [0-9a-f]{80}\n");
  }

  @Test
  void eachFileHasAKeyOfItsOwn() throws Exception {
    byte[] sealed = keys.create("journal/1").seal(0, NOTHING, SECRET, 0, SECRET.length);
    keys.create("journal/2");
    assertThatThrownBy(() -> keys.open("journal/2").open(0, NOTHING, sealed))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void noKeyIsOverwritten() throws Exception {
    keys.create("journal/1");
    byte[] before = octets("keys/journal/1");
    assertThatThrownBy(() -> keys.create("journal/1"))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessage("cannot create the key keys/journal/1: it exists");
    assertThat(disk.read("keys/journal/1")).isEqualTo(before);
  }

  @Test
  void noKeyIsMadeWhereARotationDoesNotLook() {
    assertThatIllegalArgumentException().isThrownBy(() -> keys.create("elsewhere/1"));
    assertThatIllegalArgumentException().isThrownBy(() -> keys.create("journal/1/2"));
  }

  @Test
  void aKeyIsDeletedOnceOrMore() throws Exception {
    keys.create("journal/1");
    keys.delete("journal/1");
    keys.delete("journal/1");
    assertThat(disk.files).isEmpty();
    keys.create("journal/1");
  }

  @Test
  void aSecretIsWrapped() throws Exception {
    keys.createSecret("log", SECRET);
    assertThat(keys.openSecret("log")).isEqualTo(SECRET);
    assertThat(new String(octets("keys/log"), US_ASCII)).startsWith("muniment wrapped key 1\n");
  }

  @Test
  void withoutEncryptionOnlySecretsHaveFiles() throws Exception {
    FileKeys none = new FileKeys(disk, RootKeys.NONE);
    assertThat(none.create("journal/1")).isSameAs(FrameCipher.NONE);
    assertThat(none.open("journal/1")).isSameAs(FrameCipher.NONE);
    none.createSecret("log", SECRET);
    assertThat(none.openSecret("log")).isEqualTo(SECRET);
    assertThat(disk.files).containsOnlyKeys("keys/log");
    assertThat(new String(octets("keys/log"), US_ASCII))
        .matches("muniment key 1\nkey [0-9a-f]{64}\n");
    assertThat(none.rootKeyIds()).isEmpty();
    assertThat(none.rootKeyId("log")).isNull();
    assertThat(none.rewrap()).isZero();
  }

  @Test
  void aMissingRootKeyIsNamedWithThoseThatAreGiven() throws Exception {
    keys.create("journal/1");
    keys.createSecret("log", SECRET);
    FileKeys other = new FileKeys(disk, RootKeys.of(second));
    assertThatThrownBy(() -> other.open("journal/1"))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("keys/journal/1 can be opened with root key " + first.id() + " only")
        .hasMessageContaining("given " + second.id());
    FileKeys none = new FileKeys(disk, RootKeys.NONE);
    assertThatThrownBy(() -> none.open("journal/1"))
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining("none is given");
    assertThatThrownBy(() -> none.openSecret("log")).isInstanceOf(StoreRefusedException.class);
    assertThat(none.rootKeyIds()).containsExactly(first.id());
    assertThat(none.rootKeyId("log")).isEqualTo(first.id());
    assertThat(none.rootKeyId("segments/1")).isNull();
  }

  @Test
  void aMissingOrDamagedKeyIsNamed() throws Exception {
    assertThatThrownBy(() -> keys.open("segments/1"))
        .isInstanceOf(CorruptArchiveException.class)
        .hasMessage("keys/segments/1: expected a key, found no file");
    keys.create("segments/1");
    byte[] right = octets("keys/segments/1");
    for (int i = 0; i < right.length; i++) {
      byte[] wrong = right.clone();
      wrong[i] ^= 1;
      disk.files.put("keys/segments/1", wrong);
      assertThatThrownBy(() -> keys.open("segments/1"))
          .isInstanceOf(ArchiveException.class)
          .hasMessageContaining("keys/segments/1");
      disk.files.put("keys/segments/1", Arrays.copyOf(right, i));
      assertThatThrownBy(() -> keys.open("segments/1"))
          .isInstanceOf(CorruptArchiveException.class)
          .hasMessageStartingWith("keys/segments/1: expected ");
    }
  }

  @Test
  void aDamagedPlainSecretIsNamed() throws Exception {
    FileKeys none = new FileKeys(disk, RootKeys.NONE);
    none.createSecret("log", SECRET);
    byte[] right = octets("keys/log");
    disk.files.put("keys/log", Arrays.copyOf(right, right.length - 1));
    assertThatThrownBy(() -> none.openSecret("log"))
        .isInstanceOf(CorruptArchiveException.class)
        .hasMessage("keys/log: expected a key, found something else");
  }

  @Test
  void aRotationCutShortAnywhereIsEndedByTheNext() throws Exception {
    Map<String, byte[]> sealed = sealedBefore();
    TreeMap<String, byte[]> before = new TreeMap<>(disk.files);
    RootKeys both = RootKeys.of(second, first);
    for (int writes = 0; writes < 5; writes++) {
      disk.files.putAll(before);
      disk.writesLeft = writes;
      assertThatThrownBy(() -> new FileKeys(disk, both).rewrap())
          .isInstanceOf(StoreUnavailableException.class);
      disk.writesLeft = Integer.MAX_VALUE;
      assertOpens(new FileKeys(disk, both), sealed);
      assertThat(new FileKeys(disk, both).rewrap()).isEqualTo(5 - writes);
      assertThat(new FileKeys(disk, both).rewrap()).isZero();
      FileKeys after = new FileKeys(disk, RootKeys.of(second));
      assertOpens(after, sealed);
      assertThat(after.rootKeyIds()).containsExactly(second.id());
    }
  }

  @Test
  void aRotationWithoutTheOldKeyChangesNothing() throws Exception {
    sealedBefore();
    TreeMap<String, byte[]> before = new TreeMap<>(disk.files);
    assertThatThrownBy(() -> new FileKeys(disk, RootKeys.of(second)).rewrap())
        .isInstanceOf(StoreRefusedException.class)
        .hasMessageContaining(first.id());
    assertThat(disk.files).isEqualTo(before);
  }

  private byte[] octets(String file) {
    return requireNonNull(disk.read(file));
  }

  private Map<String, byte[]> sealedBefore() throws ArchiveException {
    keys.createSecret("log", SECRET);
    Map<String, byte[]> sealed = new TreeMap<>();
    for (String name : new String[] {"journal/1", "journal/2", "segments/1", "segments/2"}) {
      sealed.put(name, keys.create(name).seal(0, NOTHING, SECRET, 0, SECRET.length));
    }
    return sealed;
  }

  private static void assertOpens(FileKeys keys, Map<String, byte[]> sealed) throws Exception {
    for (Map.Entry<String, byte[]> file : sealed.entrySet()) {
      assertThat(keys.open(file.getKey()).open(0, NOTHING, file.getValue())).isEqualTo(SECRET);
    }
    assertThat(keys.openSecret("log")).isEqualTo(SECRET);
  }
}
