package org.muniment.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// A user who reads through REST.
record RestReader(URI web, String user, String password) {

  private static final ObjectMapper JSON = new ObjectMapper();

  HttpResponse<byte[]> get(String path) throws Exception {
    String basic = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(web.resolve(path))
              .header("Authorization", "Basic " + basic)
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }

  JsonNode json(String path) throws Exception {
    HttpResponse<byte[]> response = get(path);
    assertThat(response.statusCode()).as(path).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  /// The ids of all messages, whose raw octets have that id, sorted.
  List<String> ids(String account) throws Exception {
    List<String> ids = placements(account);
    assertThat(ids).isNotEmpty();
    for (String id : ids) {
      assertThat(sha256(get("api/v1/messages/" + id + "/raw").body())).isEqualTo(id);
    }
    return ids.stream().distinct().sorted().toList();
  }

  /// The id of the message at every place, mailbox by mailbox.
  List<String> placements(String account) throws Exception {
    List<String> ids = new ArrayList<>();
    for (JsonNode mailbox : json("api/v1/accounts/" + account + "/mailboxes").path("mailboxes")) {
      String list = "api/v1/mailboxes/" + mailbox.path("id").asText() + "/messages?limit=7";
      String next = "";
      while (!next.equals("null")) {
        JsonNode page = json(next.isEmpty() ? list : list + "&cursor=" + next);
        page.path("messages").forEach(message -> ids.add(message.path("id").asText()));
        next = page.path("next").asText("null");
      }
    }
    return ids;
  }

  /// Searches until there are as many hits as expected, or for a minute.
  ///
  /// @return the hits there are in the end
  long awaitTotal(String query, long total) throws Exception {
    return awaitTotal(query, total, Duration.ofMinutes(1));
  }

  /// Searches until there are as many hits as expected, or for as long as `longest`.
  ///
  /// @return the hits there are in the end
  long awaitTotal(String query, long total, Duration longest) throws Exception {
    Instant end = Instant.now().plus(longest);
    while (true) {
      long found = json("api/v1/search?q=" + query).path("total").asLong();
      if (found >= total || Instant.now().isAfter(end)) {
        return found;
      }
      Thread.sleep(100);
    }
  }

  static String sha256(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
