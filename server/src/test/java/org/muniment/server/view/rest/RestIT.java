package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.muniment.server.view.rest.RestServer.basic;
import static org.muniment.server.view.rest.RestServer.field;
import static org.muniment.server.view.rest.RestServer.json;
import static org.muniment.server.view.rest.RestServer.password;
import static org.muniment.server.view.rest.RestServer.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.MailboxId;

/// The interface over HTTP, with an archive in memory behind it.
class RestIT {

  private static final String PLAIN =
      """
      From: =?utf-8?q?J=C3=BCrgen?= <juergen@example.org>\r
      To: Friends: anna@example.org, <b>Bob</b> <bob@example.org>;\r
      Subject: <img src=x onerror=alert(1)> =?utf-8?b?5paH?=\r
      Date: Thu, 29 Feb 2024 13:00:00 +0100\r
      Message-ID: <1@example.org>\r
      \r
      Hello <script>world</script>\r
      """;

  private static final String MULTIPART =
      """
      Subject: parts\r
      MIME-Version: 1.0\r
      Content-Type: multipart/mixed; boundary=outer\r
      \r
      --outer\r
      Content-Type: multipart/alternative; boundary=inner\r
      \r
      --inner\r
      Content-Type: text/plain; charset=utf-8\r
      Content-Transfer-Encoding: quoted-printable\r
      \r
      Gr=C3=BC=C3=9Fe\r
      --inner\r
      Content-Type: text/html\r
      \r
      <p>Greetings<script>alert(1)</script>\r
      --inner--\r
      --outer\r
      Content-Type: text/html; name="../../x\\"y.html"\r
      Content-Disposition: attachment; filename*=utf-8''..%2F..%2F%E2%80%AEx%22%0D%0Ay.html\r
      Content-Transfer-Encoding: base64\r
      \r
      PGI+aGk8L2I+\r
      --outer\r
      Content-Type: message/rfc822\r
      \r
      Subject: inside\r
      From: carl@example.org\r
      \r
      forwarded words\r
      --outer--\r
      """;

  private static final FakeArchive ARCHIVE = new FakeArchive();
  private static final byte[] OCTETS = new byte[100_000];

  private static RestServer server;
  private static MailboxId inbox;
  private static MailboxId bobs;
  private static ContentId plain;
  private static ContentId parts;
  private static ContentId large;
  private static ContentId empty;
  private static ContentId hidden;

