package org.muniment.server.capture.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmlFilesTest {

  private static final Instant TIME = Instant.parse("2011-02-03T04:05:06Z");

  @TempDir Path folder;
  private Path temporary;
  private Path tree;

  @BeforeEach
  void make() throws IOException {
    temporary = Files.createDirectory(folder.resolve("temporary"));
    tree = Files.createDirectory(folder.resolve("tree"));
  }

  @Test
  void foldersAreMailboxesAndOtherFilesAreNamed() throws Exception {
    add("a.eml", "top");
    add("Sent/b.EML", "sent");
    add("Sent/\u00dcber/c.eml", "low\0\r\n");
    add("Sent/readme.txt", "no mail");
    Collected found = Collected.of(ImportFormat.EML, tree, temporary);
    assertThat(found.byMailbox()).containsOnlyKeys("INBOX", "Sent", "Sent/\u00dcber");
    assertThat(found.octets()).containsExactlyInAnyOrder("top", "sent", "low\0\r\n");
    assertThat(found.skipped).containsExactly("Sent/readme.txt");
  }

  @Test
  void theDateIsThatOfTheHeaderAndElseThatOfTheFile() throws Exception {
    Path dated = add("a.eml", "Received: x (a; b)\r\n ; Tue, 4 Jan 2005 12:00:00 GMT\r\n\r\nx");
    assertThat(Collected.of(ImportFormat.EML, dated, temporary).only().date())
        .isEqualTo(Instant.parse("2005-01-04T12:00:00Z"));
    Path undated = add("b.eml", "Date: Tue, 44 Jan 2005 12:00:00 GMT\r\n\r\nx");
    assertThat(Collected.of(ImportFormat.EML, undated, temporary).only().date()).isEqualTo(TIME);
  }

  @Test
  void aMessageLargerThanMemoryIsReadThroughAFileThatIsRemoved() throws Exception {
    String octets = "Subject: large\r\n\r\n" + "x".repeat(3_000_000);
    assertThat(Collected.of(ImportFormat.EML, add("a.eml", octets), temporary).only().octets())
        .isEqualTo(octets);
    assertThat(temporary).isEmptyDirectory();
  }

  private Path add(String name, String octets) throws IOException {
    Path file = tree.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, octets);
    return Files.setLastModifiedTime(file, FileTime.from(TIME));
  }
}
