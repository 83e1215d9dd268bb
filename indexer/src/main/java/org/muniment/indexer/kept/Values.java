package org.muniment.indexer.kept;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.muniment.indexer.extract.Extraction;
import org.muniment.indexer.extract.ExtractionStatus;
import org.muniment.indexer.mail.PartPath;

/// The octets of values before they are packed.
///
/// ```
/// document = reason type language text count *(name)
/// message  = count *(kind path text)
/// kind     = one octet, see [KeptSection.Kind]
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
          out.writeInt(extraction.names().size());
          for (String name : extraction.names()) {
            string(out, name);
          }
        });
  }

  static Extraction extraction(ExtractionStatus status, byte[] value) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
    String reason = string(in);
    String type = string(in);
    String language = string(in);
    String text = string(in);
    List<String> names = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      names.add(string(in));
    }
    return new Extraction(status, reason, type, names, language, text);
  }

  static byte[] of(List<KeptSection> sections) {
    return write(
        out -> {
          out.writeInt(sections.size());
          for (KeptSection section : sections) {
            out.writeByte(section.kind().letter());
            string(out, section.path().toString());
            string(out, section.text());
          }
        });
  }

  static List<KeptSection> sections(byte[] value) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(value));
    List<KeptSection> sections = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      KeptSection.Kind kind = KeptSection.Kind.of((char) in.readUnsignedByte());
      sections.add(new KeptSection(kind, path(string(in)), string(in)));
    }
    return sections;
  }

  /// @throws IOException when it is none
  static PartPath path(String text) throws IOException {
    return text.isEmpty()
        ? PartPath.MESSAGE
        : PartPath.parse(text).orElseThrow(() -> new IOException("no number of a part: " + text));
  }

  private static void string(DataOutputStream out, String text) throws IOException {
    byte[] octets = text.getBytes(UTF_8);
    out.writeInt(octets.length);
    out.write(octets);
  }

  private static String string(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a text of " + length + " octets");
    }
    return new String(in.readNBytes(length), UTF_8);
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
