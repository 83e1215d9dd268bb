package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a <b>bold</b>ly|a boldly",
        "1 < 2 & 3 &lt; 4 &amp;&#252;&nbsp;&euro;|1 < 2 & 3 < 4 &ü €",
        "a<script>var x = '<p>';</script>b<style>p {}</style>c|abc",
        "a<!-- <p>no</p> -->b<![CDATA[no]]>c<?no?>d|abcd",
        "a<a title=\"x > y\" href='z>'>b</a>|ab",
        "x <span style=\"display: none\">no <span>no</span> no</span>y|x y",
        "x <div hidden>no</div>|x",
        "x <div style='mso-hide:all'>no<br>no</div>|x",
        "x <span style=display:none>no</span>y|x y",
        "a<!-->b<!--->c<!-- no --!>d|abcd",
        "a<noscript>b</noscript>|ab",
        "a <b title='style display:none'>b</b>|a b",
        "a <b title=' hidden '>b</b>|a b",
        "a<b title = '>'>b</b>|ab",
        "<p hidden>no<div>b</div>|b",
        "<td hidden>no<td>b|b",
        "<div hidden/>b|b",
        "<td>a</td><td>b</td>|a b",
        "a<p|a",
        "a<|a<",
        "<b>|``"
      })
  void whatAPersonSeesIsKept(String html, String text) {
    assertThat(HtmlText.of(html).strip()).isEqualTo(text);
  }

  @Test
  void blocksStandOnLinesOfTheirOwn() {
    assertThat(HtmlText.of("<p>one\n two</p><p>three<br>four</p>\n<ul><li>five"))
        .isEqualTo("one two\nthree\nfour\nfive");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p>",
        "<",
        "</",
        "<!--",
        "<a href=\"",
        "<script>",
        "<b hidden>",
        "&",
        "&#",
        "<style></style",
        "<a b='c>",
        "<a b =",
        "<a b c ",
        "<!--a--",
        "<!-->",
        "<div style=display:none></p>"
      })
  void hostileHtmlIsReadInLinearTime(String piece) {
    String html = piece.repeat(4_000_000 / piece.length());
    Assertions.assertTimeout(Duration.ofSeconds(10), () -> HtmlText.of(html));
  }
}
