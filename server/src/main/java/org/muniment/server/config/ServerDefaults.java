package org.muniment.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/// What the section `server` means where it is silent: loopback only, REST on 8080, administration
/// on 8081, no log of requests (they contain what people search for).
final class ServerDefaults {

  private static final String LOOPBACK = "127.0.0.1";
  private static final Set<String> CONNECTORS =
      Set.of("applicationConnectors", "adminConnectors", "connector");

  private ServerDefaults() {}

  /// `server` with the defaults filled in; `server` itself is not changed.
  static JsonNode in(JsonNode server) {
    if (!(server.deepCopy() instanceof ObjectNode filled)) {
      return server;
    }
    if (filled.path("type").asText("default").equals("default")) {
      connector(filled, "applicationConnectors", 8080);
      connector(filled, "adminConnectors", 8081);
    }
    for (String key : CONNECTORS) {
      JsonNode connectors = filled.path(key);
      bindToLoopback(connectors);
      connectors.forEach(ServerDefaults::bindToLoopback);
    }
    if (!filled.has("requestLog")) {
      filled.putObject("requestLog").putArray("appenders");
    }
    if (!filled.has("enableVirtualThreads")) {
      filled.put("enableVirtualThreads", true);
    }
    return filled;
  }

  private static void connector(ObjectNode server, String key, int port) {
    if (!server.has(key)) {
      server.putArray(key).addObject().put("type", "http").put("port", port);
    }
  }

  private static void bindToLoopback(JsonNode connector) {
    if (connector instanceof ObjectNode object && object.has("type") && !object.has("bindHost")) {
      object.put("bindHost", LOOPBACK);
    }
  }
}
