package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.Import;
import org.muniment.server.capture.ImportOutcome;
import org.muniment.server.capture.ImportProgress;
import org.muniment.server.capture.ImportRequest;
import org.muniment.server.capture.files.ImportFormat;

/// An import that is asked for through the [ControlSocket], in JSON and back.
public final class ImportCalls implements ControlSocket.Handler {

  /// Of the command.
  static final String NAME = "import";

  /// Messages between two lines of progress: they are many, and small.
  private static final int STRIDE = 200;

  private final Import imports;

  ImportCalls(Import imports) {
    this.imports = imports;
  }

  /// The request to import.
  public static JsonNode request(ImportRequest request) {
    return ControlCalls.request(NAME)
        .put("format", request.format().word())
        .put("path", request.path().toString())
        .put("account", request.account().value())
        .put("mailbox", request.mailbox());
  }

  /// Hands on what a progress line tells.
  public static void tell(JsonNode progress, ImportProgress shown) {
    shown.at(
        progress.path("messages").asLong(),
        progress.path("read").asLong(),
        progress.path("total").asLong());
  }

  /// The outcome that the answer tells.
  public static ImportOutcome outcome(JsonNode answer) {
    return new ImportOutcome(
        new AccountName(answer.path("account").asText()),
        answer.path("added").asLong(),
        answer.path("octets").asLong(),
        answer.path("present").asLong(),
        answer.path("vanished").asLong(),
        answer.path("failed").asLong(),
        texts(answer.path("failures")),
        answer.path("skipped").asLong(),
        texts(answer.path("skippedFiles")),
        answer.path("stopped").asBoolean());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }

  @Override
  public JsonNode handle(JsonNode request, Consumer<JsonNode> progress) throws IOException {
    return json(
        imports.run(
            request(request),
            (messages, read, total) -> {
              if (messages % STRIDE == 0) {
                progress.accept(
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("messages", messages)
                        .put("read", read)
                        .put("total", total));
              }
            }));
  }

  private static ImportRequest request(JsonNode request) {
    ImportFormat format =
        ImportFormat.of(request.path("format").asText())
            .orElseThrow(
                () -> new IllegalArgumentException("no such format: is the server older?"));
    JsonNode mailbox = request.path("mailbox");
    return new ImportRequest(
        format,
        Path.of(request.path("path").asText()),
        new AccountName(request.path("account").asText()),
        mailbox.isTextual() ? mailbox.asText() : null);
  }

  /// An outcome as `--json` prints it.
  public static ObjectNode json(ImportOutcome outcome) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("account", outcome.account().value())
            .put("complete", outcome.complete())
            .put("added", outcome.added())
            .put("octets", outcome.octets())
            .put("present", outcome.present())
            .put("vanished", outcome.vanished())
            .put("failed", outcome.failed())
            .put("skipped", outcome.skipped())
            .put("stopped", outcome.stopped());
    add(json.putArray("failures"), outcome.failures());
    add(json.putArray("skippedFiles"), outcome.skippedFiles());
    return json;
  }

  private static void add(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
