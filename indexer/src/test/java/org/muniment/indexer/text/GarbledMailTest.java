package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.muniment.indexer.mail.Mails;

class GarbledMailTest {

  private static final int ROUNDS = 3000;

  /// Octets that the reading of one octet of mail may allocate.
  private static final long ALLOCATED_PER_OCTET = 200;

  /// Octets that may be allocated for one text or file, mostly buffers.
  private static final long ALLOCATED_PER_SECTION = 256 << 10;

  private static final long ALLOCATED_PER_MESSAGE = 4 << 20;

  @Test
  void noMailThrowsOrTakesMuchMemory() throws IOException {
    long seed = System.nanoTime();
    System.out.println("GarbledMailTest seed " + seed);
    Random random = new Random(seed);
    List<byte[]> mails = AwkwardMail.all();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int round = 0; round < ROUNDS; round++) {
      byte[] mail = mails.get(random.nextInt(mails.size()));
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        mail = garbled(mail, mails.get(random.nextInt(mails.size())), random);
      }
      long before = threads.getCurrentThreadAllocatedBytes();
      int sections = read(mail);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before)
          .as("round %d of seed %d", round, seed)
          .isLessThan(
              ALLOCATED_PER_MESSAGE
                  + ALLOCATED_PER_SECTION * sections
                  + ALLOCATED_PER_OCTET * mail.length);
    }
  }

  /// Reads all texts, and all files inside them; how many there are.
  static int read(byte[] mail) throws IOException {
    int[] sections = {0};
    Texts.message(mail)
        .forEach(
            section -> {
              sections[0]++;
              if (section instanceof MessageText.Section.Enclosed file) {
                try (InputStream in = file.octets().open()) {
                  in.transferTo(OutputStream.nullOutputStream());
                }
              }
              return true;
            });
    return sections[0];
  }

  private static byte[] garbled(byte[] mail, byte[] other, Random random) {
    if (mail.length == 0) {
      return other;
    }
    int at = random.nextInt(mail.length);
    int to = at + random.nextInt(Math.min(200, mail.length - at) + 1);
    return switch (random.nextInt(5)) {
      case 0 -> Arrays.copyOf(mail, at);
      case 1 -> flipped(mail, at, random);
      case 2 -> spliced(mail, at, at, Arrays.copyOf(other, random.nextInt(other.length + 1)));
      case 3 -> spliced(mail, at, to, new byte[0]);
      default -> spliced(mail, at, at, repeated(Arrays.copyOfRange(mail, at, to), random));
    };
  }

  private static byte[] flipped(byte[] mail, int at, Random random) {
    byte[] flipped = mail.clone();
    flipped[at] ^= (byte) (1 << random.nextInt(8));
    return flipped;
  }

  private static byte[] repeated(byte[] piece, Random random) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int i = random.nextInt(50); i > 0; i--) {
      octets.writeBytes(piece);
    }
    return octets.toByteArray();
  }

  private static byte[] spliced(byte[] mail, int from, int to, byte[] piece) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    octets.write(mail, 0, from);
    octets.writeBytes(piece);
    octets.write(mail, to, mail.length - to);
    return octets.toByteArray();
  }

  @Test
  void eachAwkwardMailRepeatedIsReadInLinearTime() {
    for (byte[] mail : AwkwardMail.all()) {
      String text = new String(mail, StandardCharsets.ISO_8859_1);
      byte[] body = Mails.lf(text + text.repeat((4 << 20) / text.length()));
      byte[] header = Mails.lf(text.substring(0, text.indexOf('\n') + 1).repeat(20_000) + text);
      Assertions.assertTimeout(Duration.ofSeconds(20), () -> read(body));
      Assertions.assertTimeout(Duration.ofSeconds(20), () -> read(header));
    }
  }
}
