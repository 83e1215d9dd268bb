package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.muniment.archive.event.AccountName;
import org.muniment.server.capture.CaptureOutcome;
import org.muniment.server.capture.CaptureProgress;
import org.muniment.server.capture.CaptureReport;
import org.muniment.server.capture.CaptureService;

/// A capture run that is asked for through the [ControlSocket], in JSON and back.
public final class CaptureCalls implements ControlSocket.Handler {

  /// Of the command.
  static final String NAME = "capture";

  private final CaptureService service;

  CaptureCalls(CaptureService service) {
    this.service = service;
  }

  /// How the run of one account ended, in words.
  ///
  /// @param missing what the archive does not have of it, `""` when it is complete
  /// @param deleted messages that were deleted at the source
  /// @param kept why they were not more, `""` when all went well
  /// @param until when it is tried at the earliest, `""` for a run that was made
  public record Result(
      String account,
      boolean complete,
      long messages,
      long octets,
      String missing,
      long deleted,
      String kept,
      String until) {

    /// Of an outcome.
    public static Result of(CaptureOutcome outcome) {
      return switch (outcome) {
        case CaptureOutcome.Finished finished ->
            new Result(
                finished.account().value(),
                finished.complete(),
                finished.messages(),
                finished.octets(),
                CaptureReport.missing(finished.receipt()),
                finished.deleted().messages(),
                finished.deleted().trouble(),
                "");
        case CaptureOutcome.Aborted aborted ->
            new Result(aborted.account().value(), false, 0, 0, aborted.reason(), 0, "", "");
        case CaptureOutcome.Postponed postponed ->
            new Result(
                postponed.account().value(),
                false,
                0,
                0,
                postponed.reason(),
                0,
                "",
                postponed.until().toString());
      };
    }
  }

  /// The request to capture `accounts`.
  ///
  /// @param evenSo also those for which it is not the time
  public static JsonNode request(Set<AccountName> accounts, boolean evenSo) {
    ObjectNode request = ControlCalls.request(NAME);
    request.put("evenSo", evenSo);
    ArrayNode names = request.putArray("accounts");
    accounts.forEach(account -> names.add(account.value()));
    return request;
  }

  /// The step that a progress line tells.
  public static CaptureProgress.Step step(JsonNode progress) {
    return new CaptureProgress.Step(
        new AccountName(progress.path("account").asText()),
        progress.path("mailbox").asText(),
        progress.path("done").asLong(),
        progress.path("due").asLong(),
        progress.path("messages").asLong(),
        progress.path("octets").asLong());
  }

  /// The results that the answer tells.
  public static List<Result> results(JsonNode answer) {
    List<Result> results = new ArrayList<>();
    for (JsonNode result : answer) {
      results.add(
          new Result(
              result.path("account").asText(),
              result.path("complete").asBoolean(),
              result.path("messages").asLong(),
              result.path("octets").asLong(),
              result.path("missing").asText(),
              result.path("deleted").asLong(),
              result.path("kept").asText(),
              result.path("until").asText()));
    }
    return results;
  }

  @Override
  public JsonNode handle(JsonNode request, ControlSocket.Caller caller) {
    Set<AccountName> accounts = new LinkedHashSet<>();
    request.path("accounts").forEach(name -> accounts.add(new AccountName(name.asText())));
    boolean evenSo = request.path("evenSo").asBoolean();
    ArrayNode results = JsonNodeFactory.instance.arrayNode();
    for (CaptureOutcome outcome :
        service.run(accounts, step -> caller.accept(json(step)), evenSo)) {
      results.add(json(Result.of(outcome)));
    }
    return results;
  }

  private static JsonNode json(CaptureProgress.Step step) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("account", step.account().value())
        .put("mailbox", step.mailbox())
        .put("done", step.done())
        .put("due", step.due())
        .put("messages", step.messages())
        .put("octets", step.octets());
  }

  private static JsonNode json(Result result) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("account", result.account())
        .put("complete", result.complete())
        .put("messages", result.messages())
        .put("octets", result.octets())
        .put("missing", result.missing())
        .put("deleted", result.deleted())
        .put("kept", result.kept())
        .put("until", result.until());
  }
}
