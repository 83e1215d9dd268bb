package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.view.rest.RestServer.basic;
import static org.muniment.server.view.rest.RestServer.field;
import static org.muniment.server.view.rest.RestServer.json;
import static org.muniment.server.view.rest.RestServer.password;
import static org.muniment.server.view.rest.RestServer.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Jobs over HTTP, and who may start them.
@Timeout(60)
class JobRestIT {

  private final FakeArchive archive = new FakeArchive();
  private final FakeWork work = new FakeWork();
  private RestServer server;

  @BeforeEach
  void start() {
    archive.mailbox("alice", "INBOX");
    archive.mailbox("bob", "INBOX");
    server = new RestServer(archive, archive, work);
  }

  @AfterEach
  void stop() {
    work.letGo.countDown();
    work.jobs.close();
    server.close();
  }

  private HttpResponse<byte[]> post(String user, String path, String... fields) {
    String[] all = Arrays.copyOf(fields, fields.length + 2);
    all[fields.length] = "Authorization";
    all[fields.length + 1] = basic(user, password(user));
    return server.send("POST", "/api/v1" + path, all);
  }

  private JsonNode over(String user, String location) throws InterruptedException {
    JsonNode job = server.json(user, location);
    while (job.path("state").asText().equals("running")) {
      Thread.sleep(10);
      job = server.json(user, location);
    }
    return job;
  }

  private static String location(HttpResponse<byte[]> answer) {
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(202);
    String location = field(answer, "Location");
    return location.substring(location.indexOf("/api/v1") + "/api/v1".length());
  }

  @Test
  void aCaptureIsStartedFollowedAndDone() throws Exception {
    HttpResponse<byte[]> answer = post("alice", "/accounts/alice/captures?now=true");
    String location = location(answer);
    assertThat(location).startsWith("/jobs/");
    assertThat(json(answer).path("kind").asText()).isEqualTo("capture");
    JsonNode running = server.json("alice", location);
    while (running.path("progress").isMissingNode()) {
      running = server.json("alice", location);
    }
    assertThat(running.path("progress").path("due").asInt()).isEqualTo(2);
    assertThat(location(post("alice", "/accounts/alice/captures"))).isEqualTo(location);
    assertThat(post("admin", "/accounts/alice/captures").statusCode()).isEqualTo(429);
    assertThat(server.get("bob", location).statusCode()).isEqualTo(404);
    assertThat(server.get("admin", location).statusCode()).isEqualTo(404);
    assertThat(server.send("GET", "/api/v1" + location).statusCode()).isEqualTo(401);
    work.letGo.countDown();
    JsonNode done = over("alice", location);
    assertThat(done.path("state").asText()).isEqualTo("done");
    assertThat(done.path("result").path("evenSo").asBoolean()).isTrue();
  }

  @Test
  void whatFailsSaysWhy() throws Exception {
    JsonNode failed = over("bob", location(post("bob", "/accounts/bob/captures")));
    assertThat(failed.path("state").asText()).isEqualTo("failed");
    assertThat(failed.path("problem").asText()).isEqualTo("the disk is full");
  }

  @Test
  void eventsComeUntilTheJobIsOver() throws Exception {
    String location = location(post("alice", "/accounts/alice/captures"));
    CompletableFuture<HttpResponse<byte[]>> events =
        CompletableFuture.supplyAsync(
            () -> server.get("alice", location, "Accept", "text/event-stream"));
    Thread.sleep(300);
    assertThat(events).isNotDone();
    work.letGo.countDown();
    HttpResponse<byte[]> all = events.get(20, TimeUnit.SECONDS);
    assertThat(field(all, "Content-Type")).startsWith("text/event-stream");
    String[] lines = text(all).split("\n\n", -1);
    assertThat(lines[0]).startsWith("data: {").contains("\"running\"");
    assertThat(lines[lines.length - 2]).contains("\"state\":\"done\"");
  }

  @ParameterizedTest
  @CsvSource({
    "alice, /accounts/bob/captures, 404",
    "alice, /accounts/nobody/captures, 404",
    "alice, /accounts/%00/captures, 404",
    "alice, /accounts/alice/captures?now=maybe, 400",
    "auditor, /accounts/alice/captures, 403",
    "auditor, /accounts/alice/checks, 403",
    "auditor, /accounts/bob/checks, 404",
    "admin, /accounts/alice/captures, 202",
    "admin, /accounts/alice/checks, 429",
    "alice, /accounts/alice/checks, 202",
    "alice, /jobs/x, 405",
  })
  void whoeverOwnsTheAccountOrRunsTheSystemMayStart(String user, String path, int status) {
    HttpResponse<byte[]> answer = post(user, path);
    assertThat(answer.statusCode()).as(text(answer)).isIn(status, status == 404 ? 400 : status);
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, https://evil.example, 403",
    "Origin, null, 403",
    "Origin, http://127.0.0.1:1, 403",
    "Origin, :::, 403",
    "Sec-Fetch-Site, cross-site, 403",
    "Sec-Fetch-Site, same-site, 403",
    "Sec-Fetch-Site, same-origin, 202",
    "Sec-Fetch-Site, none, 202",
    "X-Requested-With, muniment, 202",
  })
  void thePageOfAnotherSiteStartsNothing(String name, String value, int status) {
    assertThat(post("alice", "/accounts/alice/checks", name, value).statusCode()).isEqualTo(status);
    String own = "http://127.0.0.1:" + server.port();
    assertThat(post("alice", "/accounts/alice/checks", "Origin", own).statusCode()).isEqualTo(202);
  }

  @Test
  void accountsAndCapturesSayHowThingsStand() {
    JsonNode account = server.json("alice", "/accounts").path("accounts").path(0).path("capture");
    assertThat(account.path("state").asText()).isEqualTo("incomplete");
    assertThat(account.path("missing").asText()).contains("throttled");
    assertThat(account.path("pause").path("kind").asText()).isEqualTo("later");
    assertThat(account.path("nextRun").asText()).isEqualTo("1970-01-01T00:00:00Z");
    assertThat(account.path("lastRun").asText()).isEqualTo("2024-02-29T12:00:01Z");
    assertThat(account.path("running").path("mailbox").asText()).isEqualTo("INBOX");
    assertThat(server.json("alice", "/captures").path("accounts")).hasSize(1);
    assertThat(server.json("admin", "/captures").path("accounts")).hasSize(2);
    JsonNode audited = server.json("auditor", "/captures").path("accounts").path(0);
    assertThat(audited.path("startable").asBoolean(true)).isFalse();
    assertThat(server.json("alice", "/accounts/alice/receipts").has("accounts")).isFalse();
  }
}
