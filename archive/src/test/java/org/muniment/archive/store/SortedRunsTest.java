package org.muniment.archive.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.muniment.archive.JavaProcess;

class SortedRunsTest {

  private static final int WIDTH = 73;
  private static final int MANY = 1_000_000;

  @Test
  void aFewRecordsComeInOrderAsOftenAsTheyAreRead() throws ArchiveException {
    try (SortedRuns runs = new SortedRuns(1)) {
      for (int octet : new int[] {0x80, 0, 0xff, 0x7f, 0}) {
        runs.add(new byte[] {(byte) octet});
      }
      for (int time = 0; time < 2; time++) {
        SortedRuns.Cursor cursor = runs.read();
        for (int octet : new int[] {0, 0, 0x7f, 0x80, 0xff}) {
          assertThat(cursor.next()).containsExactly(octet);
        }
        assertThat(cursor.next()).isNull();
      }
    }
  }

  @Test
  void moreRecordsThanMemoryHoldsComeInOrder() throws Exception {
    Process process = JavaProcess.of("32m", SortedRunsTest.class).start();
    process.inputReader().transferTo(java.io.Writer.nullWriter());
    assertThat(process.waitFor()).isZero();
  }

  /// Sorts 73 MB.
  public static void main(String[] arguments) throws ArchiveException {
    Random random = new Random(1);
    try (SortedRuns runs = new SortedRuns(WIDTH)) {
      long sum = 0;
      for (int i = 0; i < MANY; i++) {
        byte[] record = new byte[WIDTH];
        random.nextBytes(record);
        sum += ByteBuffer.wrap(record).getLong();
        runs.add(record);
      }
      SortedRuns.Cursor cursor = runs.read();
      byte[] last = new byte[WIDTH];
      for (int i = 0; i < MANY; i++) {
        byte[] next = cursor.next();
        if (next == null || Arrays.compareUnsigned(last, next) > 0) {
          throw new AssertionError("record " + i);
        }
        sum -= ByteBuffer.wrap(next).getLong();
        last = next;
      }
      if (sum != 0 || cursor.next() != null) {
        throw new AssertionError("not the records that were added");
      }
    }
  }
}
