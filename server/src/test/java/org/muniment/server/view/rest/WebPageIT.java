package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.view.rest.RestServer.field;
import static org.muniment.server.view.rest.RestServer.text;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The page as the server hands it out.
class WebPageIT {

  private static final FakeArchive ARCHIVE = new FakeArchive();
  private static RestServer server;

  @BeforeAll
  static void start() {
    server = new RestServer(ARCHIVE, ARCHIVE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/app.css, text/css",
    "/app.js, text/javascript",
    "/icon.svg, image/svg+xml",
  })
  void eachFileIsServedUnderThePolicy(String path, String type) {
    HttpResponse<byte[]> answer = server.send("GET", path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(field(answer, "Content-Type")).startsWith(type);
    assertThat(field(answer, "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'")
        .doesNotContain("unsafe");
    assertThat(field(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(field(answer, "Cache-Control")).isEqualTo("no-cache");
    HttpResponse<byte[]> again = server.send("GET", path, "If-None-Match", field(answer, "ETag"));
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @Test
  void nothingElseIsServed() {
    for (String path :
        new String[] {"/index.html", "/favicon.ico", "/WebPage.class", "/../app.js"}) {
      HttpResponse<byte[]> answer = server.send("GET", path);
      assertThat(answer.statusCode()).as(path).isIn(400, 404);
      assertThat(text(answer)).contains("about:blank");
    }
  }
}
