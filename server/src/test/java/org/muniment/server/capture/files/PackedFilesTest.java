package org.muniment.server.capture.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedFilesTest {

  private static final String FROM = "From a@example.com Mon Jan  3 10:00:05 2005\n";
  private static final Instant TIME = Instant.parse("2011-02-03T04:05:06Z");
  private static final String[] MAILBOXES = {
    "INBOX", "Sent.2024", "alice", "export", "export/mail", "x/\u00fc"
  };

  @TempDir Path folder;
  private Path temporary;

  @BeforeEach
  void make() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
  }

  private static Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("Maildir/cur/1.a:2,FS", "root");
    files.put("Maildir/.Sent.2024/new/2.b", "sent");
    files.put("Maildir/tmp/3.c", "never read");
    files.put("alice/Maildir/cur/4.d:2,", "alice");
    files.put("export/one.EML", "Date: Mon, 3 Jan 2005 10:00:05 +0000\r\n\r\nNUL\0");
    files.put("export/mail.mbox", FROM + "S: a\n\n>From one\n\n" + FROM + "S: b\n\ntwo\n\n");
    files.put("export/notes.txt", "no mail");
    files.put("export/inner.zip", "PK");
    files.put("../../x/./\u00fc/escape.eml", "escape");
    files.put("l".repeat(120) + "/" + "m".repeat(120) + "/long.eml", "long");
    return files;
  }

  private static void assertAll(Collected found) {
    assertThat(found.failed).isEmpty();
    assertThat(found.byMailbox())
        .hasSize(MAILBOXES.length + 1)
        .containsKeys(MAILBOXES)
        .containsKey("l".repeat(120) + "/" + "m".repeat(120));
    assertThat(found.octets())
        .containsExactlyInAnyOrder(
            "root",
            "sent",
            "alice",
            "Date: Mon, 3 Jan 2005 10:00:05 +0000\r\n\r\nNUL\0",
            "S: a\n\nFrom one\n",
            "S: b\n\ntwo\n",
            "escape",
            "long");
    assertThat(found.messages.getFirst().flags()).containsExactly("\\Flagged", "\\Seen");
    assertThat(found.messages.getFirst().date()).isEqualTo(TIME);
    assertThat(found.skipped)
        .containsExactly("Maildir/tmp/3.c", "export/inner.zip", "export/notes.txt");
  }

  @Test
  void everythingInAZipArchiveIsFound() throws Exception {
    Path zip = folder.resolve("mail.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("folder/"));
      for (Map.Entry<String, String> file : files().entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setLastModifiedTime(FileTime.from(TIME));
        byte[] octets = file.getValue().getBytes(ISO_8859_1);
        if (file.getKey().endsWith("1.a:2,FS")) {
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(octets.length);
          CRC32 crc = new CRC32();
          crc.update(octets);
          entry.setCrc(crc.getValue());
        }
        out.putNextEntry(entry);
        out.write(octets);
      }
    }
    assertAll(Collected.of(ImportFormat.ZIP, zip, temporary));
    Path selfExtracting = folder.resolve("mail.exe");
    Files.writeString(selfExtracting, "a program");
    Files.write(selfExtracting, Files.readAllBytes(zip), StandardOpenOption.APPEND);
    assertAll(Collected.of(ImportFormat.ZIP, selfExtracting, temporary));
  }

  @Test
  void everythingInATarArchiveIsFoundCompressedOrNot() throws Exception {
    Path tar = folder.resolve("mail.tar");
    Path tgz = folder.resolve("mail.tgz");
    try (OutputStream plain = Files.newOutputStream(tar);
        OutputStream packed = new GZIPOutputStream(Files.newOutputStream(tgz))) {
      for (OutputStream out : new OutputStream[] {plain, packed}) {
        tar(out, "folder/", '5', new byte[0]);
        tar(out, "link.eml", '2', new byte[0]);
        for (Map.Entry<String, String> file : files().entrySet()) {
          tarFile(out, file.getKey(), file.getValue().getBytes(ISO_8859_1));
        }
        out.write(new byte[1024]);
      }
    }
    for (Path archive : new Path[] {tar, tgz}) {
      Collected found = Collected.of(ImportFormat.TAR, archive, temporary);
      assertThat(found.skipped.remove("link.eml")).isTrue();
      assertAll(found);
    }
  }

  @Test
  void aDamagedEntryOfAZipArchiveCostsNoOther() throws Exception {
    Path zip = folder.resolve("mail.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.setLevel(0);
      for (String name : new String[] {"a", "b", "c"}) {
        out.putNextEntry(new ZipEntry(name + ".eml"));
        out.write(("Subject: " + name + "\n\nuntouched").getBytes(UTF_8));
      }
    }
    byte[] octets = Files.readAllBytes(zip);
    int at = new String(octets, ISO_8859_1).indexOf("Subject: b");
    octets[at + 12] ^= 1;
    Files.write(zip, octets);
    Collected found = Collected.of(ImportFormat.ZIP, zip, temporary);
    assertThat(found.messages).hasSize(2);
    assertThat(found.failed).singleElement().asString().contains("b.eml").contains("damaged");
  }

  @Test
  void anArchiveThatIsCutGivesWhatItHasOrIsRefused() throws Exception {
    Path tar = folder.resolve("mail.tar");
    try (OutputStream out = Files.newOutputStream(tar)) {
      tarFile(out, "a.eml", "one".getBytes(UTF_8));
      tarFile(out, "b.eml", new byte[2_000]);
    }
    byte[] octets = Files.readAllBytes(tar);
    Files.write(tar, Arrays.copyOf(octets, octets.length - 1_000));
    Collected found = Collected.of(ImportFormat.TAR, tar, temporary);
    assertThat(found.octets()).containsExactly("one");
    assertThat(found.failed).anyMatch(line -> line.contains("b.eml") && line.contains("cut off"));
    Path text = Files.writeString(folder.resolve("text"), "x".repeat(5_000));
    for (ImportFormat format : new ImportFormat[] {ImportFormat.TAR, ImportFormat.ZIP}) {
      assertThatThrownBy(() -> Collected.of(format, text, temporary))
          .as("%s", format)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("archive");
    }
  }

  @Test
  void aNameThatIsTooLongOrTooDeepIsToldAndTheRestIsRead() throws Exception {
    Path tar = folder.resolve("mail.tar");
    try (OutputStream out = Files.newOutputStream(tar)) {
      tarFile(out, "n".repeat(5_000) + ".eml", "long".getBytes(UTF_8));
      tarFile(out, "d/".repeat(80) + "a.eml", "deep".getBytes(UTF_8));
      tarFile(out, "b.eml", "one".getBytes(UTF_8));
    }
    Collected found = Collected.of(ImportFormat.TAR, tar, temporary);
    assertThat(found.octets()).containsExactly("one");
    assertThat(found.failed)
        .satisfiesExactly(
            line -> assertThat(line).contains("nnn...").contains("octets"),
            line -> assertThat(line).contains("folders deep"));
  }

  @Test
  void anArchiveThatUnpacksToTooMuchIsStopped() throws Exception {
    Path zip = folder.resolve("bomb.zip");
    byte[] zeros = new byte[1 << 20];
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      out.putNextEntry(new ZipEntry("bomb.eml"));
      for (int i = 0; i < 400; i++) {
        out.write(zeros);
      }
    }
    Collected found = Collected.of(ImportFormat.ZIP, zip, temporary);
    assertThat(found.messages).isEmpty();
    assertThat(found.failed).singleElement().asString().contains("unpack to more");
    Path tgz = folder.resolve("bomb.tgz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(tgz))) {
      out.write(header("bomb.bin", '0', 400L << 20));
      for (int i = 0; i < 400; i++) {
        out.write(zeros);
      }
    }
    Collected fromTar = Collected.of(ImportFormat.TAR, tgz, temporary);
    assertThat(fromTar.failed).singleElement().asString().contains("unpack to more");
    assertThat(temporary).isEmptyDirectory();
  }

  @Test
  void noArchiveMakesTheReaderFailInAnUnexpectedWay() throws Exception {
    long seed = System.nanoTime();
    System.out.println("PackedFilesTest seed " + seed);
    Random random = new Random(seed);
    ByteArrayOutputStream zip = new ByteArrayOutputStream();
    try (ZipOutputStream out = new ZipOutputStream(zip)) {
      for (Map.Entry<String, String> file : files().entrySet()) {
        out.putNextEntry(new ZipEntry(file.getKey()));
        out.write(file.getValue().getBytes(ISO_8859_1));
      }
    }
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (Map.Entry<String, String> file : files().entrySet()) {
      tarFile(tar, file.getKey(), file.getValue().getBytes(ISO_8859_1));
    }
    for (int i = 0; i < 600; i++) {
      mutated(ImportFormat.ZIP, zip.toByteArray(), random);
      mutated(ImportFormat.TAR, tar.toByteArray(), random);
    }
    assertThat(temporary).isEmptyDirectory();
  }

  private void mutated(ImportFormat format, byte[] octets, Random random) throws IOException {
    for (int i = random.nextInt(8); i >= 0; i--) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
    }
    Path file =
        Files.write(
            folder.resolve("mutated"),
            random.nextInt(4) == 0 ? Arrays.copyOf(octets, random.nextInt(octets.length)) : octets);
    try {
      Collected.of(format, file, temporary);
    } catch (IOException refused) {
      assertThat(refused).hasMessageContaining("mutated");
    }
  }

  /// A file; its name in a pax header when it is long.
  private static void tarFile(OutputStream out, String name, byte[] octets) throws IOException {
    byte[] raw = name.getBytes(UTF_8);
    if (raw.length > 100) {
      String record = " path=" + name + "\n";
      int length = record.getBytes(UTF_8).length;
      length += Integer.toString(length + 3).length();
      tar(out, "pax", 'x', (length + record).getBytes(UTF_8));
    }
    tar(out, name, '0', octets);
  }

  private static void tar(OutputStream out, String name, char type, byte[] octets)
      throws IOException {
    out.write(header(name, type, octets.length));
    out.write(octets);
    out.write(new byte[(512 - octets.length % 512) % 512]);
  }

  private static byte[] header(String name, char type, long size) {
    byte[] block = new byte[512];
    byte[] raw = name.getBytes(UTF_8);
    System.arraycopy(raw, 0, block, 0, Math.min(100, raw.length));
    put(block, 100, "0000644");
    put(block, 124, "%011o".formatted(size));
    put(block, 136, "%011o".formatted(TIME.getEpochSecond()));
    block[156] = (byte) type;
    put(block, 257, "ustar\0" + "00");
    put(block, 148, "        ");
    int sum = 0;
    for (byte octet : block) {
      sum += octet & 0xFF;
    }
    put(block, 148, "%06o\0".formatted(sum));
    return block;
  }

  private static void put(byte[] block, int at, String text) {
    byte[] octets = text.getBytes(ISO_8859_1);
    System.arraycopy(octets, 0, block, at, octets.length);
  }
}
