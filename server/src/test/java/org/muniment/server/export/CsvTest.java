package org.muniment.server.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvTest {

  @Test
  void noCellIsAFormula() {
    assertThat(Csv.line(List.of("=1+1", "@x", "-2", "+3", "\tx", "plain")))
        .isEqualTo("'=1+1,'@x,'-2,'+3,\"'\tx\",plain\r\n");
  }

  @Test
  void whatSeparatesIsQuoted() {
    assertThat(Csv.line(List.of("a,b", "say \"x\"", "two\nlines", "")))
        .isEqualTo("\"a,b\",\"say \"\"x\"\"\",\"two\nlines\",\r\n");
  }
}
