package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.List;
import org.muniment.server.publication.Delivery;
import org.muniment.server.publication.Publication;

/// A publication that is asked for through the [ControlSocket], in JSON and back.
public final class PublicationCalls implements ControlSocket.Handler {

  /// Of the command.
  static final String NAME = "publish";

  private final Publication publication;

  PublicationCalls(Publication publication) {
    this.publication = publication;
  }

  /// The request to send the newest checkpoint to every target.
  public static JsonNode request() {
    return ControlCalls.request(NAME);
  }

  /// What the answer tells.
  public static List<Delivery> deliveries(JsonNode answer) {
    return answer
        .valueStream()
        .map(
            delivery ->
                new Delivery(
                    delivery.path("target").asText(),
                    delivery.path("size").asLong(),
                    delivery.path("outside").asBoolean(),
                    delivery.path("failure").asText()))
        .toList();
  }

  @Override
  public JsonNode handle(JsonNode request, ControlSocket.Caller caller) throws IOException {
    ArrayNode deliveries = JsonNodeFactory.instance.arrayNode();
    for (Delivery delivery : publication.publishAll()) {
      deliveries
          .addObject()
          .put("target", delivery.target())
          .put("size", delivery.size())
          .put("outside", delivery.outside())
          .put("failure", delivery.failure());
    }
    return deliveries;
  }
}
