package org.muniment.server.capture.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.muniment.archive.content.Octets;
import org.muniment.server.capture.fixture.Dovecot;
import org.muniment.server.capture.fixture.RecordingProxy;
import org.muniment.server.capture.fixture.ScriptedServer;
import org.muniment.server.capture.source.Source;
import org.muniment.server.capture.source.SourceException;
import org.muniment.server.credential.Credentials;

class FetchAheadTest {

  private static final String SMALL = "Subject: small\r\n\r\nx\r\n";
  private static final String LARGE = "Subject: large\r\n\r\n" + "0123456789".repeat(500_000);
  private static final int PIECE = ImapSession.PIECE;

  @TempDir Path temporary;

  @Test
  void whatComesNextIsAskedForBeforeAnAnswerHasCome() throws Exception {
    List<String> heard = Collections.synchronizedList(new ArrayList<>());
    RecordingProxy[] proxy = new RecordingProxy[1];
    Function<String, Optional<String>> waiting =
        command -> {
          Map<String, String> next =
              Map.of(
                  "UID FETCH 1 (UID RFC822.SIZE FLAGS",
                  "UID FETCH 2 (UID RFC822.SIZE FLAGS",
                  "UID FETCH 2 (UID RFC822.SIZE FLAGS",
                  "<" + PIECE + ".",
                  "UID FETCH 2 (UID BODY.PEEK[]<" + PIECE + ".",
                  "<" + 2 * PIECE + ".",
                  "UID FETCH 2 (UID BODY.PEEK[]<" + 2 * PIECE + ".",
                  "UID FETCH 3 ");
          next.forEach(
              (now, then) -> {
                if (command.startsWith(now)) {
                  awaitCommand(proxy[0], heard, then);
                }
              });
          return sizes(command, 10, LARGE.length(), 10);
        };
    try (ScriptedServer server = messages(waiting, SMALL, LARGE, SMALL);
        RecordingProxy between = new RecordingProxy(server.source().port())) {
      proxy[0] = between;
      assertThat(fetch(between.port())).containsExactly(SMALL, LARGE, SMALL);
    }
  }

  /// A server that answers a command only once the next has come would wait for ever otherwise.
  private static void awaitCommand(RecordingProxy proxy, List<String> heard, String wanted) {
    long end = System.nanoTime() + 10_000_000_000L;
    while (heard.stream().noneMatch(command -> command.contains(wanted))) {
      heard.addAll(proxy.commands());
      assertThat(System.nanoTime()).as("%s is not asked for: %s", wanted, heard).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void sizesThatAreTooLargeCostNoMessage() throws Exception {
    try (ScriptedServer server =
        messages(command -> sizes(command, 5_000_000, 9_000_000, PIECE), SMALL, LARGE, SMALL)) {
      assertThat(fetch(server.source().port())).containsExactly(SMALL, LARGE, SMALL);
    }
  }

  @Test
  void sizesThatAreTooSmallCostNoMessage() throws Exception {
    try (ScriptedServer server =
        messages(command -> sizes(command, 1, PIECE, 1), LARGE, LARGE, LARGE)) {
      assertThat(fetch(server.source().port())).containsExactly(LARGE, LARGE, LARGE);
    }
  }

  @Test
  void whatIsRefusedOrMissingCostsNoOther() throws Exception {
    Function<String, Optional<String>> script =
        command ->
            command.startsWith("UID FETCH 2 (UID RFC822.SIZE FLAGS")
                ? Optional.of("OK gone meanwhile")
                : command.startsWith("UID FETCH 3 (UID BODY.PEEK[]<" + PIECE)
                    ? Optional.of("NO cannot")
                    : sizes(command, 10, LARGE.length(), LARGE.length(), LARGE.length());
    List<String> came = new ArrayList<>();
    try (ScriptedServer server = messages(script, SMALL, LARGE, LARGE, LARGE)) {
      assertThat(fetching(server.source().port(), came)).contains("cannot");
    }
    assertThat(came).containsExactly(SMALL, LARGE);
  }

  private static ScriptedServer messages(
      Function<String, Optional<String>> script, String... messages) throws Exception {
    ScriptedServer server = new ScriptedServer(script);
    for (int i = 0; i < messages.length; i++) {
      server.with(i + 1L, messages[i]);
    }
    return server;
  }

  private static Optional<String> sizes(String command, long... sizes) {
    if (!command.endsWith("(UID RFC822.SIZE)")) {
      return Optional.empty();
    }
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < sizes.length; i++) {
      lines.append("* 1 FETCH (UID %d RFC822.SIZE %d)\r\n".formatted(i + 1, sizes[i]));
    }
    return Optional.of(lines + "OK");
  }

  private List<String> fetch(int port) throws Exception {
    List<String> came = new ArrayList<>();
    assertThat(fetching(port, came)).isEmpty();
    return came;
  }

  /// @return why not all came
  private String fetching(int port, List<String> came) throws Exception {
    Credentials credentials = new Credentials(temporary.resolve("tokens"), InstantSource.system());
    Map<Long, String> byUid = new LinkedHashMap<>();
    String reason = "";
    try (Source.Session session =
        new ImapSource(
                Dovecot.source("eve", port),
                temporary,
                credentials,
                ImapLimits.ofMessages(1L << 30))
            .connect()) {
      session.examine(session.mailboxes(false).getFirst());
      session.fetch(
          session.uids(),
          message -> {
            try (Octets octets = message.octets();
                InputStream in = octets.open()) {
              byUid.put(
                  message.uid().value(),
                  new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
          });
    } catch (SourceException e) {
      reason = e.words().display();
    }
    came.addAll(byUid.values());
    return reason;
  }
}
