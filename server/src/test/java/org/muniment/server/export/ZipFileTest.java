package org.muniment.server.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipFileTest {

  private static final Instant TIME = Instant.parse("2021-02-03T04:05:06Z");

  @TempDir Path folder;

  private static InputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theJdkReadsEveryEntry() throws IOException {
    Path file = folder.resolve("a.zip");
    List<ZipFile.Entry> entries = new ArrayList<>();
    try (ZipFile zip = new ZipFile(OwnFiles.open(file))) {
      entries.add(zip.add("one/ä.eml", TIME, 5, in("hello")));
      entries.add(zip.add("empty", TIME, 0, in("")));
      assertThatIOException().isThrownBy(() -> zip.add("short", TIME, 9, in("hello")));
      zip.add("cut off", TIME, 5, in("hello"));
      zip.cut(entries.getLast().end());
      for (int i = 0; i < 70_000; i++) {
        entries.add(zip.add("many/" + i, TIME, 1, in("x")));
      }
      for (ZipFile.Entry entry : entries) {
        zip.directory(entry);
      }
      zip.end();
      try (InputStream read = zip.open(entries.getFirst())) {
        assertThat(read.readAllBytes()).asString().isEqualTo("hello");
      }
    }
    try (java.util.zip.ZipFile read = new java.util.zip.ZipFile(file.toFile())) {
      assertThat(read.size()).isEqualTo(entries.size());
      assertThat(read.getInputStream(read.getEntry("one/ä.eml")).readAllBytes())
          .asString()
          .isEqualTo("hello");
      assertThat(read.getEntry("many/69999").getLastModifiedTime().toInstant()).isEqualTo(TIME);
    }
    try (ZipInputStream read = new ZipInputStream(Files.newInputStream(file))) {
      assertThat(read.getNextEntry().getName()).isEqualTo("one/ä.eml");
      assertThat(read.readAllBytes()).asString().isEqualTo("hello");
    }
  }
}
