package org.muniment.server.export;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One zip file, which also holds what belongs to the export as a whole.
final class ZipTree implements Tree {

  /// Its name.
  static final String NAME = "export.zip";

  private final ZipFile zip;

  private ZipTree(FileChannel channel) {
    this.zip = new ZipFile(channel);
  }

  static ZipTree in(Path folder) throws IOException {
    return new ZipTree(OwnFiles.open(folder.resolve(NAME)));
  }

  @Override
  public void goOn(@Nullable Line last) throws IOException {
    zip.cut(last == null || last.span() == null ? 0 : last.span().end());
  }

  @Override
  public void begin(String folder) {
    // A folder is there with its first file.
  }

  @Override
  public Line.Span put(Item item, InputStream octets) throws IOException {
    ZipFile.Entry entry =
        zip.add(
            item.folder() + "/" + FileTree.emlName(item),
            item.then().internalDate(),
            item.then().length(),
            octets);
    return new Line.Span(entry.name(), entry.at(), entry.end() - entry.at(), entry.crc());
  }

  @Override
  public InputStream open(Line.Span span, long octets) throws IOException {
    return zip.open(entry(span, Instant.EPOCH, octets));
  }

  private static ZipFile.Entry entry(Line.Span span, Instant time, long octets) {
    return new ZipFile.Entry(span.path(), time, span.at(), span.end(), octets, span.crc());
  }

  @Override
  public void end(List<Path> files, Lines lines) throws IOException {
    List<ZipFile.Entry> added = new ArrayList<>();
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        added.add(
            zip.add(
                file.getFileName().toString(),
                Files.getLastModifiedTime(file).toInstant(),
                Files.size(file),
                in));
      }
    }
    try (Lines.Reading reading = lines.read()) {
      for (Line line = reading.next(); line != null; line = reading.next()) {
        if (line.span() != null) {
          zip.directory(entry(line.span(), time(line), line.octets()));
        }
      }
    }
    for (ZipFile.Entry entry : added) {
      zip.directory(entry);
    }
    zip.end();
  }

  private static Instant time(Line line) {
    return Instant.parse(line.row().path("internalDate").asText());
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
