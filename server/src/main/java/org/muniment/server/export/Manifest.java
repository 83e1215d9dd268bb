package org.muniment.server.export;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.Evidence;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.SourceText;
import org.muniment.archive.event.UidValidity;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.archive.log.TreeHash;
import org.muniment.archive.log.TreeProofs;
import org.muniment.server.selection.Selection;

/// What an export says of itself: `manifest.json`, the same as a table in `manifest.csv`,
/// `SHA256SUMS` for `sha256sum -c`, and `README.txt`.
final class Manifest {

  static final String JSON = "manifest.json";
  static final String CSV = "manifest.csv";
  static final String SUMS = "SHA256SUMS";
  static final String README = "README.txt";

  private static final int FORMAT_VERSION = 1;

  private static final List<String> COLUMNS =
      List.of(
          "path",
          "sha256",
          "octets",
          "account",
          "mailbox",
          "uidValidity",
          "uid",
          "internalDate",
          "flags",
          "captured",
          "atSource",
          "provenance",
          "leaf",
          "leafHash",
          "proof",
          "problem");

  private final Plan plan;
  private final ExportRequest request;
  private final String archiveId;
  private final SignedCheckpoint checkpoint;
  private final String logKey;

  Manifest(
      Plan plan,
      ExportRequest request,
      String archiveId,
      SignedCheckpoint checkpoint,
      String logKey) {
    this.plan = plan;
    this.request = request;
    this.archiveId = archiveId;
    this.checkpoint = checkpoint;
    this.logKey = logKey;
  }

