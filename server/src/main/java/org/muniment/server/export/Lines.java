package org.muniment.server.export;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What was done so far, a JSON object a line, in the order of the export. The last line may be cut
/// by a crash; then it does not count.
final class Lines implements Closeable {

  private final Path file;
  private final FileChannel channel;
  private final ObjectMapper mapper = new ObjectMapper();

  private Lines(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Lines open(Path file) throws IOException {
    return new Lines(file, OwnFiles.open(file));
  }

  /// A line is there for the next process when this returns.
  void add(Line line) throws IOException {
    byte[] octets = mapper.writeValueAsBytes(line.json());
    ByteBuffer whole = ByteBuffer.allocate(octets.length + 1).put(octets).put((byte) '\n').flip();
    long at = channel.size();
    while (whole.hasRemaining()) {
      at += channel.write(whole, at);
    }
  }

  /// Forgets what follows an offset.
  void cut(long offset) throws IOException {
    channel.truncate(offset);
  }

  Reading read() throws IOException {
    return new Reading(new BufferedInputStream(Files.newInputStream(file), 1 << 16), mapper);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// Reads from the first line on.
  static final class Reading implements Closeable {
    private final InputStream in;
    private final ObjectMapper mapper;
    private long offset;

    Reading(InputStream in, ObjectMapper mapper) {
      this.in = in;
      this.mapper = mapper;
    }

    /// Null behind the last whole line.
    @Nullable Line next() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int octet = in.read(); octet != '\n'; octet = in.read()) {
        if (octet < 0) {
          return null;
        }
        line.write(octet);
      }
      try {
        Line next = Line.of(mapper.readTree(line.toByteArray()));
        offset += line.size() + 1;
        return next;
      } catch (JsonProcessingException | ClassCastException damaged) {
        return null;
      }
    }

    /// Where the line begins that comes next.
    long offset() {
      return offset;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
