package org.muniment.server.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.function.Supplier;
import org.muniment.server.capture.idle.Watched;

/// Which mailboxes the server watches, asked for through the [ControlSocket].
public final class WatchCalls implements ControlSocket.Handler {

  /// Of the command.
  static final String NAME = "watched";

  private final Supplier<List<Watched>> watched;

  WatchCalls(Supplier<List<Watched>> watched) {
    this.watched = watched;
  }

  /// The request. Its answer is a list of `account`, `mailbox`, `watching`, and in `words` why not.
  public static JsonNode request() {
    return ControlCalls.request(NAME);
  }

  @Override
  public JsonNode handle(JsonNode request, ControlSocket.Caller caller) {
    ArrayNode answer = JsonNodeFactory.instance.arrayNode();
    for (Watched one : watched.get()) {
      answer
          .addObject()
          .put("account", one.account().value())
          .put("mailbox", one.mailbox())
          .put("watching", one.state() == Watched.State.WATCHING)
          .put("words", one.words());
    }
    return answer;
  }
}