  /// What is said of a message that is not, or not yet, exported.
  static ObjectNode row(Item item) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    row.put("sha256", item.then().content().toString())
        .put("octets", item.then().length())
        .put("account", item.mailbox().account().value())
        .put("mailbox", String.join("/", item.mailbox().path()))
        .put("mailboxId", item.mailbox().id().value())
        .put("uidValidity", item.mailbox().uidValidity().value())
        .put("uid", item.then().uid().value())
        .put("internalDate", item.then().internalDate().toString());
    var flags = row.putArray("flags");
    item.then().flags().stream().map(SourceText::display).sorted().forEach(flags::add);
    row.put("captured", item.place().captured().toString()).put("atSource", item.then().there());
    row.putObject("provenance")
        .put("protocol", item.place().provenance().protocol())
        .put("host", item.place().provenance().host())
        .put("user", item.place().provenance().user());
    row.set("source", source(item.place().source()));
    return row;
  }

  private static ObjectNode source(Event.SourceId source) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    switch (source) {
      case Event.SourceUid uid -> {
        UidValidity validity = uid.uidValidity();
        json.put("uidValidity", validity.value()).put("uid", uid.uid().value());
      }
      case Event.Uidl uidl -> json.put("uidl", uidl.uniqueId().display());
      case Event.ImportedFrom file ->
          json.put("format", file.format())
              .put("file", file.path().display())
              .put("synthetic", file.synthetic());
    }
    return json;
  }

  /// Adds what shows that a message is in the log. `event`, `leaf.json`: the very octets.
  static void prove(ObjectNode row, Evidence evidence) {
    byte[] hash = TreeHash.leaf(evidence.leaf());
    row.putObject("leaf")
        .put("index", evidence.index())
        .put("hash", HexFormat.of().formatHex(hash))
        .put("json", new String(evidence.leaf(), StandardCharsets.UTF_8));
    row.put("event", new String(evidence.event(), StandardCharsets.UTF_8))
        .put("blind", HexFormat.of().formatHex(evidence.blind()));
    var proof = row.putArray("proof");
    for (TreeProofs.Step step : evidence.path()) {
      proof.add(HexFormat.of().formatHex(step.node()));
    }
  }

  /// Writes the files.
  ///
  /// @param to where
  /// @param folder where the messages are
  List<Path> write(Path to, Path folder, Lines lines, ExportOutcome outcome, Instant ended)
      throws IOException {
    List<Path> files = new ArrayList<>();
    files.add(json(to.resolve(JSON), lines, outcome, ended));
    files.add(csv(to.resolve(CSV), lines));
    Path readme = to.resolve(README);
    OwnFiles.write(readme, readme(outcome).getBytes(StandardCharsets.UTF_8));
    files.add(readme);
    files.add(sums(to.resolve(SUMS), folder, files, lines));
    return files;
  }

  private Path json(Path file, Lines lines, ExportOutcome outcome, Instant ended)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    try (JsonGenerator json =
        mapper.getFactory().createGenerator(OwnFiles.create(file)).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeNumberField("version", FORMAT_VERSION);
      json.writeStringField("begun", plan.begun().toString());
      json.writeStringField("ended", ended.toString());
      json.writeStringField("archive", archiveId);
      request(json);
      json.writeObjectFieldStart("checkpoint");
      json.writeStringField("origin", checkpoint.checkpoint().origin());
      json.writeNumberField("size", checkpoint.checkpoint().size());
      json.writeStringField("root", checkpoint.checkpoint().root());
      json.writeStringField("note", checkpoint.note());
      json.writeStringField("logKey", logKey);
      json.writeEndObject();
      json.writeNumberField("planned", outcome.planned());
      json.writeNumberField("exported", outcome.exported());
      json.writeNumberField("identical", outcome.identical());
      json.writeNumberField("octets", outcome.octets());
      messages(json, "messages", false, lines);
      messages(json, "exceptions", true, lines);
      json.writeEndObject();
    }
    return file;
  }

  private void request(JsonGenerator json) throws IOException {
    Selection selection = request.selection();
    json.writeObjectFieldStart("request");
    json.writeStringField("format", request.format().name().toLowerCase(Locale.ROOT));
    text(json, "account", request.account() == null ? null : request.account().value());
    text(json, "mailbox", selection.mailbox().isEmpty() ? null : selection.mailbox());
    text(json, "query", selection.query());
    text(json, "asOf", selection.asOf() == null ? null : selection.asOf().toString());
    json.writeBooleanField("withGone", selection.withGone());
    json.writeNumberField("position", plan.position());
    json.writeEndObject();
  }

  private static void text(JsonGenerator json, String name, @Nullable String text)
      throws IOException {
    if (text != null) {
      json.writeStringField(name, text);
    }
  }

  private static void messages(JsonGenerator json, String name, boolean problems, Lines lines)
      throws IOException {
    json.writeArrayFieldStart(name);
    try (Lines.Reading reading = lines.read()) {
      for (Line line = reading.next(); line != null; line = reading.next()) {
        if (problems ? line.row().has("problem") : line.span() != null) {
          json.writeTree(line.row());
        }
      }
    }
    json.writeEndArray();
  }

  private static Path csv(Path file, Lines lines) throws IOException {
    try (Writer csv =
            new BufferedWriter(
                new OutputStreamWriter(OwnFiles.create(file), StandardCharsets.UTF_8));
        Lines.Reading reading = lines.read()) {
      csv.write(Csv.line(COLUMNS));
      for (Line line = reading.next(); line != null; line = reading.next()) {
        csv.write(Csv.line(cells(line.row())));
      }
    }
    return file;
  }

  private static List<String> cells(JsonNode row) {
    List<String> cells = new ArrayList<>();
    for (String column : COLUMNS) {
      cells.add(
          switch (column) {
            case "flags", "proof" -> joined(row.path(column));
            case "provenance" -> provenance(row.path(column));
            case "leaf" -> row.path(column).path("index").asText();
            case "leafHash" -> row.path("leaf").path("hash").asText();
            default -> row.path(column).asText();
          });
    }
    return cells;
  }

  private static String joined(JsonNode texts) {
    List<String> all = new ArrayList<>();
    texts.forEach(text -> all.add(text.asText()));
    return String.join(" ", all);
  }

  private static String provenance(JsonNode provenance) {
    return String.join(
            " ",
            provenance.path("protocol").asText(),
            provenance.path("host").asText(),
            provenance.path("user").asText())
        .strip();
  }

  /// Files in which messages lie, and those that tell of them, each with its SHA-256.
  private Path sums(Path file, Path folder, List<Path> others, Lines lines) throws IOException {
    try (Writer sums =
            new BufferedWriter(
                new OutputStreamWriter(OwnFiles.create(file), StandardCharsets.UTF_8));
        Lines.Reading reading = lines.read()) {
      Set<String> shared = new HashSet<>();
      for (Line line = reading.next(); line != null; line = reading.next()) {
        Line.Span span = line.span();
        if (span != null && request.format() != ExportFormat.MBOX) {
          sums.write(line.sha256() + "  " + span.path() + "\n");
        } else if (span != null && shared.add(span.path())) {
          sums.write(sha256(folder.resolve(span.path())) + "  " + span.path() + "\n");
        }
      }
      for (Path other : others) {
        sums.write(sha256(other) + "  " + other.getFileName() + "\n");
      }
    }
    return file;
  }

  static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return sha256(in);
    }
  }

  static String sha256(InputStream in) throws IOException {
    MessageDigest digest = TreeHash.sha256();
    DigestInputStream digested = new DigestInputStream(in, digest);
    digested.transferTo(OutputStream.nullOutputStream());
    return HexFormat.of().formatHex(digest.digest());
  }

  private String readme(ExportOutcome outcome) {
    return """
        MAIL FROM AN ARCHIVE

        %s. %d of %d messages, %d octets; a message that lies in several mailboxes counts
        in each of them. %s

        manifest.json   all about each message: file, SHA-256, mailbox, UID, flags, dates, where
                        it came from, and the proof that the archive's log has held it
        manifest.csv    the same as a table, without the event; a cell that a spreadsheet would
                        take for a formula has ' before it
        SHA256SUMS      check that no file was changed since:

                          sha256sum --quiet -c SHA256SUMS

        Each message in manifest.json has "event" (where and when it was captured), "blind" and
        "leaf". The log holds a commitment to the event, SHA-256(blind || event), and no more:

          leaf hash = SHA-256(0x00 || leaf.json)

        "proof" leads from there to the root in "checkpoint" as RFC 9162 section 2.1.3.2 says, for
        leaf "index" of a tree of "size" leaves. The checkpoint is a signed note
        (c2sp.org/tlog-checkpoint); "logKey" is the key. Compare it with the one that the
        archive's owner made known.
        """
        .formatted(
            String.join(", ", plan.key().split("\n", -1)),
            outcome.exported(),
            outcome.planned(),
            outcome.octets(),
            outcome.problems().isEmpty()
                ? "Every one was read again here, octet for octet."
                : "The list \"exceptions\" in manifest.json says what is not as it should be.");
  }
}
