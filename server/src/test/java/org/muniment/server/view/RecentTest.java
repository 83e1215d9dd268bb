package org.muniment.server.view;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecentTest {

  private final Recent<Integer, String> recent = new Recent<>(10, String::length);

  @Test
  void whatWasAskedForLeastRecentlyMakesRoom() {
    recent.put(1, "1111");
    recent.put(2, "2222");
    assertThat(recent.get(1)).isEqualTo("1111");
    recent.put(3, "3333");
    assertThat(recent.get(2)).isNull();
    assertThat(recent.get(1)).isEqualTo("1111");
    assertThat(recent.get(3)).isEqualTo("3333");
  }

  @Test
  void oneThatIsTooLargeIsThereAlone() {
    recent.put(1, "1");
    recent.put(2, "2".repeat(100));
    assertThat(recent.get(1)).isNull();
    assertThat(recent.get(2)).hasSize(100);
    recent.put(3, "3");
    assertThat(recent.get(2)).isNull();
    assertThat(recent.get(3)).isEqualTo("3");
  }

  @Test
  void anotherValueTakesThePlaceOfTheOneBefore() {
    recent.put(1, "1".repeat(9));
    recent.put(1, "1");
    recent.put(2, "2".repeat(9));
    assertThat(recent.get(1)).isEqualTo("1");
  }
}
