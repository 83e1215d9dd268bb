package org.muniment.server.restore;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Writes what became of each message, for people and as JSON, each a file for its owner only that
/// is whole under its name.
///
/// ```
/// text  = *("# " sentence LF) *(message LF) "restored " n " of " n ", identical " n LF
/// message = verdict SP "UID" SP uid SP length SP sha256 SP source " -> " target [" (" note ")"]
/// json  = header LF *(message LF) totals LF     ; each one object
/// ```
final class Receipt {

  private static final int MOST_FAILURES = 20;

  private final Path text;
  private final Path json;
  private final List<String> failures = new ArrayList<>();

  /// @param text file for people
  /// @param json file for programs
  Receipt(Path text, Path json) {
    this.text = text;
    this.json = json;
  }

  /// Writes both.
  ///
  /// @param head what was restored to where, in sentences
  void write(Checkpoint checkpoint, Instant time, List<String> head, List<String> trouble)
      throws IOException {
    Path newText = begin(text);
    Path newJson = begin(json);
    try (Writer people = writer(newText);
        Writer programs = writer(newJson);
        JsonGenerator objects =
            new JsonFactory()
                .setRootValueSeparator("\n")
                .createGenerator(programs)
                .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      header(people, objects, time, head, trouble);
      checkpoint.lines(line -> message(line, people, objects));
      totals(checkpoint.totals(), people, objects);
    }
    end(newText, text);
    end(newJson, json);
  }

  private static void header(
      Writer people, JsonGenerator objects, Instant time, List<String> head, List<String> trouble)
      throws IOException {
    for (String sentence : head) {
      people.write("# " + plain(sentence) + "\n");
    }
    for (String sentence : trouble) {
      people.write("# TROUBLE: " + plain(sentence) + "\n");
    }
    objects.writeStartObject();
    objects.writeStringField("time", time.toString());
    objects.writeArrayFieldStart("restore");
    for (String sentence : head) {
      objects.writeString(sentence);
    }
    objects.writeEndArray();
    objects.writeArrayFieldStart("trouble");
    for (String sentence : trouble) {
      objects.writeString(sentence);
    }
    objects.writeEndArray();
    objects.writeEndObject();
  }

  private void message(Checkpoint.Line line, Writer people, JsonGenerator objects)
      throws IOException {
    String result = result(line);
    String note = line.words().isEmpty() ? line.note() : line.words();
    String sentence =
        "%-10s UID %d  %d octets  %s  %s -> %s%s"
            .formatted(
                result,
                line.uid(),
                line.length(),
                line.content(),
                line.source(),
                line.target(),
                note.isEmpty() ? "" : "  (" + note + ")");
    people.write(plain(sentence) + "\n");
    if (!result.equals(Verdict.IDENTICAL.word()) && failures.size() < MOST_FAILURES) {
      failures.add(plain(sentence));
    }
    objects.writeStartObject();
    objects.writeStringField("result", result);
    objects.writeStringField("mailbox", line.source());
    objects.writeNumberField("viewUid", line.sourceUid());
    objects.writeStringField("target", line.target());
    if (line.uid() > 0) {
      objects.writeNumberField("uid", line.uid());
    }
    objects.writeNumberField("length", line.length());
    objects.writeStringField("sha256", line.content().toString());
    if (!note.isEmpty()) {
      objects.writeStringField("note", note);
    }
    objects.writeEndObject();
  }

  /// A verdict; `refused`, `not sent` or `appended` where there is none.
  private static String result(Checkpoint.Line line) {
    if (!line.verdict().isEmpty()) {
      return line.verdict();
    }
    return switch (line.state()) {
      case "pending" -> "not sent";
      default -> line.state();
    };
  }

  private static void totals(Checkpoint.Totals totals, Writer people, JsonGenerator objects)
      throws IOException {
    people.write(sentence(totals) + "\n");
    objects.writeStartObject();
    objects.writeNumberField("planned", totals.planned());
    objects.writeNumberField("restored", totals.restored());
    objects.writeNumberField("identical", totals.identical());
    objects.writeEndObject();
    objects.writeRaw('\n');
  }

  /// The last line.
  static String sentence(Checkpoint.Totals totals) {
    return "restored %d of %d, identical %d"
        .formatted(totals.restored(), totals.planned(), totals.identical());
  }

  /// The first messages that are not there as they should be.
  List<String> failures() {
    return List.copyOf(failures);
  }

  /// One line: names and servers' words may hold anything.
  private static String plain(String text) {
    StringBuilder plain = new StringBuilder();
    text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
        .forEach(plain::appendCodePoint);
    return plain.toString();
  }

  private static Path begin(Path file) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(unfinished);
    return unfinished;
  }

  private static Writer writer(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return new BufferedWriter(
        new OutputStreamWriter(Channels.newOutputStream(channel), StandardCharsets.UTF_8));
  }

  private static void end(Path unfinished, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
