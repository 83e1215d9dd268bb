package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StructureLimitsTest {

  static String nested(int depth) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      text.append("Content-Type: multipart/mixed; boundary=q").append(i).append("q\n\n--q");
      text.append(i).append("q\n");
    }
    text.append("\nleaf\n");
    for (int i = depth - 1; i >= 0; i--) {
      text.append("--q").append(i).append("q--\n");
    }
    return text.toString();
  }

  private static int depth(Part part) {
    return part.children().isEmpty() ? 1 : 1 + depth(part.children().getFirst());
  }

  @Test
  void fiftyThousandNestedMultipartsAreReadToTheLimit() {
    Structure structure = Mails.read(nested(50_000));
    assertThat(depth(structure.root())).isEqualTo(StructureReader.MAX_DEPTH);
    assertThat(structure.defects()).extracting(Defect::kind).contains(Defect.Kind.TOO_DEEP);
    assertThat(StructureJson.read(StructureJson.write(structure))).isEqualTo(structure);
  }

  @Test
  void nestedMessagesAreReadToTheLimitAndBack() {
    Structure structure = Mails.read("Content-Type: message/rfc822\n\n".repeat(50_000));
    assertThat(structure.defects()).extracting(Defect::kind).contains(Defect.Kind.TOO_DEEP);
    assertThat(StructureJson.read(StructureJson.write(structure))).isEqualTo(structure);
  }

  @Test
  void aHundredThousandPartsAreReadToTheLimit() {
    String text =
        "Content-Type: multipart/mixed; boundary=b\n\n" + "--b\n\nx\n".repeat(100_000) + "--b--\n";
    Structure structure = Mails.read(text);
    assertThat(structure.root().children()).hasSize(StructureReader.MAX_PARTS - 1);
    assertThat(structure.root().children().getLast().end()).isEqualTo(structure.length());
  }

  @Test
  void aHeaderLineOfEightMegabytesIsCut() {
    Structure structure = Mails.read("Subject: " + "x".repeat(8 << 20) + "\nTo: a@b\n\nbody\n");
    assertThat(structure.envelope().subject()).hasSizeBetween(1, HeaderFields.MAX_OCTETS);
    assertThat(structure.root().size()).isEqualTo(6);
    assertThat(structure.defects()).extracting(Defect::kind).contains(Defect.Kind.HEADER_TOO_LONG);
  }

  @Test
  void allHeadersTogetherAreBounded() {
    String text =
        "Content-Type: multipart/digest; boundary=b\n\n"
            + ("--b\n\nSubject: " + "x".repeat(500_000) + "\n\n\n").repeat(40)
            + "--b--\n";
    Structure structure = Mails.read(text);
    assertThat(StructureJson.write(structure).length).isLessThan(2 * StructureReader.MAX_HEADERS);
    assertThat(structure.defects()).extracting(Defect::kind).contains(Defect.Kind.HEADER_TOO_LONG);
  }

  @Test
  void readingAllocatesNoMoreForALongBody() throws IOException {
    long small = allocated(1 << 20);
    long large = allocated(30 << 20);
    assertThat(large - small).isLessThan(100_000);
    assertThat(large).isLessThan(2 << 20);
  }

  private static long allocated(int bodyLength) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] header = Mails.crlf("Subject: s\nContent-Transfer-Encoding: base64\n\n");
    long before = threads.getCurrentThreadAllocatedBytes();
    Structure structure =
        StructureReader.read(
            new SequenceInputStream(new ByteArrayInputStream(header), new Base64Lines(bodyLength)));
    long after = threads.getCurrentThreadAllocatedBytes();
    assertThat(structure.length()).isEqualTo(header.length + bodyLength);
    assertThat(structure.defects()).isEmpty();
    return after - before;
  }

  /// Lines of base64 that nobody holds.
  private static final class Base64Lines extends InputStream {
    private static final byte[] LINE = Mails.lf("A".repeat(76) + "\r\n");
    private final int length;
    private int at;

    Base64Lines(int length) {
      this.length = length;
    }

    @Override
    public int read() {
      return at == length ? -1 : LINE[at++ % LINE.length];
    }

    @Override
    public int read(byte[] octets, int offset, int wanted) {
      int count = Math.min(wanted, length - at);
      for (int i = 0; i < count; i++) {
        octets[offset + i] = LINE[at++ % LINE.length];
      }
      return count == 0 ? -1 : count;
    }
  }
}
