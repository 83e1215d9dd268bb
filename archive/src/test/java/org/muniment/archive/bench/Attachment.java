package org.muniment.archive.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32;

/// A document sent with mail. Its octets have the outline and the entropy of its kind and can be
/// made again at any time, so that a corpus remembers thousands of them in little memory.
///
/// @param name of the file
/// @param size about how many octets
/// @param seed the octets depend on the kind, the size and this
/// @param revision 0, or how often it was revised: a revision shares its beginning with the others
record Attachment(Kind kind, String name, int size, long seed, int revision) {

  /// Kinds of documents; most of them compressed by the program that wrote them.
  enum Kind {
    PDF("application/pdf", ".pdf"),
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    JPEG("image/jpeg", ".jpg"),
    PNG("image/png", ".png"),
    ZIP("application/zip", ".zip"),
    DOC("application/msword", ".doc"),
    CSV("text/csv", ".csv");

    final String type;
    final String suffix;

    Kind(String type, String suffix) {
      this.type = type;
      this.suffix = suffix;
    }
  }

  private static final int SIGNATURE = 4_200;
  private static final int MEMBER = 40_000;
  private static final int CHUNK = 8_192;
  private static final int SECTOR = 512;

  /// The octets of a detached signature: all random.
  static byte[] signature(RandomGenerator random) {
    byte[] octets = new byte[SIGNATURE];
    random.nextBytes(octets);
    return octets;
  }

  Attachment revised() {
    return new Attachment(kind, name, size, seed, revision + 1);
  }

