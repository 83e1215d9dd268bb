package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// Everything that can be asked for through the [ControlSocket]: the member `command` of a request
/// says what.
///
/// @param calls what does each command, by its name
record ControlCalls(Map<String, ControlSocket.Handler> calls) implements ControlSocket.Handler {

  private static final String COMMAND = "command";

  ControlCalls {
    calls = Map.copyOf(calls);
  }

  /// A request that [#handle] hands to the command of that name.
  static ObjectNode request(String command) {
    return JsonNodeFactory.instance.objectNode().put(COMMAND, command);
  }

  @Override
  public JsonNode handle(JsonNode request, ControlSocket.Caller caller) throws Exception {
    ControlSocket.Handler call = calls.get(request.path(COMMAND).asText());
    if (call == null) {
      throw new IllegalArgumentException("the server knows no such command: is it older?");
    }
    return call.handle(request, caller);
  }
}
