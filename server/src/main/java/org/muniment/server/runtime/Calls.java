package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.function.Consumer;

/// What can be asked through the [ControlSocket]: hands a request to whoever does its `command`.
record Calls(Map<String, ControlSocket.Handler> commands) implements ControlSocket.Handler {

  Calls {
    commands = Map.copyOf(commands);
  }

  @Override
  public JsonNode handle(JsonNode request, Consumer<JsonNode> progress) throws Exception {
    ControlSocket.Handler handler = commands.get(request.path("command").asText());
    if (handler == null) {
      throw new IllegalArgumentException("the server knows no such command: is it older?");
    }
    return handler.handle(request, progress);
  }
}
