package org.muniment.archive.event;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

  @Test
  void keysAreSortedByUtf16AndNothingIsIndented() {
    Map<String, Object> value =
        Map.of("\u20ac", "Euro", "\r", "CR", "1", 1L, "\ud83d\ude00", true, "\u00f6", List.of());
    assertThat(text(value))
        .isEqualTo(
            "{\"\\r\":\"CR\",\"1\":1,\"\u00f6\":[],\"\u20ac\":\"Euro\",\"\ud83d\ude00\":true}");
  }

  @Test
  void onlyWhatMustBeEscapedIs() {
    assertThat(text(Map.of("a", "\u0000\u001f\"\\/\b\f\n\r\t\u007f\u2028")))
        .isEqualTo("{\"a\":\"\\u0000\\u001f\\\"\\\\/\\b\\f\\n\\r\\t\u007f\u2028\"}");
  }

  @Test
  void whatIsReadIsWrittenTheSame() {
    String json = "{\"a\":[{},{\"b\":[-1,\"x\",false]}],\"n\":9007199254740991}";
    assertThat(text(CanonicalJson.read(json.getBytes(UTF_8)))).isEqualTo(json);
  }

  @Test
  void whatHasNoCanonicalFormIsRefused() {
    assertThatThrownBy(() -> CanonicalJson.write(Map.of("a", 1L << 53)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CanonicalJson.write(Map.of("a", Long.MIN_VALUE)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CanonicalJson.write(Map.of("a", "\ud800")))
        .isInstanceOf(IllegalArgumentException.class);
    for (String bad : List.of("", "[]", "{} {}", "{\"a\":1.5}", "{\"a\":null}", "{\"a\":")) {
      assertThatThrownBy(() -> CanonicalJson.read(bad.getBytes(UTF_8)))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void onlyTheCanonicalFormIsCanonical() {
    CanonicalJson.requireCanonical("{\"a\":-1,\"b\":\"\u00f6\\n\"}".getBytes(UTF_8));
    List<byte[]> others =
        List.of(
            "{\"a\": 1}".getBytes(UTF_8),
            "{\"a\":1}\n".getBytes(UTF_8),
            "{\"b\":1,\"a\":1}".getBytes(UTF_8),
            "{\"a\":-0}".getBytes(UTF_8),
            "{\"a\":9007199254740992}".getBytes(UTF_8),
            "{\"a\":\"\\/\"}".getBytes(UTF_8),
            "{\"a\":\"\\u00f6\"}".getBytes(UTF_8),
            "{\"a\":\"\\ud800\"}".getBytes(UTF_8),
            "\ufeff{\"a\":1}".getBytes(UTF_8),
            "{\"a\":1}".getBytes(UTF_16BE));
    for (byte[] other : others) {
      assertThatThrownBy(() -> CanonicalJson.requireCanonical(other))
          .as(new String(other, UTF_8))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void nestingIsBounded() {
    byte[] deep = ("{\"a\":" + "[".repeat(100_000)).getBytes(UTF_8);
    assertThatThrownBy(() -> CanonicalJson.read(deep)).isInstanceOf(IllegalArgumentException.class);
  }

  private static String text(Map<String, ?> value) {
    return new String(CanonicalJson.write(value), UTF_8);
  }
}
