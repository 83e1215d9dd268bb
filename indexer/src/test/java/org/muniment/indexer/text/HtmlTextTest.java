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
        "a<a href='z>'>b</a>|ab",
        "x <span style=\"display: none\">no <span>no</span> no</span>y|x y",
        "x <div hidden>no</div>|x",
        "x <div style='mso-hide:all'>no<br>no</div>|x",
        "x <span style=display:none>no</span>y|x y",
        "a<!-->b<!--->c<!-- no --!>d|abcd",
        "a<noscript>b</noscript>|ab",
        "a <b class='style display:none'>b</b>|a b",
        "a <b class=' hidden '>b</b>|a b",
        "a<b class = '>'>b</b>|ab",
        "x <div style='font-size:0px;line-height:1'>no</div>|x",
        "x <div style='FONT-SIZE: 0.0em !important'>no</div>|x",
        "x <i style='font-size:0.5em'>y</i>|x y",
        "x <i style='opacity:0'>no</i>y|x y",
        "x <i style='opacity:0.9'>y</i>|x y",
        "x <div style='max-height:0; overflow:hidden'>no</div>|x",
        "x <i style='max-height:0'>y</i>|x y",
        "x <i style='visibility: hidden'>no</i>y|x y",
        "x <i style='background:url(display:none)'>y</i>|x y",
        "<td style='font-size:0px'><div style='font-size:13px'>seen</div>no</td>|seen",
        "<td style='font-size:0'>no<i style='font-size:9px'>a<i>b</i>c</i>no</td>|abc",
        "<div style=display:none><i style='font-size:9px'>no</i></div>x|x",
        "<img src=x alt='a logo'> b|a logo b",
        "a<img alt=b>c|a b c",
        "a<img src=t.gif width=1 height='1' alt='no'>b|ab",
        "<img style='display:none' alt=no>b|b",
        "<div hidden><img alt=no></div>b|b",
        "&lt;b&gt; &#x4e2d;&#25991; &nosuch; &amp;lt;|<b> 中文 &nosuch; &lt;",
        "<head><title>A &amp; <b></title><style>no</style></head><body>b|A & <b> b",
        "<p hidden>no<div>b</div>|b",
        "<td hidden>no<td>b|b",
        "<div hidden/>b|b",
        "<td>a</td><td>b</td>|a b",
        "a<p|a",
        "a<|a<",
        "<b>|``"
      })
  void whatAPersonSeesIsKept(String html, String text) {
    assertThat(HtmlText.of(html).strip().replace('\n', ' ')).isEqualTo(text);
  }

  @Test
  void titlesOfElementsStandAtTheEnd() {
    assertThat(HtmlText.of("click <a href='http://x' title='To the &quot;shop&quot;'>here</a> now"))
        .isEqualTo("click here now\nTo the \"shop\"");
    assertThat(HtmlText.of("<img alt=one title=one><div hidden><a title=no>no</a></div>"))
        .isEqualTo("one");
  }

  @Test
  void aHiddenPreheaderIsNotSeen() {
    assertThat(
            HtmlText.of(
                """
                <html><body><div style="display:none;font-size:1px;max-height:0px">preheader</div>
                <table><tr><td>Dear</td><td>reader</td></tr></table></body></html>
                """))
        .isEqualTo("Dear reader");
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
        "<div style=display:none></p>",
        "<i style='font-size:0'><i style='font-size:1'>",
        "<i style=';;;;;;;;;;;;;;;;;;;;;;;'>",
        "<i style=;",
        "<title>",
        "<img alt=x title=y>"
      })
  void hostileHtmlIsReadInLinearTime(String piece) {
    String html = piece.repeat(4_000_000 / piece.length());
    Assertions.assertTimeout(Duration.ofSeconds(10), () -> HtmlText.of(html));
  }
}
