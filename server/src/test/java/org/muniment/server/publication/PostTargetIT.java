package org.muniment.server.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.server.config.TargetConfig;

class PostTargetIT extends WithCheckpoint {

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204})
  void theNoteIsPostedAndAnyTwoHundredConfirms(int status) throws Exception {
    try (WebHook hook = new WebHook(status)) {
      hook.target().send(checkpoint);
      assertThat(hook.bodies()).containsExactly(checkpoint.note());
      assertThat(hook.type()).isEqualTo("POST text/plain; charset=utf-8");
      assertThat(hook.target().outside()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 404, 500})
  void anyOtherAnswerConfirmsNothing(int status) throws Exception {
    try (WebHook hook = new WebHook(status)) {
      assertThatThrownBy(() -> hook.target().send(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessage("answered " + status);
      assertThat(hook.bodies()).hasSize(1);
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsLeft() throws Exception {
    try (WebHook hook = new WebHook(WebHook.HANG)) {
      long start = System.nanoTime();
      assertThatThrownBy(() -> hook.target(Duration.ofSeconds(1)).send(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessage("did not answer within 1 s");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void aServerThatIsNotThereIsNamed() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    URI uri = URI.create("http://127.0.0.1:" + port + "/");
    PostTarget target = new PostTarget(new TargetConfig.Post(uri), Duration.ofSeconds(20));
    assertThatThrownBy(() -> target.send(checkpoint)).hasMessage("cannot be reached");
  }

  @Test
  void theNameHoldsNoToken() throws Exception {
    try (WebHook hook = new WebHook(200)) {
      assertThat(hook.target().name()).endsWith("/hook").doesNotContain("secret");
    }
  }
}
