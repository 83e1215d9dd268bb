package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SavedSearchRestIT {

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

  private static HttpResponse<byte[]> send(String user, String method, String name, String body) {
    return server.send(
        method,
        "/api/v1/me/searches" + name,
        HttpRequest.BodyPublishers.ofString(body),
        "Content-Type",
        "application/json",
        "Authorization",
        RestServer.basic(user, RestServer.password(user)));
  }

  @Test
  void aSearchIsKeptChangedAndForgottenByItsUserOnly() {
    String query = "{\"query\": \"from:anna invoice\"}";
    assertThat(send("alice", "PUT", "/Bills%20%C3%BC", query).statusCode()).isEqualTo(201);
    assertThat(send("alice", "PUT", "/Bills%20%C3%BC", query).statusCode()).isEqualTo(200);
    JsonNode all = RestServer.json(send("alice", "GET", "", "")).path("searches");
    assertThat(all).hasSize(1);
    assertThat(all.get(0).path("name").asText()).isEqualTo("Bills ü");
    assertThat(all.get(0).path("query").asText()).isEqualTo("from:anna invoice");
    assertThat(send("bob", "GET", "/Bills%20%C3%BC", "").statusCode()).isEqualTo(404);
    assertThat(send("bob", "DELETE", "/Bills%20%C3%BC", "").statusCode()).isEqualTo(404);
    assertThat(RestServer.json(send("bob", "GET", "", "")).path("searches")).isEmpty();
    assertThat(RestServer.json(send("alice", "GET", "/Bills%20%C3%BC", ""))).isEqualTo(all.get(0));
    assertThat(send("alice", "DELETE", "/Bills%20%C3%BC", "").statusCode()).isEqualTo(204);
    assertThat(send("alice", "GET", "/Bills%20%C3%BC", "").statusCode()).isEqualTo(404);
  }

  @Test
  void whatIsWrongIsRefusedAndNotKept() {
    HttpResponse<byte[]> wrong = send("alice", "PUT", "/w", "{\"query\": \"from:(\"}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(RestServer.json(wrong).path("column").asInt()).isEqualTo(6);
    for (String body : new String[] {"", "{", "[]", "{}", "{\"query\": 1}", "null"}) {
      assertThat(send("alice", "PUT", "/w", body).statusCode()).as(body).isEqualTo(400);
    }
    String body = "{\"query\": \"" + "x".repeat(2_001) + "\"}";
    assertThat(send("alice", "PUT", "/w", body).statusCode()).isEqualTo(400);
    assertThat(send("alice", "PUT", "/w", " ".repeat(20_000)).statusCode()).isEqualTo(413);
    assertThat(send("alice", "PUT", "/" + "n".repeat(101), "{\"query\": \"\"}").statusCode())
        .isEqualTo(400);
    assertThat(RestServer.json(send("alice", "GET", "", "")).path("searches")).isEmpty();
    assertThat(server.send("GET", "/api/v1/me/searches").statusCode()).isEqualTo(401);
  }
}
