package org.muniment.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlCallsTest {

  private final ControlCalls calls =
      new ControlCalls(
          Map.of(
              "one", (request, progress) -> TextNode.valueOf("did one"),
              "two", (request, progress) -> request.path("what")));

  @Test
  void aRequestIsHandedToTheCommandThatItNames() throws Exception {
    assertThat(calls.handle(ControlCalls.request("one"), progress -> {}))
        .isEqualTo(TextNode.valueOf("did one"));
    assertThat(calls.handle(ControlCalls.request("two").put("what", "this"), progress -> {}))
        .isEqualTo(TextNode.valueOf("this"));
  }

  @Test
  void whatTheServerDoesNotKnowIsRefused() {
    for (JsonNode request :
        List.of(
            ControlCalls.request("three"),
            ControlCalls.request(""),
            JsonNodeFactory.instance.objectNode(),
            JsonNodeFactory.instance.arrayNode(),
            TextNode.valueOf("one"))) {
      assertThatThrownBy(() -> calls.handle(request, progress -> {}))
          .hasMessageContaining("knows no such command");
    }
  }

  @Test
  void whatASealingDidComesThroughTheSocketAsItWas() throws Exception {
    Sealing.Outcome outcome = new Sealing.Outcome(List.of(3L, 4L), 5, 6, 7, 8, 9, true);
    assertThat(SealCalls.outcome(SealCalls.json(outcome))).isEqualTo(outcome);
  }
}
