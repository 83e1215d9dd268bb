package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.view.rest.RestServer.basic;
import static org.muniment.server.view.rest.RestServer.password;
import static org.muniment.server.view.rest.RestServer.text;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may ask for an export or a restore, and in which words.
class MailWorkRestIT {

  private static final String TARGET =
      "'target':{'host':'mail.example.com','username':'u','password':'geheim'}";

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
    work.jobs.close();
    server.close();
  }

  private HttpResponse<byte[]> post(String user, String path, String body) {
    return server.send(
        "POST",
        "/api/v1" + path,
        HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')),
        "Authorization",
        basic(user, password(user)),
        "Content-Type",
        "application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "alice   | {'account':'alice'}                     | 202",
        "alice   | {'query':'from:x'}                      | 202",
        "auditor | {'account':'alice'}                     | 202",
        "alice   | {'account':'bob'}                       | 404",
        "auditor | {'account':'bob'}                       | 404",
        "admin   | {'account':'alice'}                     | 403",
        "alice   | {}                                      | 400",
        "alice   | {'account':'alice','format':'tar'}      | 400",
        "alice   | {'account':'alice','asof':'2026-03-31'} | 400",
        "alice   | {'account':'alice','asOf':'yesterday'}  | 400",
        "alice   | {'account':'alice','asOf':'2026-03-31'} | 202",
        "alice   | {'account':'alice','withGone':'yes'}    | 400",
        "alice   | {'account':'alice','query':'from:('}    | 400",
        "alice   | {'account':7}                           | 400",
        "alice   | []                                      | 400",
        "alice   | {                                       | 400",
      })
  void whoReadsAnAccountMayExportIt(String user, String body, int status) {
    HttpResponse<byte[]> answer = post(user, "/exports", body);
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "alice   | {'account':'alice',TARGET}              | 202",
        "alice   | {'account':'alice',TARGET,'map':{'a':'b'},'dryRun':true} | 202",
        "auditor | {'account':'alice',TARGET}              | 403",
        "admin   | {'account':'alice',TARGET}              | 404",
        "alice   | {'account':'bob',TARGET}                | 404",
        "alice   | {'account':'alice'}                     | 400",
        "alice   | {'account':'alice','target':{'host':'h','username':'u','password':'p','security':'none'}} | 400",
        "alice   | {'account':'alice','target':{'host':'h','username':'u','password':'p','port':70000}} | 400",
        "alice   | {'account':'alice','target':{'host':'h','username':'u','passwort':'p'}} | 400",
        "alice   | {'account':'alice',TARGET,'map':{'a':7}} | 400",
        "alice   | {'account':'alice','target':{'host':'h','username':'u','password':'geheim'}} | 403",
        "alice   | {'account':'alice','target':{'host':'h','username':'u','password':'geheim'},'dryRun':true} | 403",
      })
  void whoOwnsAnAccountMayRestoreIt(String user, String body, int status) {
    HttpResponse<byte[]> answer = post(user, "/restores", body.replace("TARGET", TARGET));
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
    assertThat(text(answer)).doesNotContain("geheim");
  }

  @Test
  void theyAreNotForEverybody() {
    for (String path : new String[] {"/exports", "/restores"}) {
      HttpResponse<byte[]> answer =
          server.send(
              "POST",
              "/api/v1" + path,
              HttpRequest.BodyPublishers.ofString("{}"),
              "Content-Type",
              "application/json");
      assertThat(answer.statusCode()).isEqualTo(401);
    }
    assertThat(server.get("alice", "/results/0/x").statusCode()).isEqualTo(404);
    assertThat(server.json("alice", "/results").path("results")).isEmpty();
  }
}
