package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {

  private static final long LENGTH = 100;

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 0",
    "bytes=0-, 0, 99",
    "bytes=10-19, 10, 19",
    "bytes=99-99, 99, 99",
    "bytes=90-100, 90, 99",
    "bytes=90-99999999999999999999999, 90, 99",
    "bytes=-1, 99, 99",
    "bytes=-100, 0, 99",
    "bytes=-101, 0, 99",
    "BYTES=5-6, 5, 6",
    "bytes= 5-6, 5, 6",
  })
  void oneRangeIsCutToTheLength(String field, long from, long to) {
    assertThat(ByteRange.of(field, LENGTH)).isEqualTo(new ByteRange.Slice(from, to));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"})
  void aRangeBeyondTheEndCannotBeSatisfied(String field) {
    assertThat(ByteRange.of(field, LENGTH)).isEqualTo(new ByteRange.Unsatisfiable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-4",
        "bytes=1-2,4-5",
        "lines=1-2",
        "bytes=--5",
        "bytes=+1-2",
        "bytes=٣-٤",
        "bytes=1 - 2"
      })
  void whatIsNotOneRangeIsIgnored(String field) {
    assertThat(ByteRange.of(field, LENGTH)).isEqualTo(new ByteRange.Whole());
  }

  @Test
  void noFieldIsTheWhole() {
    @Nullable String none = null;
    assertThat(ByteRange.of(none, LENGTH)).isEqualTo(new ByteRange.Whole());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=0-", "bytes=0-0", "bytes=-5"})
  void nothingHasNoRange(String field) {
    assertThat(ByteRange.of(field, 0)).isEqualTo(new ByteRange.Unsatisfiable());
  }
}
