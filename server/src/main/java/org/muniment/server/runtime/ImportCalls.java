package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

  /// Between two lines of progress.
  private static final long STRIDE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

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

  /// Stops when the caller hangs up: who notices a mistake cannot take back what was archived.
  @Override
  public JsonNode handle(JsonNode request, ControlSocket.Caller caller) throws IOException {
    return json(imports.run(request(request), new Told(caller), caller::hungUp));
  }

  /// Tells the caller now and then.
  private static final class Told implements ImportProgress {
    private final ControlSocket.Caller caller;
    private long last = System.nanoTime();

    Told(ControlSocket.Caller caller) {
      this.caller = caller;
    }

    @Override
    public void at(long messages, long read, long total) {
      if (System.nanoTime() - last >= STRIDE_NANOS) {
        last = System.nanoTime();
        caller.accept(
            JsonNodeFactory.instance
                .objectNode()
                .put("messages", messages)
                .put("read", read)
                .put("total", total));
      }
    }
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
