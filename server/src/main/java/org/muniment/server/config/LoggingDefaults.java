package org.muniment.server.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/// What the section `logging` means where it is silent: the libraries speak when something is wrong
/// only.
final class LoggingDefaults {

  private static final Map<String, String> QUIET =
      Map.of(
          "com.password4j", "ERROR",
          "io.dropwizard", "WARN",
          "org.apache.lucene.internal.vectorization", "ERROR",
          "org.eclipse.jetty", "WARN",
          "org.flywaydb", "WARN",
          "org.quartz", "WARN");

  private LoggingDefaults() {}

  /// `logging` with the defaults filled in; `logging` itself is not changed.
  static JsonNode in(JsonNode logging) {
    if (!(logging.deepCopy() instanceof ObjectNode filled)
        || !filled.path("type").asText("default").equals("default")) {
      return logging;
    }
    ObjectNode loggers = filled.withObject("/loggers");
    QUIET.forEach(
        (logger, level) -> {
          if (!loggers.has(logger)) {
            loggers.put(logger, level);
          }
        });
    return filled;
  }
}