  byte[] octets() {
    SplittableRandom random = new SplittableRandom(seed);
    ByteBuffer out = ByteBuffer.allocate(size + size / 8 + (64 << 10));
    switch (kind) {
      case PDF -> pdf(random, out);
      case DOCX, XLSX, ZIP -> zip(random, out);
      case JPEG -> jpeg(random, out);
      case PNG -> png(random, out);
      case DOC -> doc(random, out);
      case CSV -> csv(random, out);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  /// What changed since the document it is a revision of.
  private RandomGenerator changes() {
    return new SplittableRandom(seed ^ (revision * 0x9E3779B97F4A7C15L));
  }

  /// Objects with compressed streams; a revision adds some at the end.
  private void pdf(RandomGenerator random, ByteBuffer out) {
    text(out, "%PDF-1.5\n%\u00e2\u00e3\u00cf\u00d3\n");
    int number = 1;
    while (out.position() < size) {
      number = pdfPage(random, out, number);
    }
    for (int i = 0; i < revision; i++) {
      number = pdfPage(changes(), out, number);
    }
    text(out, "xref\n0 %d\n".formatted(number));
    for (int i = 0; i < number; i++) {
      text(out, "%010d 00000 n \n".formatted((long) out.position() * i / number));
    }
    text(
        out,
        "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n".formatted(number, size));
  }

  private int pdfPage(RandomGenerator random, ByteBuffer out, int number) {
    int length = Math.max(200, Math.min(size - out.position(), 1_500 + random.nextInt(30_000)));
    text(
        out,
        """
        %d 0 obj
        << /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R >>
        endobj
        %d 0 obj
        << /Length %d /Filter /FlateDecode >>
        stream
        """
            .formatted(number, number + 1, number + 1, length));
    noise(random, out, length);
    text(out, "\nendstream\nendobj\n");
    return number + 2;
  }

  /// Members that are compressed already; a revision changes the first.
  private void zip(RandomGenerator random, ByteBuffer out) {
    boolean office = kind != Kind.ZIP;
    ByteBuffer directory =
        ByteBuffer.allocate(200 * (2 + size / 500)).order(ByteOrder.LITTLE_ENDIAN);
    out.order(ByteOrder.LITTLE_ENDIAN);
    int count = 0;
    while (out.position() < size) {
      int length = Math.max(150, Math.min(size - out.position(), 500 + random.nextInt(MEMBER)));
      String member = (office ? "content/part%d.xml" : "folder/file%d.dat").formatted(count);
      int offset = out.position();
      int checksum = random.nextInt();
      out.putInt(0x04034b50).putInt(0x00080014).putShort((short) 8).putInt(0x21000000);
      out.putInt(checksum).putInt(length).putInt(length * 4).putShort((short) member.length());
      out.putShort((short) 0);
      text(out, member);
      noise(count == 0 && revision > 0 ? changes() : random, out, length);
      directory.putInt(0x02014b50).putInt(0x00140014).putInt(0x00080008).putInt(0x21000000);
      directory.putInt(checksum).putInt(length).putInt(length * 4);
      directory.putShort((short) member.length()).putLong(0).putInt(0).putInt(offset);
      text(directory, member);
      count++;
    }
    int begin = out.position();
    out.put(directory.flip());
    out.putInt(0x06054b50).putInt(0).putShort((short) count).putShort((short) count);
    out.putInt(out.position() - begin).putInt(begin).putShort((short) 0);
  }

  /// Tables, then entropy-coded octets, in which each 0xFF is followed by 0.
  private void jpeg(RandomGenerator random, ByteBuffer out) {
    out.putInt(0xFFD8FFE0).putShort((short) 16);
    text(out, "JFIF\0\1\2\0\0\1\0\1\0\0");
    out.putInt(0xFFDB0084);
    for (int i = 0; i < 130; i++) {
      out.put((byte) (2 + i % 65));
    }
    out.putInt(0xFFDA000C);
    text(out, "picture %d rev %d ".formatted(seed & 0xFFFF, revision));
    byte[] block = new byte[CHUNK];
    while (out.position() < size) {
      random.nextBytes(block);
      for (byte octet : block) {
        out.put(octet);
        if (octet == (byte) 0xFF) {
          out.put((byte) 0);
        }
      }
    }
    out.putShort((short) 0xFFD9);
  }

  /// Chunks with their checksums.
  private void png(RandomGenerator random, ByteBuffer out) {
    out.putLong(0x89504E470D0A1A0AL);
    chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(1_024).putInt(768).put((byte) 8).array());
    chunk(
        out,
        "tEXt",
        "Comment\0revision %d".formatted(revision).getBytes(StandardCharsets.US_ASCII));
    while (out.position() < size) {
      byte[] data = new byte[Math.max(64, Math.min(CHUNK, size - out.position()))];
      random.nextBytes(data);
      chunk(out, "IDAT", data);
    }
    chunk(out, "IEND", new byte[0]);
  }

  private static void chunk(ByteBuffer out, String type, byte[] data) {
    CRC32 checksum = new CRC32();
    checksum.update(type.getBytes(StandardCharsets.US_ASCII));
    checksum.update(data);
    out.putInt(data.length);
    text(out, type);
    out.put(data).putInt((int) checksum.getValue());
  }

  /// Sectors of text in two octets a character, of pictures and of nothing.
  private void doc(RandomGenerator random, ByteBuffer out) {
    out.putLong(0xD0CF11E0A1B11AE1L).putInt(revision);
    byte[] sector = new byte[SECTOR];
    while (out.position() < size) {
      Arrays.fill(sector, (byte) 0);
      switch (random.nextInt(4)) {
        case 0 -> {}
        case 1 -> random.nextBytes(sector);
        default -> {
          for (int i = 0; i < SECTOR; i += 2) {
            sector[i] = (byte) " etaoinshrdlucmf".charAt(random.nextInt(16));
          }
        }
      }
      out.put(sector);
    }
  }

  private void csv(RandomGenerator random, ByteBuffer out) {
    text(out, "number;date;customer;amount;version %d\n".formatted(revision));
    int number = random.nextInt(100_000);
    while (out.position() < size) {
      number++;
      text(
          out,
          "%d;2024-%02d-%02d;C%05d;%d.%02d\n"
              .formatted(
                  number,
                  1 + random.nextInt(12),
                  1 + random.nextInt(28),
                  random.nextInt(3_000),
                  random.nextInt(10_000),
                  random.nextInt(100)));
    }
  }

  private static void noise(RandomGenerator random, ByteBuffer out, int length) {
    byte[] octets = new byte[length];
    random.nextBytes(octets);
    out.put(octets);
  }

  private static void text(ByteBuffer out, String text) {
    out.put(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
