package org.muniment.archive.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.store.Disk;
import org.muniment.archive.store.LocalDisk;

class TreeProofsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 8, 255, 256, 257, 700, 66_000})
  void everyLeafIsProvedToBeIn(int size) throws Exception {
    LogWriter log = log(size);
    TreeProofs proofs = new TreeProofs(disk(), "log/", size);
    assertThat(proofs.root()).isEqualTo(log.root());
    Random random = new Random(size);
    for (int i = 0; i < Math.min(size, 300); i++) {
      int leaf = size <= 300 ? i : random.nextInt(size);
      byte[] hash = TreeHash.leaf(leaf(leaf));
      byte[] wrong = TreeHash.leaf(leaf(leaf + 1));
      for (TreeProofs.Step step : proofs.inclusion(leaf)) {
        hash = step.above(hash);
        wrong = step.above(wrong);
      }
      assertThat(hash).as("leaf %d", leaf).isEqualTo(log.root());
      assertThat(wrong).as("leaf %d", leaf).isNotEqualTo(log.root());
    }
  }

  @Test
  void anOlderTreeIsProvedToBeTheBeginning() throws Exception {
    LogWriter log = log(0);
    byte[][] roots = new byte[601][];
    for (int size = 1; size <= 600; size++) {
      log.append(leaf(size - 1));
      roots[size] = log.root();
    }
    log.publish();
    TreeProofs proofs = new TreeProofs(disk(), "log/", 600);
    for (int older = 1; older <= 600; older++) {
      List<byte[]> proof = proofs.consistency(older);
      assertThat(consistent(older, 600, roots[older], roots[600], proof)).as("%d", older).isTrue();
      if (older > 1) {
        assertThat(consistent(older, 600, roots[older - 1], roots[600], proof)).isFalse();
      }
    }
  }

  @Test
  void aLogThatHasGrownStillProvesItsOlderSize() throws Exception {
    LogWriter log = log(300);
    byte[] root = log.root();
    for (int i = 300; i < 420; i++) {
      log.append(leaf(i));
      log.publish();
    }
    assertThat(new TreeProofs(disk(), "log/", 300).root()).isEqualTo(root);
  }

  @Test
  void thereIsNoProofOfWhatIsNotThere() throws Exception {
    TreeProofs proofs = new TreeProofs(disk(), "log/", log(5).size());
    assertThatThrownBy(() -> proofs.inclusion(5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> proofs.consistency(6)).isInstanceOf(IllegalArgumentException.class);
  }

  /// RFC 9162 section 2.1.4.2, step by step: the verifier of others.
  private static boolean consistent(
      long first, long second, byte[] firstRoot, byte[] secondRoot, List<byte[]> proof) {
    Deque<byte[]> path = new ArrayDeque<>(proof);
    if (first == second) {
      return path.isEmpty() && java.util.Arrays.equals(firstRoot, secondRoot);
    }
    if (Long.bitCount(first) == 1) {
      path.addFirst(firstRoot);
    }
    long fn = first - 1;
    long sn = second - 1;
    while ((fn & 1) == 1) {
      fn >>= 1;
      sn >>= 1;
    }
    byte[] fr = path.removeFirst();
    byte[] sr = fr;
    for (byte[] node : path) {
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        fr = TreeHash.node(node, fr);
        sr = TreeHash.node(node, sr);
        while ((fn & 1) == 0 && fn != 0) {
          fn >>= 1;
          sn >>= 1;
        }
      } else {
        sr = TreeHash.node(sr, node);
      }
      fn >>= 1;
      sn >>= 1;
    }
    return sn == 0
        && java.util.Arrays.equals(fr, firstRoot)
        && java.util.Arrays.equals(sr, secondRoot);
  }

  private LogWriter log(int size) throws Exception {
    LogWriter log = LogWriter.resume(disk(), "log/", Note.Signer.generate("proofs.example"), 0);
    for (int i = 0; i < size; i++) {
      log.append(leaf(i));
    }
    log.publish();
    return log;
  }

  private Disk disk() {
    return new LocalDisk(folder);
  }

  private static byte[] leaf(int number) {
    return Integer.toString(number).getBytes(UTF_8);
  }
}