  @BeforeAll
  static void start() {
    new Random(1).nextBytes(OCTETS);
    inbox = ARCHIVE.mailbox("alice", "INBOX");
    plain = ARCHIVE.message(inbox, PLAIN);
    parts = ARCHIVE.message(inbox, MULTIPART);
    large = ARCHIVE.message(inbox, OCTETS);
    empty = ARCHIVE.message(inbox, "");
    IntStream.range(0, 21)
        .forEach(i -> ARCHIVE.message(inbox, "Subject: n" + i + "\r\n\r\nnumbered"));
    bobs = ARCHIVE.mailbox("bob", "INBOX", "<i>Über</i>");
    hidden = ARCHIVE.message(bobs, "Subject: hidden\r\n\r\nnumbered");
    ARCHIVE.message(bobs, PLAIN);
    ARCHIVE.captured("alice", "");
    ARCHIVE.captured("bob", "NO [AUTHENTICATIONFAILED] <b>no</b>");
    ARCHIVE.captured("alice", "");
    server = new RestServer(ARCHIVE, ARCHIVE);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  // --- signing in

  @Test
  void withoutCredentialsTheAnswerIsAChallenge() {
    HttpResponse<byte[]> answer = server.send("GET", "/api/v1/accounts");
    assertProblem(answer, 401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactly(
            "Basic realm=\"muniment\", charset=\"UTF-8\"", "Bearer realm=\"muniment\"");
  }

  @Test
  void aPageIsNotChallengedToABrowserDialogue() {
    HttpResponse<byte[]> answer =
        server.send("GET", "/api/v1/accounts", "X-Requested-With", "muniment");
    assertProblem(answer, 401);
    assertThat(answer.headers().allValues("WWW-Authenticate"))
        .containsExactly("Bearer realm=\"muniment\"");
  }

  @Test
  void passwordAndTokenOpen() {
    for (String credentials :
        new String[] {
          basic("alice", password("alice")),
          "basic " + basic("alice", password("alice")).substring(6),
          "Bearer token-alice",
          "bearer token-alice"
        }) {
      assertThat(server.send("GET", "/api/v1/accounts", "Authorization", credentials).statusCode())
          .as(credentials)
          .isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Basic",
        "Basic ",
        "Basic !!!",
        "Basic YWxpY2U",
        "Bearer",
        "Bearer x",
        "Digest a=b",
        "x",
        "Negotiate token-alice"
      })
  void otherCredentialsDoNotOpen(String credentials) {
    assertProblem(server.send("GET", "/api/v1/accounts", "Authorization", credentials), 401);
    assertProblem(
        server.send("GET", "/api/v1/accounts", "Authorization", basic("alice", "wrong")), 401);
  }

  @Test
  void credentialsAreBounded() {
    assertProblem(
        server.send(
            "GET",
            "/api/v1/accounts",
            "Authorization",
            "Bearer " + " ".repeat(4096) + "token-alice"),
        401);
  }

  @ParameterizedTest
  @MethodSource("protectedRoutes")
  void everyRouteButTheDescriptionNeedsASignIn(String method, String path) {
    HttpResponse<byte[]> answer = server.send(method, path);
    assertThat(answer.statusCode()).isEqualTo(401);
    if (!method.equals("HEAD")) {
      assertProblem(answer, 401);
    }
    if (method.equals("GET")) {
      assertThat(server.send("HEAD", path).statusCode()).isEqualTo(401);
    }
  }

  static Stream<Arguments> protectedRoutes() {
    return Routes.all().stream()
        .map(route -> route.replace("{account}", "alice").replace("{part}", "1"))
        .map(route -> route.replace("{message}", "0".repeat(64)))
        .map(route -> route.replace("{mailbox}", "0".repeat(16)))
        .map(route -> route.replace("{job}", "0".repeat(32)))
        .map(route -> route.replaceAll("\\{[a-z]+}", "n"))
        .map(route -> route.split(" ", 2))
        .filter(route -> route[1].startsWith("/api/v1/") && !route[1].endsWith("openapi.json"))
        .map(route -> Arguments.of(route[0], route[1]));
  }

  // --- who sees what

  @Test
  void eachSeesTheirAccounts() {
    assertThat(accounts("alice")).containsExactly("alice primary");
    assertThat(accounts("bob")).containsExactly("bob primary");
    assertThat(accounts("auditor")).containsExactly("alice other");
    assertThat(accounts("admin")).isEmpty();
  }

  private static Stream<String> accounts(String user) {
    JsonNode accounts = server.json(user, "/accounts").get("accounts");
    return accounts
        .valueStream()
        .map(a -> a.get("name").asText() + " " + a.get("relation").asText());
  }

  @Test
  void whatIsNotForAPersonAnswersLikeWhatIsNotThere() {
    assertSame("alice", "/accounts/bob/mailboxes", "/accounts/nobody/mailboxes");
    assertSame("alice", "/accounts/bob/receipts", "/accounts/nobody/receipts");
    assertSame("alice", "/mailboxes/" + bobs + "/messages", "/mailboxes/ffffffffffffffff/messages");
    for (String what : new String[] {"", "/raw", "/text", "/parts/1"}) {
      assertSame("alice", "/messages/" + hidden + what, "/messages/" + "0".repeat(64) + what);
      assertSame("admin", "/messages/" + hidden + what, "/messages/" + "0".repeat(64) + what);
      assertThat(server.get("bob", "/messages/" + hidden + what).statusCode()).isEqualTo(200);
    }
  }

  private static void assertSame(String user, String hiddenPath, String missingPath) {
    HttpResponse<byte[]> answer = server.get(user, hiddenPath);
    HttpResponse<byte[]> missing = server.get(user, missingPath);
    assertProblem(answer, 404);
    assertThat(text(answer)).isEqualTo(text(missing));
    assertThat(names(answer)).isEqualTo(names(missing));
  }

  private static Set<String> names(HttpResponse<?> answer) {
    return new HashSet<>(answer.headers().map().keySet());
  }

  @Test
  void aSharedMessageShowsOnlyTheReadersPlaces() {
    assertThat(places("alice")).containsExactly("alice");
    assertThat(places("bob")).containsExactly("bob");
  }

  private static Stream<String> places(String user) {
    return server
        .json(user, "/messages/" + plain)
        .get("places")
        .valueStream()
        .map(place -> place.get("mailbox").get("account").asText());
  }

  @Test
  void captureRunsAreForReadersAndForWhoRunsTheSystem() {
    assertThat(captures("alice", "/captures")).containsExactly("alice 2", "alice 0");
    assertThat(captures("bob", "/accounts/bob/receipts")).containsExactly("bob 1");
    assertThat(captures("admin", "/captures")).containsExactly("alice 2", "bob 1", "alice 0");
    assertThat(captures("admin", "/accounts/bob/receipts")).containsExactly("bob 1");
    JsonNode failed = server.json("bob", "/captures").get("captures").get(0);
    assertThat(failed.get("complete").asBoolean()).isFalse();
    assertThat(failed.get("failure").asText()).isEqualTo("NO [AUTHENTICATIONFAILED] <b>no</b>");
    assertThat(failed.get("unchanged").asLong()).isEqualTo(3);
    assertThat(failed.get("excluded").toString())
        .isEqualTo("[{\"name\":\"Junk\",\"rule\":\"exclude: Junk\"}]");
  }

  private static Stream<String> captures(String user, String path) {
    return server
        .json(user, path)
        .get("captures")
        .valueStream()
        .map(c -> c.get("account").asText() + " " + c.get("leaf").asText());
  }

  @Test
  void captureRunsArePaged() {
    JsonNode first = server.json("admin", "/captures?limit=2");
    String next = first.get("next").asText();
    assertThat(captures("admin", "/captures?limit=2&cursor=" + next)).containsExactly("alice 0");
    assertProblem(server.get("admin", "/accounts/bob/receipts?cursor=" + next), 400);
  }

  @Test
  void sizesAreForWhoRunsTheSystem() {
    assertThat(server.json("alice", "/archive").toString())
        .isEqualTo("{\"size\":9,\"catalogue\":8,\"index\":7}");
    JsonNode archive = server.json("admin", "/archive");
    assertThat(archive.get("sizes").get("octets").asLong()).isEqualTo(4);
    assertThat(archive.get("attachments").toString())
        .isEqualTo("{\"pendingMessages\":6,\"documentsPerSecond\":1.5}");
  }

  // --- lists

  @Test
  void aMailboxIsReadPageByPageToTheEnd() {
    Set<Long> uids = new HashSet<>();
    long last = Long.MAX_VALUE;
    String cursor = "";
    int pages = 0;
    do {
      JsonNode page = server.json("alice", "/mailboxes/" + inbox + "/messages?limit=7" + cursor);
      for (JsonNode message : page.get("messages")) {
        assertThat(message.get("uid").asLong()).isLessThan(last);
        last = message.get("uid").asLong();
        uids.add(last);
      }
      cursor = page.has("next") ? "&cursor=" + page.get("next").asText() : "";
      pages++;
    } while (!cursor.isEmpty());
    assertThat(uids).hasSize(25);
    assertThat(pages).isEqualTo(4);
  }

  @Test
  void aRowIsDecodedAndItsMarkupIsText() {
    JsonNode page = server.json("alice", "/mailboxes/" + inbox + "/messages");
    JsonNode row = page.get("messages").get(24);
    assertThat(row.get("id").asText()).isEqualTo(plain.toString());
    assertThat(row.get("subject").asText()).isEqualTo("<img src=x onerror=alert(1)> 文");
    assertThat(row.get("from").asText()).isEqualTo("Jürgen <juergen@example.org>");
    assertThat(row.get("attachments").asBoolean()).isFalse();
    assertThat(page.get("messages").get(23).get("attachments").asBoolean()).isTrue();
    assertThat(page.has("next")).isFalse();
  }

  @Test
  void mailboxesHaveTheirPaths() {
    JsonNode mailbox = server.json("bob", "/accounts/bob/mailboxes").get("mailboxes").get(0);
    assertThat(mailbox.get("path").toString()).isEqualTo("[\"INBOX\",\"<i>Über</i>\"]");
    assertThat(mailbox.get("messages").asLong()).isEqualTo(2);
  }

  @Test
  void searchSaysTotalLagAndPassages() {
    JsonNode found = server.json("alice", "/search?q=numbered&limit=2");
    assertThat(found.get("total").asLong()).isEqualTo(21);
    assertThat(found.get("hits")).hasSize(2);
    assertThat(found.get("indexLag").asLong()).isEqualTo(2);
    assertThat(found.get("hits").get(0).get("snippets").toString())
        .isEqualTo(
            "[{\"part\":\"1.2\",\"filename\":\"a&b.pdf\",\"attachment\":true,\"passages\":"
                + "[{\"text\":\"<b>before</b> \",\"match\":false},{\"text\":\"match\",\"match\":true}]}]");
    assertThat(found.has("facets")).isFalse();
    assertThat(found.get("attachmentsPending").asInt()).isEqualTo(3);
    JsonNode rest = server.json("alice", "/search?q=numbered&cursor=" + found.get("next").asText());
    assertThat(rest.get("hits")).hasSize(19);
    assertThat(rest.has("next")).isFalse();
    assertThat(server.json("auditor", "/search").get("total").asLong()).isEqualTo(25);
    assertThat(server.json("admin", "/search").get("total").asLong()).isZero();
  }

  @Test
  void highlightAsHtmlIsEscaped() {
    JsonNode found = server.json("alice", "/search?q=numbered&limit=1&highlight=html");
    assertThat(found.get("hits").get(0).get("snippets").get(0).get("html").asText())
        .isEqualTo("&lt;b&gt;before&lt;/b&gt; <mark>match</mark>");
  }

  @Test
  void facetsAreThoseThatWereAskedFor() {
    JsonNode found = server.json("alice", "/search?q=numbered&limit=1&facets=month,sender");
    assertThat(found.get("facets").findValuesAsText("facet"))
        .containsExactlyInAnyOrder("sender", "month");
    assertThat(found.get("facets").get(0).get("values").toString())
        .isEqualTo("[{\"value\":\"<v>\",\"label\":\"<l>\",\"count\":21,\"query\":\"from:x\"}]");
    assertThat(found.get("facets").get(0).get("other").asLong()).isEqualTo(7);
    assertProblem(server.get("alice", "/search?facets=sender,colour"), 400);
    assertProblem(server.get("alice", "/search?facets=,"), 400);
    assertProblem(server.get("alice", "/search?zone=Mars/Phobos"), 400);
    assertThat(server.get("alice", "/search?zone=Europe/Berlin").statusCode()).isEqualTo(200);
  }

  @Test
  void aConversationHasGapsAndWhatIsLikeAMessageIsListed() {
    String id = server.json("alice", "/search?limit=1").get("hits").get(0).get("id").asText();
    JsonNode thread = server.json("alice", "/messages/" + id + "/thread");
    assertThat(thread.get("cut").asBoolean()).isTrue();
    assertThat(thread.get("messages").get(0).has("message")).isFalse();
    assertThat(thread.get("messages").get(1).get("depth").asInt()).isEqualTo(1);
    assertThat(thread.get("messages").get(1).get("message").get("id").asText()).isEqualTo(id);
    JsonNode similar = server.json("alice", "/messages/" + id + "/similar?limit=3");
    assertThat(similar.get("hits").get(0).get("id").asText()).isEqualTo(id);
    for (String what : new String[] {"/thread", "/similar"}) {
      assertProblem(server.get("admin", "/messages/" + id + what), 404);
      assertProblem(server.get("alice", "/messages/" + "0".repeat(64) + what), 404);
    }
  }

  // --- a message

  @Test
  void aMessageIsShownWithItsHeaderDecoded() {
    JsonNode message = server.json("alice", "/messages/" + plain);
    assertThat(message.get("date").asText()).isEqualTo("2024-02-29T12:00:00Z");
    assertThat(message.get("from").get(0).get("name").asText()).isEqualTo("Jürgen");
    assertThat(message.get("to").get(0).get("name").asText()).isEqualTo("Friends");
    assertThat(message.get("to").get(0).get("members")).hasSize(2);
    assertThat(message.get("parts").get("path").asText()).isEqualTo("1");
    assertThat(message.get("length").asInt()).isEqualTo(PLAIN.length());
    JsonNode place = message.get("places").get(0);
    assertThat(place.get("provenance").get("host").asText()).isEqualTo("mail.example");
    assertThat(place.get("source").toString()).isEqualTo("{\"uidValidity\":3,\"uid\":4}");
  }

  @Test
  void aPartTellsHowItsReadingWentAndGivesItsText() {
    JsonNode children = server.json("alice", "/messages/" + parts).get("parts").get("children");
    assertThat(children.get(1).get("textStatus").asText()).isEqualTo("partial");
    assertThat(children.get(0).has("textStatus")).isFalse();
    var attachment = server.get("alice", "/messages/" + parts + "/parts/2/text");
    assertThat(attachment.body()).asString(StandardCharsets.UTF_8).isEqualTo("inside the file");
    assertThat(attachment.headers().firstValue("Text-Status")).contains("partial");
    assertThat(attachment.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/plain");
    var body = server.get("alice", "/messages/" + parts + "/parts/1.1/text");
    assertThat(body.body()).asString(StandardCharsets.UTF_8).isEqualTo("Grüße");
    assertThat(body.headers().firstValue("Text-Status")).contains("ok");
    assertProblem(server.get("alice", "/messages/" + parts + "/parts/9/text"), 404);
    assertProblem(server.get("bob", "/messages/" + parts + "/parts/2/text"), 404);
  }

  @Test
  void aMessageIsFoundByItsIdInEitherCase() {
    assertThat(
            server
                .get("alice", "/messages/" + plain.toString().toUpperCase(Locale.ROOT))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void partsAreNumberedAsInImap() {
    JsonNode root = server.json("alice", "/messages/" + parts).get("parts");
    assertThat(root.has("path")).isFalse();
    assertThat(paths(root)).containsExactly("1", "1.1", "1.2", "2", "3", "3.1");
  }

  private static Stream<String> paths(JsonNode part) {
    Stream<String> own = part.has("path") ? Stream.of(part.get("path").asText()) : Stream.empty();
    return Stream.concat(own, part.get("children").valueStream().flatMap(RestIT::paths));
  }

  @Test
  void defectsAreNamed() {
    JsonNode message = server.json("alice", "/messages/" + empty);
    assertThat(message.get("defects").get(0).get("kind").asText()).isEqualTo("empty");
  }

  @Test
  void aPartIsDecodedAndAlwaysAnAttachment() {
    HttpResponse<byte[]> part = server.get("alice", "/messages/" + parts + "/parts/2");
    assertThat(text(part)).isEqualTo("<b>hi</b>");
    assertThat(field(part, "Content-Disposition"))
        .isEqualTo("attachment; filename=\"x_  y.html\"; filename*=UTF-8''x_%20%20y.html");
    assertThat(field(part, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(field(part, "Content-Security-Policy")).contains("sandbox");
    assertThat(field(part, "Cache-Control")).isEqualTo("no-store");
    assertThat(text(server.get("alice", "/messages/" + parts + "/parts/1.1"))).isEqualTo("Grüße");
    assertThat(text(server.get("alice", "/messages/" + parts + "/parts/3")))
        .startsWith("Subject: inside");
    assertThat(text(server.get("alice", "/messages/" + parts + "/parts/3.1")))
        .isEqualTo("forwarded words");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "1",
        "4",
        "1.3",
        "x",
        "1.",
        ".1",
        "1..1",
        "-1",
        "2.1",
        "99999999999999999999",
        "1/1"
      })
  void aPartThatIsNotThereIsNotFound(String path) {
    assertProblem(server.get("alice", "/messages/" + parts + "/parts/" + path), 404);
  }

  @Test
  void theTextIsThePlainAlternativeAndTheForwardedMessage() {
    HttpResponse<byte[]> answer = server.get("alice", "/messages/" + parts + "/text");
    assertThat(field(answer, "Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
    assertThat(text(answer))
        .contains("Grüße", "Subject: inside", "forwarded words")
        .doesNotContain("Greetings", "hi", "alert");
  }

  // --- the very octets

  @Test
  void rawIsTheVeryOctets() {
    for (ContentId id : new ContentId[] {plain, parts, large, empty}) {
      HttpResponse<byte[]> answer = server.get("alice", "/messages/" + id + "/raw");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(field(answer, "Content-Type")).isEqualTo("message/rfc822");
      assertThat(field(answer, "ETag")).isEqualTo("\"" + id + "\"");
      assertThat(field(answer, "Accept-Ranges")).isEqualTo("bytes");
      assertThat(field(answer, "Content-Length")).isEqualTo("" + answer.body().length);
    }
    assertThat(server.get("alice", "/messages/" + large + "/raw").body()).isEqualTo(OCTETS);
  }

  @Test
  void rawIsNeverCompressed() {
    HttpResponse<byte[]> whole =
        server.get("alice", "/messages/" + large + "/raw", "Accept-Encoding", "gzip");
    assertThat(field(whole, "Content-Encoding")).isIn("", "identity");
    assertThat(whole.body()).isEqualTo(OCTETS);
    assertThat(field(whole, "ETag")).isEqualTo("\"" + large + "\"");
    HttpResponse<byte[]> part =
        server.get(
            "alice", "/messages/" + large + "/raw", "Accept-Encoding", "gzip", "Range", "bytes=1-");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(OCTETS, 1, OCTETS.length));
  }

  @Test
  void headOfRawSaysLengthAndTagWithoutOctets() {
    HttpResponse<byte[]> head =
        server.send(
            "HEAD", "/api/v1/messages/" + large + "/raw", "Authorization", "Bearer token-alice");
    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(field(head, "Content-Length")).isEqualTo("" + OCTETS.length);
    assertThat(field(head, "ETag")).isEqualTo("\"" + large + "\"");
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-0, 0, 1",
    "bytes=5-9, 5, 10",
    "bytes=99990-, 99990, 100000",
    "bytes=-10, 99990, 100000",
    "bytes=0-999999, 0, 100000",
  })
  void aRangeIsAnsweredWithItsOctets(String range, int from, int to) {
    HttpResponse<byte[]> answer =
        server.get("alice", "/messages/" + large + "/raw", "Range", range);
    assertThat(answer.statusCode()).isEqualTo(206);
    assertThat(field(answer, "Content-Range"))
        .isEqualTo("bytes " + from + "-" + (to - 1) + "/100000");
    assertThat(field(answer, "Content-Length")).isEqualTo("" + (to - from));
    assertThat(answer.body()).isEqualTo(Arrays.copyOfRange(OCTETS, from, to));
  }

  @Test
  void aRangeBeyondTheEndIsAProblem() {
    HttpResponse<byte[]> answer =
        server.get("alice", "/messages/" + large + "/raw", "Range", "bytes=100000-");
    assertProblem(answer, 416);
    assertThat(field(answer, "Content-Range")).isEqualTo("bytes */100000");
    assertProblem(server.get("alice", "/messages/" + empty + "/raw", "Range", "bytes=0-"), 416);
  }

  @Test
  void aRangeOfAnotherVersionIsTheWhole() {
    String path = "/messages/" + large + "/raw";
    assertThat(server.get("alice", path, "Range", "bytes=0-1", "If-Range", "\"x\"").statusCode())
        .isEqualTo(200);
    assertThat(
            server
                .get("alice", path, "Range", "bytes=0-1", "If-Range", "\"" + large + "\"")
                .statusCode())
        .isEqualTo(206);
  }

  @Test
  void theSameTagIsNotSentAgain() {
    String path = "/messages/" + large + "/raw";
    HttpResponse<byte[]> answer =
        server.get("alice", path, "If-None-Match", "\"x\", \"" + large + "\"");
    assertThat(answer.statusCode()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(field(answer, "ETag")).isEqualTo("\"" + large + "\"");
    assertThat(server.get("alice", path, "If-None-Match", "\"x\"").statusCode()).isEqualTo(200);
    assertProblem(server.get("alice", path, "If-Match", "\"x\""), 412);
  }

  // --- problems

  @Test
  void aWrongQuerySaysWhereAndWhatWasExpected() {
    HttpResponse<byte[]> answer = server.get("alice", "/search?q=(");
    assertProblem(answer, 400);
    assertThat(json(answer).get("column").asInt()).isEqualTo(2);
    assertThat(json(answer).get("expected").asText()).isEqualTo("a word");
    assertThat(json(answer).get("parameter").asText()).isEqualTo("q");
  }

  @ParameterizedTest
  @CsvSource({
    "limit=0, limit",
    "limit=501, limit",
    "limit=-1, limit",
    "limit=1e2, limit",
    "limit=99999999999999999999, limit",
    "sort=size, sort",
    "sort=DATE, sort",
  })
  void aWrongParameterIsNamed(String parameter, String name) {
    HttpResponse<byte[]> answer = server.get("alice", "/search?" + parameter);
    assertProblem(answer, 400);
    assertThat(json(answer).get("parameter").asText()).isEqualTo(name);
  }

  @Test
  void parametersAreBounded() {
    assertProblem(server.get("alice", "/search?q=" + "x".repeat(2_001)), 400);
    assertThat(server.get("alice", "/search?q=" + "x".repeat(2_000)).statusCode()).isEqualTo(200);
    assertProblem(server.get("alice", "/search?cursor=" + "x".repeat(501)), 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "!!", "AAAA", "MDAwMDAwMDAwMDAwMDAwMjo1", "MDAwMDAwMDAwMDAwMDAwMTotNQ"})
  void aCursorOfSomethingElseIsWrong(String cursor) {
    HttpResponse<byte[]> answer =
        server.get("alice", "/mailboxes/" + inbox + "/messages?cursor=" + cursor);
    assertProblem(answer, 400);
    assertThat(json(answer).get("parameter").asText()).isEqualTo("cursor");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nothing", "/accounts/", "/accounts/UPPER/mailboxes", "/accounts/a%00b/mailboxes",
        "/messages/abc", "/messages/zz", "/mailboxes/1/messages", "/mailboxes/1/messages/2"
      })
  void whatIsNotThereIsNotFound(String path) {
    HttpResponse<byte[]> answer = server.get("alice", path);
    if (path.equals("/accounts/")) {
      assertThat(answer.statusCode()).isEqualTo(200);
    } else {
      assertThat(answer.statusCode()).isIn(400, 404);
      assertProblem(answer, answer.statusCode());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
  void noMethodChangesAnything(String method) {
    HttpResponse<byte[]> answer =
        server.send(method, "/api/v1/messages/" + plain, "Authorization", "Bearer token-alice");
    assertProblem(answer, 405);
    assertThat(field(answer, "Allow")).contains("GET").doesNotContain("DELETE", "PUT", "POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "MOVE", "PROPFIND"})
  void aMethodThatNobodyKnowsIsRefused(String method) {
    assertProblem(server.send(method, "/api/v1/messages/" + plain), 405);
  }

  @Test
  void aMediaTypeThatIsNotThereIsNotAcceptable() {
    assertProblem(server.get("alice", "/search", "Accept", "text/html"), 406);
    assertProblem(server.get("alice", "/messages/" + plain + "/raw", "Accept", "text/html"), 406);
  }

  @Test
  void aFaultInsideStaysInside() {
    HttpResponse<byte[]> answer = server.get("alice", "/search?q=fault");
    assertProblem(answer, 500);
    assertThat(text(answer))
        .doesNotContain("inside the", FakeArchive.INSIDE, "Exception", "muniment");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/%zz HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/v1/..%2fx HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/v1/accounts HTTP/1.1\r\n\r\n",
      })
  void whatTheServerRefusesIsAProblemToo(String request) throws IOException {
    String answer = exchange(request);
    assertThat(answer).startsWith("HTTP/1.1 400");
    assertThat(answer).doesNotContain("<html", "Jetty");
  }

  private static String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              request
                  .replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                  .getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  // --- headers

  @Test
  void everyAnswerIsClosedToOtherSites() {
    for (String path :
        new String[] {
          "/accounts",
          "/search?q=(",
          "/nothing",
          "/messages/" + plain + "/raw",
          "/messages/" + plain + "/text"
        }) {
      HttpResponse<byte[]> answer =
          server.get("alice", path, "Origin", "https://elsewhere.example");
      assertThat(field(answer, "Content-Security-Policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'");
      assertThat(field(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(field(answer, "Cache-Control")).contains("no-store");
      assertThat(field(answer, "Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(answer.headers().firstValue("Set-Cookie")).isEmpty();
      assertThat(answer.headers().firstValue("Server")).isEmpty();
    }
  }

  private static void assertProblem(HttpResponse<byte[]> answer, int status) {
    assertThat(answer.statusCode()).as(text(answer)).isEqualTo(status);
    assertThat(field(answer, "Content-Type")).startsWith("application/problem+json");
    JsonNode problem = json(answer);
    assertThat(problem.get("type").asText()).isEqualTo("about:blank");
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("title").asText()).isNotEmpty();
    assertThat(problem.get("detail").asText()).isNotEmpty();
  }
}
