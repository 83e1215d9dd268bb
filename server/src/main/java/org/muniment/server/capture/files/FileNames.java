package org.muniment.server.capture.files;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.muniment.archive.event.SourceText;

/// Names of files and folders as octets, and the mailboxes that are called after them.
final class FileNames {

  static final String INBOX = "INBOX";

  private FileNames() {}

  /// The last level of a path, with the octets that the file system has.
  static SourceText of(Path path) {
    String name = String.valueOf(path.getFileName());
    if (name.chars().allMatch(c -> c < 0x80)) {
      return SourceText.of(name);
    }
    // What a Path shows as text depends on the locale; its URI has the octets, whatever they are.
    String uri = path.toUri().getRawPath();
    String encoded = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    return decoded(encoded.substring(encoded.lastIndexOf('/') + 1));
  }

  private static SourceText decoded(String encoded) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int i = 0; i < encoded.length(); i++) {
      if (encoded.charAt(i) == '%') {
        octets.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        octets.write(encoded.charAt(i));
      }
    }
    return SourceText.of(octets.toByteArray());
  }

  /// Some levels and one more.
  static List<SourceText> below(List<SourceText> levels, SourceText name) {
    List<SourceText> below = new ArrayList<>(levels);
    below.add(name);
    return List.copyOf(below);
  }

  /// The levels as one text.
  static SourceText joined(List<SourceText> levels, String delimiter) {
    return new SourceText(
        levels.stream().map(SourceText::octets).collect(Collectors.joining(delimiter)),
        levels.stream().map(SourceText::display).collect(Collectors.joining(delimiter)));
  }

  /// The levels as a path.
  static FilePlace place(List<SourceText> levels) {
    return new FilePlace(joined(levels, "/"), 0);
  }

  /// The mailbox that some levels of folders name: `INBOX` when there is none.
  static FileMessage.Mailbox mailbox(List<SourceText> levels) {
    return levels.isEmpty()
        ? mailbox(SourceText.of(INBOX), "/")
        : mailbox(joined(levels, "/"), "/");
  }

  static FileMessage.Mailbox mailbox(SourceText name, String delimiter) {
    return new FileMessage.Mailbox(name, delimiter);
  }

  /// Whether a name ends so, in any case of letters.
  static boolean endsWith(SourceText name, String end) {
    return name.octets().toLowerCase(Locale.ROOT).endsWith(end);
  }

  /// A name without an end that it may have; a name that is nothing else stays.
  static SourceText without(SourceText name, String end) {
    return endsWith(name, end) && name.octets().length() > end.length()
        ? SourceText.of(
            name.octets()
                .substring(0, name.octets().length() - end.length())
                .getBytes(StandardCharsets.ISO_8859_1))
        : name;
  }
}
