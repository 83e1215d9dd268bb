package org.muniment.server.capture.files;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.muniment.archive.event.SourceText;

/// A zip or tar archive. What a file in it is shows in its name and its beginning:
/// - in a folder `cur` or `new`, and not called `*.eml`: a message of a Maildir
/// - called `*.eml`: a message
/// - beginning with a From_ line: an mbox
/// - all else is no mail, and neither is an archive in the archive.
///
/// A folder `Maildir` is no level of a mailbox's name, nor is one called `.` or `..`.
final class PackedFiles implements MailFiles {

  private static final int BUFFER = 1 << 16;

  private static final int GZIP = 0x1f8b;

  /// Octets of a name in the archive, and those of a longer one that are told.
  private static final int LONGEST_NAME = 4_096;

  private static final int SHOWN = 100;

  private final Path path;
  private final ImportFormat format;
  private final Path temporary;

  PackedFiles(Path path, ImportFormat format, Path temporary) {
    this.path = path;
    this.format = format;
    this.temporary = temporary;
  }

  @Override
  public long octets() {
    try {
      // A zip archive is not read from its beginning to its end.
      return format == ImportFormat.ZIP ? 0 : Files.size(path);
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void read(FileReceiver receiver) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + " is no file");
    }
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        SingleFiles single = new SingleFiles(receiver, temporary)) {
      new Unpacking(file, single, receiver).read();
    }
  }

  /// The levels of a name in an archive, however it is written.
  static List<SourceText> levels(String name) {
    String separator = name.contains("/") ? "/" : "\\";
    List<SourceText> levels = new ArrayList<>();
    int begin = 0;
    while (begin <= name.length()) {
      int found = name.indexOf(separator, begin);
      int end = found < 0 ? name.length() : found;
      String level = name.substring(begin, end);
      if (!level.isEmpty() && !level.equals(".") && !level.equals("..")) {
        levels.add(SourceText.of(level.getBytes(StandardCharsets.ISO_8859_1)));
      }
      begin = end + 1;
    }
    return levels;
  }

  /// @param levels folders down to a file, and its name
  private static boolean isInMaildir(List<SourceText> levels) {
    String folder = levels.size() < 2 ? "" : levels.get(levels.size() - 2).octets();
    return folder.equals(Maildirs.CUR) || folder.equals(Maildirs.NEW);
  }

  private final class Unpacking {
    private final FileChannel file;
    private final SingleFiles single;
    private final FileReceiver receiver;
    private final Inflation inflation = new Inflation(() -> this.packed);

    /// Octets of the archive that were read so far; of a zip archive, all.
    private long packed;

    Unpacking(FileChannel file, SingleFiles single, FileReceiver receiver) {
      this.file = file;
      this.single = single;
      this.receiver = receiver;
    }

    void read() throws IOException {
      boolean any = false;
      PackedFile.Reader reader = null;
      while (true) {
        PackedFile next;
        try {
          reader = reader == null ? reader() : reader;
          next = reader.next();
        } catch (IOException e) {
          if (!any) {
            throw new IOException(path + " " + e.getMessage(), e);
          }
          // What came before is whole; that the rest is missing must be seen.
          receiver.failed(new FilePlace(FileNames.of(path), 0), Faults.reason(e));
          return;
        }
        if (next == null) {
          return;
        }
        any = true;
        take(next);
        receiver.at(position());
      }
    }

    private long position() {
      return format == ImportFormat.ZIP ? inflation.unpacked() : packed;
    }

    private PackedFile.Reader reader() throws IOException {
      if (format == ImportFormat.ZIP) {
        packed = file.size();
        return new ZipReader(file);
      }
      InputStream counted =
          new FilterInputStream(Channels.newInputStream(file)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
              int read = super.read(into, offset, length);
              packed += Math.max(0, read);
              return read;
            }
          };
      InputStream buffered = new BufferedInputStream(counted, BUFFER);
      InputStream tar = isGzip() ? new GZIPInputStream(buffered, BUFFER) : buffered;
      return new TarReader(new BufferedInputStream(inflation.counting(tar), BUFFER));
    }

    private boolean isGzip() throws IOException {
      ByteBuffer magic = ByteBuffer.allocate(2);
      return file.read(magic, 0) == 2 && (magic.getShort(0) & 0xFFFF) == GZIP;
    }

    private void take(PackedFile next) throws IOException {
      if (next.name().length() > LONGEST_NAME) {
        receiver.failed(
            FileNames.place(levels(next.name().substring(0, SHOWN) + "...")),
            "has a name of %,d octets".formatted(next.name().length()));
        return;
      }
      List<SourceText> levels = levels(next.name());
      FilePlace place = FileNames.place(levels);
      PackedFile.Content content = next.content();
      if (levels.isEmpty() || content == null) {
        receiver.skipped(place);
        return;
      }
      if (levels.size() > FolderTree.MAX_DEPTH) {
        receiver.failed(place, "lies more than " + FolderTree.MAX_DEPTH + " folders deep");
        return;
      }
      InputStream octets;
      try {
        octets = content.open();
      } catch (IOException e) {
        receiver.failed(place, Faults.reason(e));
        return;
      }
      try (InputStream in =
          new BufferedInputStream(
              format == ImportFormat.ZIP ? inflation.counting(octets) : octets, BUFFER)) {
        take(levels, next.modified(), in);
      }
    }

    private void take(List<SourceText> levels, Instant modified, InputStream in)
        throws IOException {
      if (FileNames.endsWith(levels.getLast(), EmlFiles.END)) {
        single.stream(EmlFiles.filed(levels, modified), in);
      } else if (isInMaildir(levels)) {
        single.stream(filed(levels, modified), in);
      } else {
        mbox(levels, modified, in);
      }
    }

    private SingleFiles.Filed filed(List<SourceText> levels, Instant modified) {
      List<SourceText> folders =
          levels.subList(0, levels.size() - 2).stream()
              .filter(level -> !level.octets().equalsIgnoreCase("Maildir"))
              .toList();
      return new SingleFiles.Filed(
          Maildirs.mailbox(folders),
          "maildir",
          FileNames.place(levels),
          modified,
          modified,
          MaildirName.of(levels.getLast().octets()).flags(List.of()));
    }

    private void mbox(List<SourceText> levels, Instant modified, InputStream in)
        throws IOException {
      try (MboxReader messages =
          new MboxReader(in, MboxInput.STREAM, false, Quoting.AS_SEEN, temporary)) {
        MboxFiles.deliver(messages, levels, modified, receiver, offset -> position());
      } catch (MboxReader.NotMboxException e) {
        receiver.skipped(FileNames.place(levels));
      }
    }
  }
}
