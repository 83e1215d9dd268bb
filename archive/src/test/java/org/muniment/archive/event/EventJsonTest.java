package org.muniment.archive.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"type\":\"poll\"}",
        "{\"type\":1,\"v\":1}",
        "{\"type\":\"poll\",\"v\":4294967297}",
        "{\"account\":\"a\",\"failure\":{\"display\":\"\",\"octets\":\"\"},\"mailboxes\":[1],"
            + "\"started\":\"2024-01-02T03:04:05.678Z\",\"type\":\"poll\",\"v\":1}",
        "{\"account\":\"a\",\"failure\":{\"display\":\"\",\"octets\":\"\"},\"mailboxes\":[],"
            + "\"started\":\"yesterday\",\"type\":\"poll\",\"v\":1}",
        "{\"account\":\"a\",\"failure\":{\"display\":\"\",\"octets\":\"=\"},\"mailboxes\":[],"
            + "\"started\":\"2024-01-02T03:04:05.678Z\",\"type\":\"poll\",\"v\":1}",
        "{\"account\":\"a\",\"attributes\":[1],\"delimiter\":\"/\",\"id\":\"0123456789abcdef\","
            + "\"name\":{\"display\":\"\",\"octets\":\"\"},\"type\":\"mailbox\","
            + "\"uidValidity\":1,\"v\":1}",
        "{\"account\":\"a\",\"failure\":{\"display\":\"\",\"octets\":\"\"},\"mailboxes\":[],"
            + "\"started\":\"2024-01-02T03:04:05.678Z\",\"type\":\"poll\",\"unchanged\":-1,\"v\":1}",
      })
  void whatIsNoEventIsRefusedInOneWay(String json) {
    assertThatThrownBy(() -> EventJson.read(json.getBytes(UTF_8)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReceiptWithoutExcludedMailboxesAndUnchangedRunsIsRead() {
    String json =
        "{\"account\":\"a\",\"failure\":{\"display\":\"\",\"octets\":\"\"},\"mailboxes\":[],"
            + "\"started\":\"2024-01-02T03:04:05.678Z\",\"type\":\"poll\",\"v\":1}";
    assertThat(EventJson.read(json.getBytes(UTF_8)))
        .isEqualTo(
            new Event.Poll(
                new AccountName("a"),
                Instant.parse("2024-01-02T03:04:05.678Z"),
                List.of(),
                List.of(),
                SourceText.of(""),
                0));
  }

  @Test
  void anEventOfAnotherVersionIsKeptAsItStands() {
    String json = "{\"type\":\"poll\",\"v\":2,\"x\":[]}";
    assertThat(EventJson.read(json.getBytes(UTF_8))).isEqualTo(new Event.Unknown("poll", 2, json));
  }
}
