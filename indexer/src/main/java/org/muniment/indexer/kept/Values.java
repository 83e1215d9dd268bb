package org.muniment.indexer.kept;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.text.FoldedText;
import org.muniment.indexer.text.HeaderLines;

/// The octets of values before they are packed.
///
/// ```
/// document = reason type language text count *(name)
/// message  = count *(name value) count *(header) count *(text) count *(name)
/// count    = 4 octets, big-endian
/// others   = length, 4 octets, big-endian, then UTF-8
/// ```
final class Values {

  private Values() {}

  static byte[] of(Extraction extraction) {
    return write(
        out -> {
          string(out, extraction.reason());
          string(out, extraction.type());
          string(out, extraction.language());
          string(out, extraction.text());
          strings(out, extraction.names());
        });
  }

  static Extraction extraction(ExtractionStatus status, byte[] value) throws IOException {
    return read(
        value,
        in -> {
          String reason = string(in);
          String type = string(in);
          String language = string(in);
          String text = string(in);
          return new Extraction(status, reason, type, strings(in), language, text);
        });
  }

  static byte[] of(FoldedText folded) {
    return write(
        out -> {
          out.writeInt(folded.header().size());
          for (HeaderLines.Line line : folded.header()) {
            string(out, line.name());
            string(out, line.value());
          }
          strings(out, folded.inner());
          strings(out, folded.texts());
          strings(out, folded.files());
        });
  }

  static FoldedText folded(byte[] value) throws IOException {
    return read(
        value,
        in -> {
          List<HeaderLines.Line> header = new ArrayList<>();
          for (int left = in.getInt(); left > 0; left--) {
            header.add(new HeaderLines.Line(string(in), string(in)));
          }
          return new FoldedText(header, strings(in), strings(in), strings(in));
        });
  }

  private static void strings(DataOutputStream out, List<String> all) throws IOException {
    out.writeInt(all.size());
    for (String one : all) {
      string(out, one);
    }
  }

  private static List<String> strings(ByteBuffer in) {
    List<String> all = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      all.add(string(in));
    }
    return all;
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    byte[] octets = text.getBytes(UTF_8);
    out.writeInt(octets.length);
    out.write(octets);
  }

  private static String string(ByteBuffer in) {
    int length = in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    String text = new String(in.array(), in.arrayOffset() + in.position(), length, UTF_8);
    in.position(in.position() + length);
    return text;
  }

  private interface Reading<T> {
    T from(ByteBuffer in);
  }

  /// @throws IOException where the value ends before what is in it
  private static <T> T read(byte[] value, Reading<T> reading) throws IOException {
    try {
      return reading.from(ByteBuffer.wrap(value));
    } catch (BufferUnderflowException e) {
      throw new IOException("a value of " + value.length + " octets that ends too early", e);
    }
  }

  @FunctionalInterface
  private interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] write(Writing writing) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    try {
      writing.to(new DataOutputStream(octets));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return octets.toByteArray();
  }
}
