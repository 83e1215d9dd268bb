package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A sealing that is asked for through the [ControlSocket], in JSON and back.
public final class SealCalls implements ControlSocket.Handler {

  /// Of the command.
  static final String NAME = "seal";

  private static final String RETIRE = "retire";

  /// Messages between two lines of progress: they are many, and small.
  private static final int STRIDE = 500;

  private final Sealing sealing;

  SealCalls(Sealing sealing) {
    this.sealing = sealing;
  }

  /// The request to seal.
  ///
  /// @param retire whether to remove the journals that are sealed
  public static JsonNode request(boolean retire) {
    return ControlCalls.request(NAME).put(RETIRE, retire);
  }

  /// Hands on what a progress line tells.
  public static void tell(JsonNode progress, TotalProgress shown) {
    shown.at(
        progress.path("done").asLong(),
        progress.path("total").asLong(),
        progress.path("octets").asLong());
  }

  /// The outcome that the answer tells.
  public static Sealing.Outcome outcome(JsonNode answer) {
    List<Long> segments = new ArrayList<>();
    answer.path("segments").forEach(number -> segments.add(number.asLong()));
    return new Sealing.Outcome(
        segments,
        answer.path("messages").asLong(),
        answer.path("octets").asLong(),
        answer.path("before").asLong(),
        answer.path("after").asLong(),
        answer.path("removed").asInt(),
        answer.path("held").asBoolean());
  }

  @Override
  public JsonNode handle(JsonNode request, ControlSocket.Caller caller) throws IOException {
    return json(
        sealing.seal(
            request.path(RETIRE).asBoolean(),
            (done, total, octets) -> {
              if (done % STRIDE == 0) {
                caller.accept(json(done, total, octets));
              }
            }));
  }

  private static ObjectNode json(long done, long total, long octets) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("done", done)
        .put("total", total)
        .put("octets", octets);
  }

  static ObjectNode json(Sealing.Outcome outcome) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("messages", outcome.messages())
            .put("octets", outcome.octets())
            .put("before", outcome.before())
            .put("after", outcome.after())
            .put("removed", outcome.removed())
            .put("held", outcome.held());
    ArrayNode segments = json.putArray("segments");
    outcome.segments().forEach(segments::add);
    return json;
  }
}
