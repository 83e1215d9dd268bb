package org.muniment.server.view.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class WebPageTest {

  private static String file(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(WebPage.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void thePolicyLetsNothingInFromElsewhereAndNothingInline() {
    assertThat(WebPage.POLICY)
        .contains(
            "default-src 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe", "http:", "https:", "data:", "*");
  }

  @Test
  void thePageHasNothingInlineAndNothingRemote() throws IOException {
    Document page = Jsoup.parse(file("index.html"));
    for (Element script : page.select("script")) {
      assertThat(script.data()).isEmpty();
    }
    assertThat(page.select("style, [style], iframe, object, embed, base")).isEmpty();
    for (Element element : page.getAllElements()) {
      for (Attribute attribute : element.attributes()) {
        assertThat(attribute.getKey()).as(element.tagName()).doesNotStartWith("on");
        assertThat(attribute.getValue()).doesNotContain("//", "javascript:");
      }
    }
  }

  @Test
  void everyFileThatThePageNamesIsServed() throws IOException {
    Document page = Jsoup.parse(file("index.html"));
    page.select("script[src]").forEach(e -> assertThat(WebPage.FILES).contains(e.attr("src")));
    page.select("link[href]").forEach(e -> assertThat(WebPage.FILES).contains(e.attr("href")));
    page.select("img[src]").forEach(e -> assertThat(WebPage.FILES).contains(e.attr("src")));
    assertThat(file("app.css")).doesNotContain("url(", "@import");
  }

  @Test
  void theScriptMakesNoMarkupOfTexts() throws IOException {
    assertThat(file("app.js"))
        .doesNotContain(
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "localStorage",
            "sessionStorage",
            "document.cookie");
  }

  @Test
  void everyInputHasALabel() throws IOException {
    Document page = Jsoup.parse(file("index.html"));
    for (Element input : page.select("input, select")) {
      assertThat(page.select("label[for=" + input.id() + "]")).as(input.id()).isNotEmpty();
    }
  }
}
